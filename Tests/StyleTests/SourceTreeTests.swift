import Testing

/// The rules, held against the whole repository.
@Suite("源代码的写法")
struct SourceTreeTests {
    private let tree = SourceTree.current

    private func check(_ rule: (SourceFile) -> [Finding], _ location: SourceLocation = #_sourceLocation) {
        let findings = tree.files.flatMap(rule)
        #expect(
            findings.isEmpty, Comment(rawValue: findings.map(\.description).joined(separator: "\n")),
            sourceLocation: location)
    }

    @Test("测试确实看到了源代码")
    func treeIsThere() {
        #expect(tree.files.contains { $0.path.hasSuffix("SourceTreeTests.swift") })
        #expect(tree.files.contains { $0.path.hasPrefix("Sources/") })
        #expect(tree.topLevel.contains("Package.swift"))
    }

    @Test("顶层只有该有的东西")
    func topLevel() {
        #expect(StyleRules.topLevelEntries(tree.topLevel).isEmpty)
    }

    @Test("文件不超过 500 行")
    func fileLength() { check(StyleRules.fileLength) }

    @Test("函数不超过 70 行")
    func functionLength() { check(StyleRules.functionLength) }

    @Test("依赖的箭头不回头")
    func imports() { check(StyleRules.imports) }

    @Test("热路径不用 Foundation")
    func foundation() { check(StyleRules.foundation) }

    @Test("纯模块不看时钟、不掷骰子")
    func ambient() { check(StyleRules.ambient) }

    @Test("没有无人等待的任务")
    func looseTasks() { check(StyleRules.looseTasks) }

    @Test("测试里没有睡眠")
    func sleeps() { check(StyleRules.sleeps) }

    @Test("没有按日历时间的等待")
    func wallWaits() { check(StyleRules.wallWaits) }

    @Test("库和服务不用 print")
    func printing() { check(StyleRules.printing) }

    @Test("命令行写错时的话有中文有英文")
    func usageInOneLanguage() { check(StyleRules.usageInOneLanguage) }

    @Test("没有没做完的记号")
    func leftovers() { check(StyleRules.leftovers) }

    @Test("没有某台机器上的路径")
    func machinePaths() { check(StyleRules.machinePaths) }

    @Test("要编译器相信的地方都写了理由")
    func unexplainedTrust() { check(StyleRules.unexplainedTrust) }

    @Test("通信契约里没有 map")
    func protoMaps() { check(StyleRules.protoMaps) }

    @Test("消息编号不重复")
    func repeatedCodes() {
        #expect(StyleRules.repeatedCodes(tree.files).isEmpty)
    }
}
