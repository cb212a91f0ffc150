import CareDomain
import CareProjections
import EventLog
import EventLogSQLite
import Foundation
import ReadModels
import ServiceKit

/// Reading the log back: every read model rebuilt from zero, one household's page folded on demand, and the log itself
/// verified.
struct ViewBench {
    let district: BenchDistrict
    let runs: Int
    let scratch: ScratchFolder
    /// Pages opened in one run.
    var pages = 3_000

    /// Which figures are wanted; filling the log is shared by all.
    struct Wanted: OptionSet {
        let rawValue: Int
        static let rebuild = Wanted(rawValue: 1)
        static let page = Wanted(rawValue: 2)
        static let verify = Wanted(rawValue: 4)
    }

    func measure(_ wanted: Wanted, _ told: (Figure) -> Void) throws {
        let folder = try scratch.make()
        defer { scratch.remove(folder) }
        let content = try DistrictLog(district: district).fill(folder)
        let data = UserText(
            zh: "\(content.events) 个事件，\(district.households) 户，\(district.years) 年，经日志接口写入",
            en: "\(content.events) events, \(district.households) households, \(district.years) years, "
                + "written through the EventLog port")
        let begin = Stopwatch.now()
        let log = try SQLiteEventLog(directory: folder)
        defer { try? log.close() }
        told(opening(Stopwatch.now() - begin, data))
        let words = CarePolicyWords(rules: district.rules)
        if wanted.contains(.rebuild) { told(try rebuild(log, folder, words, content.events, data)) }
        if wanted.contains(.page) { told(try openPages(log, words, data)) }
        if wanted.contains(.verify) { told(try verify(log, content.events, data)) }
    }

    private func opening(_ seconds: Double, _ data: UserText) -> Figure {
        var figure = Figure(
            id: "open-log", title: UserText(zh: "打开日志", en: "open the log"), unit: "s", runs: [seconds],
            data: data)
        figure.direction = .lower
        figure.note = UserText(zh: "正常关闭之后；含校验与恢复各流末端", en: "after a clean close; heads restored and checked")
        return figure
    }

    private func rebuild(
        _ log: SQLiteEventLog, _ folder: String, _ words: CarePolicyWords, _ events: UInt64, _ data: UserText
    ) throws -> Figure {
        Memory.forgetPeak()
        let factory = log.readerFactory
        let path = folder + "/read-model.sqlite"
        let measured = try (0..<runs).map { _ -> Run in
            let work = ReadModelRebuild(words: words) { try factory() }
            let (seconds, load) = try SystemLoad.during {
                let begin = Stopwatch.now()
                let result = try work.run(path: path)
                precondition(result.unreadable == 0, "ViewBench: \(result.unreadable) events cannot be read")
                precondition(
                    result.progress.households == district.households,
                    "ViewBench: \(result.progress.households) households")
                return Stopwatch.now() - begin
            }
            return Run(value: Double(events) / seconds, latencies: nil, load: load, count: Int(events))
        }
        var figure = Run.figure(
            "rebuild", UserText(zh: "重建全部读模型", en: "rebuild every read model"), unit: "events/s", data: data,
            measured)
        figure.aim = 1_000_000
        figure.peakMiB = Memory.peakMiB
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        figure.note = UserText(
            zh: "从零写出 \(size >> 20) MiB，含索引与落盘", en: "\(size >> 20) MiB from zero, indexes and sync included")
        return figure
    }

    private func openPages(_ log: SQLiteEventLog, _ words: CarePolicyWords, _ data: UserText) throws -> Figure {
        let reader = try log.makeReader()
        defer { reader.close() }
        let households = stride(from: 0, to: district.households, by: max(1, district.households / pages)).map {
            district.steps($0, withServices: false).first?.household
        }
        Memory.forgetPeak()
        // Another day with each page, as people ask.
        let first = BenchDistrict.lastDay.adding(months: -12 * district.years)
        let days = Int(BenchDistrict.lastDay - first)
        var longest = 0
        let measured = try (0..<runs).map { run -> Run in
            let (times, load) = try SystemLoad.during {
                try households.enumerated().compactMap { index, household -> Double? in
                    guard let household else { return nil }
                    let day = first + Int32((index * 7_919 + run * 104_729) % max(days, 1))
                    let begin = Stopwatch.now()
                    let loaded = try LoadedHousehold(household, from: reader, sealed: .open)
                    let page = loaded.map { CareArchive($0, ArchiveQuestion(asOf: day), words: words) }
                    let took = Stopwatch.now() - begin
                    precondition(page != nil, "ViewBench: a household is not in the log")
                    longest = max(longest, loaded?.history.events.count ?? 0)
                    return took
                }
            }
            let latencies = Latencies(seconds: times)
            return Run(
                value: latencies.percentile(0.99), latencies: latencies, load: load, count: times.count)
        }
        var figure = Run.figure(
            "page", UserText(zh: "打开一户档案，任意日期", en: "open one household's archive, as of any day"),
            unit: "µs p99", data: data, measured)
        figure.direction = .lower
        figure.aim = 5_000
        figure.peakMiB = Memory.peakMiB
        figure.note = UserText(
            zh: "从日志读该户全部事件并推算，最长 \(longest) 个事件", en: "read and folded from its stream, at most \(longest) events")
        return figure
    }

    private func verify(_ log: SQLiteEventLog, _ events: UInt64, _ data: UserText) throws -> Figure {
        Memory.forgetPeak()
        let (seconds, load) = try SystemLoad.during {
            let begin = Stopwatch.now()
            let report = try log.makeVerifier().run()
            precondition(report.isSound && report.events == events, "ViewBench: the log is not sound")
            return Stopwatch.now() - begin
        }
        var figure = Run.figure(
            "verify", UserText(zh: "核验全部日志", en: "verify the whole log"), unit: "events/s", data: data,
            [Run(value: Double(events) / seconds, latencies: nil, load: load, count: Int(events))])
        figure.peakMiB = Memory.peakMiB
        return figure
    }
}
