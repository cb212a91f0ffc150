import OfficeFiles
import Testing

@Suite("终端里的表格")
struct TextTableTests {
    @Test(
        "显示宽度",
        arguments: [
            ("档案号", 6), ("abc", 3), ("", 0), ("关怀 care", 9), ("䶮", 2), ("𠮷", 2), ("e\u{301}", 1), ("👨‍👩‍👧", 2),
            ("🇨🇳", 2), ("❤️", 2), ("☎", 1), ("，", 2), ("ａ", 2), ("ｱ", 1), ("각", 2), ("\u{1100}\u{1161}\u{11A8}", 2),
            ("\u{200B}", 0), ("…", 1), ("・", 2), ("龙港市330383", 12), ("\u{AD}", 0), ("é", 1), ("👍🏽", 2),
        ])
    func width(_ text: String, _ columns: Int) {
        #expect(DisplayWidth.of(text) == columns)
    }

    @Test("中文和数字的列都对齐")
    func alignment() {
        var table = TextTable([.init("区划"), .init("户数", .right), .init("责任人")])
        table.append(["北湖区", "12", "王**"])
        table.append(["Suxian 苏仙区", "1,204", "-"])
        #expect(
            table.render() == """
                区划            户数  责任人
                -------------  -----  ------
                北湖区            12  王**
                Suxian 苏仙区  1,204  -

                """)
    }

    @Test("太窄时只缩短允许缩短的列，最宽的先让")
    func narrowTerminal() {
        var table = TextTable([.init("编号"), .init("事由", mayShrink: true), .init("金额", .right)])
        table.append(["household-0b7c", "本人年满四十九周岁，独生子女伤残三级", "30000"])
        for line in table.render(width: 50).split(separator: "\n") { #expect(DisplayWidth.of(String(line)) <= 50) }
        #expect(table.render(width: 50).contains("household-0b7c"))
        #expect(table.render(width: 50).contains(".."))
        #expect(table.render(width: 10).contains("household-0b7c"))
    }

    @Test("格子里的控制字符和换行不会弄乱终端")
    func controlCharacters() {
        var table = TextTable([.init("名称")])
        table.append(["甲\u{1B}[2J\n乙\u{202E}丙"])
        #expect(table.render() == "名称\n------------\n甲 [2J 乙 丙\n")
    }

    @Test("缩短时不切开汉字")
    func truncation() {
        #expect(DisplayWidth.truncated("关怀档案", to: 8) == "关怀档案")
        #expect(DisplayWidth.truncated("关怀档案", to: 7) == "关怀..")
        #expect(DisplayWidth.truncated("关怀档案", to: 5) == "关..")
        #expect(DisplayWidth.truncated("关怀档案", to: 1) == ".")
        #expect(DisplayWidth.truncated("关怀档案", to: 0) == "")
    }
}
