import OfficeFiles
import Testing

@Suite("进度显示")
struct ProgressTests {
    private let words = Progress.Words(label: "导入", unit: "户")

    @Test("终端上画进度条，带速度和剩余时间")
    func bar() {
        var progress = Progress(words, total: 200, style: .bar(columns: 70))
        let text = progress.update(done: 50, elapsed: .seconds(10))
        #expect(text == "\r导入 [#######-----------------------] 25%  50/200 户  5/s  剩余 00:30")
        #expect(progress.update(done: 51, elapsed: .milliseconds(10_050)) == nil)
        #expect(progress.update(done: 60, elapsed: .milliseconds(10_100)) != nil)
    }

    @Test("新的一行比旧的短时，旧的尾巴被盖住")
    func barClearsOldTail() throws {
        var progress = Progress(words, total: nil, style: .bar(columns: 60))
        let first = progress.update(done: 100_000, elapsed: .seconds(1))
        let second = progress.update(done: 1, elapsed: .seconds(2))
        let long = try #require(first)
        let short = try #require(second)
        #expect(DisplayWidth.of(String(short.dropFirst())) >= DisplayWidth.of(String(long.dropFirst())))
    }

    @Test("很窄的终端也不会换行")
    func narrowBar() throws {
        var progress = Progress(words, total: 10, style: .bar(columns: 12))
        let update = progress.update(done: 5, elapsed: .seconds(1))
        let text = try #require(update)
        #expect(DisplayWidth.of(String(text.dropFirst())) <= 11)
    }

    @Test("不在终端时每百分之十或每五秒一行")
    func lines() {
        var progress = Progress(words, total: 100, style: .lines)
        #expect(progress.update(done: 3, elapsed: .seconds(1)) == nil)
        #expect(progress.update(done: 10, elapsed: .seconds(2)) == "导入 10%  10/100 户  5/s  剩余 00:18\n")
        #expect(progress.update(done: 11, elapsed: .seconds(6)) == nil)
        #expect(progress.update(done: 12, elapsed: .seconds(7)) != nil)
        #expect(progress.finish(done: 100, elapsed: .seconds(3_725)) == "导入 100%  100/100 户  0/s  用时 1:02:05\n")
    }

    @Test("总数未知或为零时不显示比例，也不出错")
    func unknownTotal() {
        var unknown = Progress(words, total: nil, style: .lines)
        #expect(unknown.update(done: 30, elapsed: .seconds(6)) == "导入 30 户  5/s\n")
        var none = Progress(words, total: 0, style: .lines)
        #expect(none.finish(done: 0, elapsed: .zero) == "导入 100%  0/0 户  0/s  用时 00:00\n")
    }

    @Test("短于一秒的工作什么也不写")
    func shortWorkIsSilent() {
        let clock = HandClock()
        var output = ""
        var reporter = ProgressReporter(words, total: 10, style: .lines, clock: clock) { output += $0 }
        clock.advance(by: .milliseconds(900))
        reporter.update(done: 9)
        reporter.finish(done: 10)
        #expect(output.isEmpty)
    }

    @Test("时间由传入的时钟决定")
    func usesInjectedClock() {
        let clock = HandClock()
        var output = ""
        var reporter = ProgressReporter(words, total: 10, style: .lines, clock: clock) { output += $0 }
        clock.advance(by: .seconds(2))
        reporter.update(done: 4)
        clock.advance(by: .seconds(3))
        reporter.finish(done: 10)
        #expect(output == "导入 40%  4/10 户  2/s  剩余 00:03\n导入 100%  10/10 户  2/s  用时 00:05\n")
    }
}
