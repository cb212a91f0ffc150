import ArgumentParser
import Foundation
import ServiceKit

/// Measures the product: every figure as the median of several runs, beside the machine and its state.
@main
struct CareBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "care-bench",
        abstract: "Measure the log, the bus, the services and the read models.",
        discussion: """
            Build with: swift build -c release --product care-bench. Figures of a busy machine are refused unless
            --accept-busy, and then marked. Results go to standard output, progress to standard error.
            Exit status: 0 done; 64 usage; 70 a check failed; 75 the machine is busy, try again later.
            """,
        version: BuildInfo.version)

    /// What can be measured.
    enum Part: String, CaseIterable, ExpressibleByArgument {
        case sync, bus, append, archive, intake, feed, rebuild, page, verify, rules, given
    }

    @Option(help: "Only these, separated by commas: \(Part.allCases.map(\.rawValue).joined(separator: ", ")).")
    var only = ""

    @Option(help: "Households of the invented district: 500, 10k, 100k, 1M.")
    var households = "10k"

    @Option(help: "Years of their histories, 1 to 30.")
    var years = 10

    @Option(help: "Runs of each figure; the median counts.")
    var runs = 5

    @Option(help: "Pack for the part given.")
    var pack: String?

    @Option(help: "Table of facts for the part given, one family a row.")
    var facts: String?

    @Option(help: "Folder on the disk that is to be measured; by default the temporary folder.")
    var directory: String?

    @Option(help: "Language: zh-Hans or en.")
    var lang: String?

    @Flag(help: "One JSON document instead of the table.")
    var json = false

    @Flag(help: "Measure although the machine is busy; the figures are marked.")
    var acceptBusy = false

    func validate() throws {
        guard let count = Self.count(households), (1...1_000_000).contains(count) else {
            throw ValidationError("--households is 1 to 1M")
        }
        guard (1...30).contains(years) else { throw ValidationError("--years is 1 to 30") }
        guard (1...99).contains(runs) else { throw ValidationError("--runs is 1 to 99") }
        guard try !parts().contains(.given) || (pack != nil && facts != nil) else {
            throw ValidationError("--only given needs --pack and --facts")
        }
    }

    func run() async throws {
        let language = Language.choose(flag: lang, environment: ProcessInfo.processInfo.environment)
        let screen = BenchScreen(language: language)
        if MachineState.isDebug {
            screen.say(zh: "调试版的数字没有意义，请用 -c release 构建", en: "a debug build measures nothing; build with -c release")
        }
        try refuseWhenBusy(screen)
        let root = (directory ?? NSTemporaryDirectory()) + "/care-bench-\(getpid())"
        let scratch = ScratchFolder(root: root)
        defer { scratch.remove(root) }
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        var report = Report(
            machine: MachineState(directory: root), households: Self.count(households) ?? 0, years: years)
        try await measure(try parts(), scratch) { figure in
            screen.tell(figure)
            report.figures.append(figure)
        }
        screen.clear()
        screen.put(json ? try report.json() : report.table(language, width: BenchScreen.width))
    }

    private func measure(_ parts: [Part], _ scratch: ScratchFolder, _ told: (Figure) -> Void) async throws {
        if parts.contains(.given), let pack, let facts {
            try GivenFactsBench(pack: pack, facts: facts, runs: runs).measure(told)
        }
        guard parts != [.given] else { return }
        let district = try BenchDistrict(households: Self.count(households) ?? 0, years: years)
        if parts.contains(.sync) { try SyncBench(runs: runs, scratch: scratch).measure(told) }
        if parts.contains(.bus) { try await EmptyTripBench(runs: runs).measure(told) }
        if parts.contains(.append) {
            try AppendBench(district: district, runs: runs, scratch: scratch).measure(told)
        }
        let trips = RoundTripBench(district: district, runs: runs, scratch: scratch)
        if parts.contains(.archive) { try await trips.measure(.archive, told) }
        if parts.contains(.intake) { try await trips.measure(.intake, told) }
        if parts.contains(.feed) { try await FeedBench(runs: runs).measure(told) }
        if parts.contains(.rules) {
            try RulesBench(district: district, runs: runs, folder: try scratch.make() + "/columns").measure(told)
        }
        var views: ViewBench.Wanted = []
        if parts.contains(.rebuild) { views.insert(.rebuild) }
        if parts.contains(.page) { views.insert(.page) }
        if parts.contains(.verify) { views.insert(.verify) }
        if !views.isEmpty {
            try ViewBench(district: district, runs: runs, scratch: scratch).measure(views, told)
        }
    }

    private func refuseWhenBusy(_ screen: BenchScreen) throws {
        let ((), load) = SystemLoad.during { Thread.sleep(forTimeInterval: 1) }
        guard !load.isQuiet else { return }
        let (others, stolen) = (Int(load.others * 100), Int(load.stolen * 100))
        screen.say(
            zh: "机器不空闲：其他进程占 \(others) %，宿主机占 \(stolen) %",
            en: "the machine is busy: others use \(others) %, the host \(stolen) %")
        guard !acceptBusy else { return }
        screen.say(
            zh: "等空闲后再测；或加 --accept-busy 仍然测量并作标记",
            en: "measure when it is idle, or measure and mark the figures with --accept-busy")
        throw ArgumentParser.ExitCode(ServiceKit.ExitCode.temporary.rawValue)
    }

    private func parts() throws -> [Part] {
        guard !only.isEmpty else { return Part.allCases.filter { $0 != .given } }
        return try only.split(separator: ",").map { name in
            guard let part = Part(rawValue: String(name)) else { throw ValidationError("--only: no part \(name)") }
            return part
        }
    }

    /// 500, 10k, 1M.
    private static func count(_ text: String) -> Int? {
        let factor = text.hasSuffix("k") ? 1_000 : text.hasSuffix("M") ? 1_000_000 : 1
        return Int(factor == 1 ? text[...] : text.dropLast()).map { $0 * factor }
    }
}
