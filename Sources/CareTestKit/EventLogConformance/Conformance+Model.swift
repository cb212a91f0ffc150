import EventLog

extension EventLogConformance {
    static let modelCases: [Case] = [1, 2, 3, 4].map { seed in
        Case(name: "随机操作与朴素模型一致(种子 \(seed))") { harness in
            var run = ModelRun(seed: UInt64(seed))
            try run.play(on: harness, rounds: 60)
        }
    }
}

/// A brute-force model of the log: plain dictionaries, no hashes, no chains, no filters.
private struct ModelRun {
    struct Stored {
        var stream: Int
        var id: UInt64
        var event: NewEvent
    }

    struct Known {
        var digest: UInt64
        var first: Int
        var last: Int
        var position: Int
    }

    private var generator: ConformanceGenerator
    private let seed: UInt64
    private var all: [Stored] = []
    private var counts: [Int: Int] = [:]
    private var known: [Int: [UInt64: Known]] = [:]

    init(seed: UInt64) {
        self.seed = seed
        generator = ConformanceGenerator(seed: seed)
    }

    mutating func play(on harness: any EventLogHarness, rounds: Int) throws {
        var log = try harness.open()
        for round in 0..<rounds {
            let batch = (0..<Int.random(in: 1...40, using: &generator)).map { _ in randomRequest() }
            let outcomes = try log.append(
                batch.map {
                    LogFixtures.request(
                        LogFixtures.household($0.stream), $0.expected, id: $0.id,
                        digest: $0.digest, count: $0.count)
                }, at: LogFixtures.noon)
            for (request, outcome) in zip(batch, outcomes) {
                try check(request, outcome, "seed \(seed) round \(round)")
            }
            guard Int.random(in: 0..<6, using: &generator) == 0 else { continue }
            if Bool.random(using: &generator) { try log.close() } else { try harness.abandon(log) }
            log = try harness.open()
        }
        try compare(log.makeReader())
        try log.close()
    }

    private struct Request {
        var stream: Int
        var expected: ExpectedSequence
        var id: UInt64
        var digest: UInt64
        var count: Int
    }

    private mutating func randomRequest() -> Request {
        let stream = Int.random(in: 0..<12, using: &generator)
        let current = counts[stream] ?? 0
        let expected: ExpectedSequence =
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: .noStream
            case 1: .any
            default:
                .exactly(SequenceNumber(UInt64(max(0, current + Int.random(in: -1...2, using: &generator)))))
            }
        return Request(
            stream: stream, expected: expected, id: UInt64.random(in: 1...400, using: &generator),
            digest: Int.random(in: 0..<10, using: &generator) == 0 ? 1 : 0,
            count: Int.random(in: 1...3, using: &generator))
    }

    /// Applies the request to the model and compares the answers.
    private mutating func check(_ request: Request, _ outcome: AppendOutcome, _ place: String) throws {
        let current = counts[request.stream] ?? 0
        if let earlier = known[request.stream]?[request.id] {
            if earlier.digest != request.digest { return try requireEqual(outcome, .appendIDReused, place) }
            guard case .repeated(let receipt) = outcome else {
                throw ConformanceFailure(description: "\(place): expected a repeat, got \(outcome)")
            }
            try requireEqual(receipt.firstSequence.rawValue, UInt64(earlier.first), place)
            try requireEqual(receipt.lastSequence.rawValue, UInt64(earlier.last), place)
            return try requireEqual(receipt.lastPosition.rawValue, UInt64(earlier.position), place)
        }
        let expected: Int? =
            switch request.expected {
            case .any: nil
            case .noStream: 0
            case .exactly(let sequence): Int(sequence.rawValue)
            }
        if let expected, expected != current {
            guard case .wrongExpectedSequence(let reported, let after) = outcome else {
                throw ConformanceFailure(description: "\(place): expected a conflict, got \(outcome)")
            }
            try requireEqual(reported.rawValue, UInt64(current), place)
            let wanted = expected < current ? (UInt64(expected) + 1...UInt64(current)).prefix(256).map { $0 } : []
            return try requireEqual(try after.map { try $0.header().sequence.rawValue }, wanted, place)
        }
        guard case .appended(let receipt) = outcome else {
            throw ConformanceFailure(description: "\(place): expected an append, got \(outcome)")
        }
        for number in 0..<request.count {
            all.append(
                Stored(
                    stream: request.stream, id: request.id, event: LogFixtures.event(Int(request.id) * 10 + number)))
        }
        counts[request.stream] = current + request.count
        known[request.stream, default: [:]][request.id] = Known(
            digest: request.digest, first: current + 1, last: current + request.count, position: all.count)
        try requireEqual(receipt.lastPosition.rawValue, UInt64(all.count), place)
    }

    private func compare(_ reader: any EventLogReader) throws {
        let stored = try reader.readAll(after: .start, limit: .max, filter: .all).events.map { try $0.decoded() }
        try requireEqual(stored.map(\.fields.event), all.map(\.event), "seed \(seed): events")
        try requireEqual(stored.map(\.stream), all.map { LogFixtures.household($0.stream) }, "seed \(seed): streams")
        for stream in counts.keys.sorted() {
            let slice = try reader.readStream(LogFixtures.household(stream), from: .first, limit: .max)
            try requireEqual(
                try slice.events.map { try $0.decoded().fields.event },
                all.filter { $0.stream == stream }.map(\.event), "seed \(seed): stream \(stream)")
            try requireEqual(slice.damages, [], "seed \(seed): no damage")
        }
    }
}
