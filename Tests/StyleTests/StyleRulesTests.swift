import Testing

/// Each rule on a bad and a good sample: a rule that can never fail protects nothing.
@Suite("写法规则自身")
struct StyleRulesTests {
    private func file(_ path: String, _ text: String) -> SourceFile { SourceFile(path: path, text: text) }

    private func lines(_ findings: [Finding]) -> [Int] { findings.map(\.line) }

    @Test("太长的文件被发现，生成的除外")
    func fileLength() {
        let long = String(repeating: "let x = 1\n", count: 501)
        #expect(lines(StyleRules.fileLength(file("Sources/A/a.swift", long))) == [501])
        #expect(StyleRules.fileLength(file("Sources/A/a.pb.swift", long)).isEmpty)
        #expect(StyleRules.fileLength(file("Sources/A/a.swift", String(long.dropFirst(10)))).isEmpty)
    }

    @Test("函数的长度从关键字数到右括号")
    func functionLengths() {
        let text = """
            protocol P {
                func required(_ x: [Int: Int]) -> Int
                init()
            }
            struct S {
                init(x: @escaping () -> Void = { print("}") }) {
                    x() // }
                }
                func three(
                    a: Int
                ) { /* } */ if a > 0 { self.init(x: {}) } }
                subscript(i: Int) -> Int { i }
            }
            """
        let found = FunctionLengths.find(SwiftText(text).codeLines)
        #expect(found.map(\.line) == [6, 9, 12])
        #expect(found.map(\.count) == [3, 3, 1])
    }

    @Test("太长的函数被发现")
    func functionLength() {
        func sample(_ count: Int) -> SourceFile {
            file("Tests/A/a.swift", "\nfunc f() {\n" + String(repeating: "    g(\"{\")\n", count: count) + "}\n")
        }
        #expect(lines(StyleRules.functionLength(sample(69))) == [2])
        #expect(StyleRules.functionLength(sample(68)).isEmpty)
    }

    @Test("注释和字符串不算代码")
    func blanking() {
        let text = ##"""
            let a = "x\"y" // one
            let b = #"raw " \#(f("in")) "# + """
              two " three
              """
            /* four /* five */ six */ let c = "\(g("}"))seven"
            """##
        let code = SwiftText(text).codeLines
        #expect(code.count == 5)
        #expect(code[0].hasPrefix("let a = ") && code[1].contains(" + ") && code[4].contains("let c = "))
        let all = code.joined()
        for word in ["x", "one", "raw", "in\"", "two", "four", "five", "six", "}", "seven"] {
            #expect(!all.contains(word))
        }
    }

    @Test("顶层多出来的东西被发现")
    func topLevel() {
        #expect(StyleRules.topLevelEntries(["Package.swift", "docs"]).map(\.path) == ["docs"])
    }

    @Test("回头的箭头和不认识的模块被发现")
    func imports() {
        func check(_ path: String, _ text: String) -> [Int] { lines(StyleRules.imports(file(path, text))) }
        #expect(check("Sources/CareDomain/a.swift", "// import EventLog\nimport EventLog\n") == [2])
        #expect(check("Sources/MessageBus/a.swift", "@preconcurrency public import struct EventLog.Cursor") == [1])
        #expect(check("Sources/MessageBus/a.swift", "import ZeroMQ\nimport Glibc").isEmpty)
        #expect(check("Sources/ReadModels/a.swift", "import MessageBus") == [1])
        #expect(check("Sources/IntakeCore/a.swift", "import EventLogSQLite") == [1])
        #expect(check("Sources/IntakeCore/a.swift", "import CareTestKit") == [1])
        #expect(check("Services/intake/a.swift", "import IntakeCore\nimport CareTestKit") == [2])
        #expect(check("Sources/Nonsense/a.swift", "") == [1])
        #expect(check("Sources/CareTestKit/a.swift", "import EventLogSQLite").isEmpty)
    }

    @Test("箭头没有圈")
    func arrowsHaveNoCycle() {
        for module in ImportTable.arrows.keys { #expect(!ImportTable.reachable(from: module).contains(module)) }
    }

    @Test("热路径上的 Foundation 被发现")
    func foundation() {
        #expect(lines(StyleRules.foundation(file("Sources/EventLog/a.swift", "\nimport FoundationEssentials"))) == [2])
        #expect(StyleRules.foundation(file("Sources/ReadModels/a.swift", "import Foundation")).isEmpty)
    }

    @Test("纯模块里的时钟和随机数被发现")
    func ambient() {
        let text = "let a = \"Date()\"\nlet b = Int.random(in: 0...1)\nlet c = Date()\n"
        #expect(lines(StyleRules.ambient(file("Sources/CareDomain/a.swift", text))) == [2, 3])
        #expect(StyleRules.ambient(file("Sources/ServiceKit/a.swift", text)).isEmpty)
    }

    @Test("无人等待的任务被发现")
    func looseTasks() {
        #expect(lines(StyleRules.looseTasks(file("Services/a/a.swift", "Task { x() }\ngroup.addTask { }"))) == [1])
        #expect(lines(StyleRules.looseTasks(file("Sources/A/a.swift", "Task.detached { }"))) == [1])
    }

    @Test("测试里的睡眠被发现")
    func sleeps() {
        #expect(lines(StyleRules.sleeps(file("Tests/A/a.swift", "try await Task.sleep(for: .seconds(1))"))) == [1])
        #expect(StyleRules.sleeps(file("Tests/Benchmarks/a.swift", "usleep(1)")).isEmpty)
    }

    @Test("按日历时间等待被发现")
    func wallWaits() {
        let text = "let a = Date(timeIntervalSince1970: 0)\nlock.wait(until: Date(timeIntervalSinceNow: 1))\n"
        #expect(lines(StyleRules.wallWaits(file("Services/a/a.swift", text))) == [2])
        #expect(StyleRules.wallWaits(file("Tests/A/a.swift", text)).isEmpty)
    }

    @Test("库里的 print 被发现，carectl 除外")
    func printing() {
        let text = "let s = \"print(x)\"\nprint(s)\nfingerprint(s)\nlog.print(s)\n"
        #expect(lines(StyleRules.printing(file("Sources/A/a.swift", text))) == [2])
        #expect(StyleRules.printing(file("Services/carectl/a.swift", text)).isEmpty)
        #expect(StyleRules.printing(file("Tests/A/a.swift", text)).isEmpty)
    }

    @Test("只有一种语言的命令行错误被发现，两种语言的、写在下一行的不算")
    func usageInOneLanguage() {
        let text = [
            "throw ValidationError(\"no\")", "throw ValidationError(UserText(zh: \"不\", en: \"no\"))",
            "throw ValidationError(", "    UserText(zh: \"不\", en: \"no\"))", "throw ValidationError(", "    \"no\")",
            "extension ValidationError {}", "// ValidationError(_: Text)",
        ].joined(separator: "\n")
        #expect(lines(StyleRules.usageInOneLanguage(file("Services/carectl/a.swift", text))) == [1, 5])
        #expect(StyleRules.usageInOneLanguage(file("Tests/A/a.swift", text)).isEmpty)
    }

    @Test("没做完的记号被发现，也在脚本和契约里")
    func leftovers() {
        let sample = file("Proto/a.proto", "// done\n// " + "TO" + "DO later\n// fine\n")
        #expect(lines(StyleRules.leftovers(sample)) == [2])
    }

    @Test("机器上的路径被发现，自己的路径不算")
    func machinePaths() {
        let text = ["let a = \"/", "home/me\"\nlet b = \"Sources/", "opt/x\"\n# /", "tmp/x\n"].joined()
        #expect(lines(StyleRules.machinePaths(file("Sources/A/a.swift", text))) == [1, 3])
    }

    @Test("没有理由的信任被发现")
    func unexplainedTrust() {
        let bad = "\n\n\n\nfinal class A: @unchecked Sendable {}\n"
        let good = "/// `@unchecked Sendable`: all under `lock`.\nfinal class A: @unchecked Sendable {}\n"
        #expect(lines(StyleRules.unexplainedTrust(file("Sources/A/a.swift", bad))) == [5])
        #expect(StyleRules.unexplainedTrust(file("Sources/A/a.swift", good)).isEmpty)
    }

    @Test("契约里的 map 被发现")
    func protoMaps() {
        #expect(lines(StyleRules.protoMaps(file("Proto/a.proto", "\n  map" + "<string, int32> x = 1;"))) == [2])
    }

    @Test("用了两次的消息编号被发现")
    func repeatedCodes() {
        let first = file("Sources/A/a.swift", "UserMessage(6001, x)\nUserMessage(\n    6002, y)")
        let second = file("Services/b/b.swift", "let m = UserMessage(\n  6002, z)")
        #expect(StyleRules.repeatedCodes([first, second]).map(\.path) == ["Services/b/b.swift"])
        #expect(StyleRules.repeatedCodes([first]).isEmpty)
    }
}
