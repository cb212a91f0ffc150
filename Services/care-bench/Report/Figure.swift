import ServiceKit

/// One measured figure with everything needed to read it: what, how much, against which aim, on which data.
struct Figure: Sendable {
    /// Whether more or less of it is better.
    enum Direction: String, Sendable { case higher, lower }

    /// Stable name for programs.
    var id: String
    var title: UserText
    /// Of `median`, `runs` and `aim`.
    var unit: String
    var direction = Direction.higher
    /// One value of each run.
    var runs: [Double]
    /// Medians of the runs' percentiles, in microseconds.
    var p50: Double?
    var p99: Double?
    /// Processor time of this process for one event or command, in microseconds; less shaken by a busy machine.
    var processor: Double?
    /// What the design aims at, in `unit`.
    var aim: Double?
    /// Largest resident size of the process meanwhile.
    var peakMiB: Double?
    /// What it was measured on: households, events, bytes.
    var data: UserText
    /// What has to be known to read it.
    var note = UserText.plain("")
    /// Sums found, in fen by clause, to be held against other software's.
    var totals: [String: Int64] = [:]
    /// Worst of the runs.
    var load = SystemLoad(others: 0, stolen: 0)

    /// The middle value of the runs.
    var median: Double { Self.median(runs) }

    /// How much of the aim is reached: 1 = all of it.
    var share: Double? {
        guard let aim, median > 0 else { return nil }
        return direction == .higher ? median / aim : aim / median
    }

    static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

/// One run of a figure.
struct Run: Sendable {
    var value: Double
    var latencies: Latencies?
    var load: SystemLoad
    /// Events or commands done meanwhile; 0 = not counted.
    var count = 0

    /// The figure of several runs.
    static func figure(_ id: String, _ title: UserText, unit: String, data: UserText, _ runs: [Run]) -> Figure {
        let latencies = runs.compactMap(\.latencies)
        var figure = Figure(id: id, title: title, unit: unit, runs: runs.map(\.value), data: data)
        if !latencies.isEmpty {
            figure.p50 = Figure.median(latencies.map { $0.percentile(0.5) })
            figure.p99 = Figure.median(latencies.map { $0.percentile(0.99) })
        }
        let counted = runs.filter { $0.count > 0 }
        if !counted.isEmpty {
            figure.processor = Figure.median(counted.map { $0.load.own / Double($0.count) * 1e6 })
        }
        figure.load = SystemLoad(
            others: runs.map(\.load.others).max() ?? 0, stolen: runs.map(\.load.stolen).max() ?? 0)
        return figure
    }
}
