import Foundation

/// How the processors' time was spent between two readings: by this process, by others, by the host.
struct SystemLoad: Sendable {
    /// A reading of the kernel's counters.
    private struct Reading {
        var total: Double
        var idle: Double
        var steal: Double
        var own: Double
    }

    /// Share of all processors' time that other processes used, 0 to 1.
    var others: Double
    /// Share that the host took away from this machine, 0 to 1.
    var stolen: Double
    /// Processor time of this process, in seconds over all processors.
    var own = 0.0

    /// Above these shares a figure is marked: it was measured beside other work.
    static let mostOthers = 0.08
    static let mostStolen = 0.03

    var isQuiet: Bool { others <= Self.mostOthers && stolen <= Self.mostStolen }

    /// Watches the machine while `body` works.
    static func during<Value>(_ body: () throws -> Value) rethrows -> (Value, SystemLoad) {
        let before = read()
        let value = try body()
        return (value, between(before, read()))
    }

    /// Watches the machine while `body` works.
    static func during<Value: Sendable>(_ body: () async throws -> Value) async rethrows -> (Value, SystemLoad) {
        let before = read()
        let value = try await body()
        return (value, between(before, read()))
    }

    private static func between(_ before: Reading, _ after: Reading) -> SystemLoad {
        let total = max(after.total - before.total, 1e-6)
        let stolen = (after.steal - before.steal) / total
        let busy = 1 - (after.idle - before.idle) / total
        let own = after.own - before.own
        return SystemLoad(
            others: min(1, max(0, busy - own / total - stolen)), stolen: max(0, stolen), own: own)
    }

    /// `/proc/stat` counts user, nice, system, idle, iowait, irq, softirq, steal in ticks over all processors.
    private static func read() -> Reading {
        let text = (try? String(contentsOfFile: "/proc/stat", encoding: .utf8)) ?? ""
        let fields = text.prefix { $0 != "\n" }.split(separator: " ").dropFirst().compactMap { Double($0) }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
        return Reading(
            total: fields.prefix(8).reduce(0, +) / ticks, idle: fields.dropFirst(3).prefix(2).reduce(0, +) / ticks,
            steal: (fields.dropFirst(7).first ?? 0) / ticks, own: seconds(usage.ru_utime) + seconds(usage.ru_stime))
    }
}
