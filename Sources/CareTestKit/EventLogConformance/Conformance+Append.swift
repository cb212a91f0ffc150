import EventLog

extension EventLogConformance {
    static let appendCases: [Case] = [
        Case(name: "追加后得到回执,并能原样读回") { harness in
            let log = try harness.open()
            let stream = LogFixtures.household(1)
            let request = LogFixtures.request(stream, .noStream, id: 1, count: 3)
            let receipt = try appended(log, request)
            try requireEqual(receipt.firstSequence, .first, "first sequence")
            try requireEqual(receipt.lastSequence, SequenceNumber(3), "last sequence")
            try requireEqual(receipt.lastPosition, Position(3), "last position")
            let slice = try log.makeReader().readStream(stream, from: .first, limit: 10)
            let events = try slice.events.map { try $0.decoded() }
            try requireEqual(events.map(\.fields.event), request.events, "events")
            try requireEqual(events.map(\.sequence.rawValue), [1, 2, 3], "sequences")
            try requireEqual(events.map(\.position.rawValue), [1, 2, 3], "positions")
            try requireEqual(events.map(\.stream), [stream, stream, stream], "streams")
            try requireEqual(events.map(\.appendID), Array(repeating: request.appendID, count: 3), "append ids")
            try requireEqual(events.last?.recordedAt, receipt.recordedAt, "recorded at")
            try requireEqual(events.last?.hash, receipt.hash, "hash")
            try requireEqual(Set(events.map(\.eventID)).count, 3, "distinct event ids")
            try requireEqual(events[1].eventID, EventID(of: request.appendID, place: 1), "derived event id")
            try log.close()
        },
        Case(name: "预期序号不符时拒绝,并给出其后的事件") { harness in
            let log = try harness.open()
            let stream = LogFixtures.household(1)
            _ = try appended(log, LogFixtures.request(stream, .exactly(.none), id: 1, count: 2))
            _ = try appended(log, LogFixtures.request(stream, .exactly(SequenceNumber(2)), id: 2))
            let (current, after) = try conflict(log, LogFixtures.request(stream, .exactly(.first), id: 3))
            try requireEqual(current, SequenceNumber(3), "current")
            try requireEqual(try after.map { try $0.header().sequence.rawValue }, [2, 3], "events after")
            let none = try conflict(log, LogFixtures.request(stream, .noStream, id: 4))
            try requireEqual(none.after.count, 3, "all events for noStream")
            let ahead = try conflict(log, LogFixtures.request(stream, .exactly(SequenceNumber(9)), id: 5))
            try requireEqual(ahead.current, SequenceNumber(3), "current when the caller is ahead")
            try requireEqual(ahead.after, [], "no events when the caller is ahead")
            let missing = LogFixtures.request(LogFixtures.household(2), .exactly(.first), id: 6)
            try requireEqual(try conflict(log, missing).current, .none, "missing stream")
            _ = try appended(log, LogFixtures.request(stream, .any, id: 7))
            _ = try appended(log, LogFixtures.request(LogFixtures.household(3), .any, id: 8))
            try requireEqual(log.head.position, Position(5), "refusals write nothing")
            try log.close()
        },
        Case(name: "冲突回答中的事件数有上限") { harness in
            let log = try harness.open()
            let stream = LogFixtures.household(1)
            _ = try appended(log, LogFixtures.request(stream, .noStream, id: 1, count: 300))
            let (current, after) = try conflict(log, LogFixtures.request(stream, .noStream, id: 2))
            try requireEqual(current, SequenceNumber(300), "current")
            try requireEqual(after.count, AppendOutcome.conflictEventLimit, "limit")
            try requireEqual(try after.first?.header().sequence, .first, "oldest first")
            try log.close()
        },
        Case(name: "记录时间严格递增,时钟倒退也不例外") { harness in
            let log = try harness.open()
            var last = Int64.min
            for (number, jump) in [Int64(0), 5, 5, -1_000_000, 0, 3, 86_400_000_000, 1].enumerated() {
                let now = RecordedTime(microseconds: LogFixtures.noon.microseconds + jump)
                let request = LogFixtures.request(
                    LogFixtures.household(number % 3), .any, id: UInt64(number + 1), count: 2)
                guard case .appended(let receipt) = try log.append([request], at: now)[0] else {
                    throw ConformanceFailure(description: "not appended")
                }
                try require(receipt.recordedAt.microseconds > last, "time must increase")
                try require(receipt.recordedAt >= now, "never before the clock")
                last = receipt.recordedAt.microseconds
            }
            let all = try log.makeReader().readAll(after: .start, limit: 100, filter: .all)
            let times = try all.events.map { try $0.header().recordedAt.microseconds }
            try require(zip(times, times.dropFirst()).allSatisfy { $0 < $1 }, "strict for every event: \(times)")
            try log.close()
        },
        Case(name: "每条记录都带前一条的哈希") { harness in
            let log = try harness.open()
            for number in 1...12 {
                let stream = LogFixtures.household(number % 2)
                _ = try appended(log, LogFixtures.request(stream, .any, id: UInt64(number), count: 1 + number % 3))
            }
            let reader = try log.makeReader()
            for stream in [LogFixtures.household(0), LogFixtures.household(1)] {
                var previous: EventHash?
                for event in try reader.readStream(stream, from: .first, limit: 100).events {
                    try requireEqual(try event.decoded().fields.previousHash, previous, "previous hash")
                    try requireEqual(
                        event.record.withUnsafeBytes { EventHash(ofRecord: $0) }, .some(event.hash), "hash")
                    previous = event.hash
                }
                try requireEqual(log.streamHead(stream)?.hash, previous, "head hash")
            }
            try log.close()
        },
        Case(name: "无事件或过大的请求被拒绝,同批其他请求照常") { harness in
            let log = try harness.open()
            let stream = LogFixtures.household(1)
            var empty = LogFixtures.request(stream, .any, id: 1)
            empty.events = []
            var large = LogFixtures.request(stream, .any, id: 2)
            large.events[0].payload = [UInt8](repeating: 1, count: RecordCoder.largestRecord)
            let good = LogFixtures.request(stream, .noStream, id: 3)
            let outcomes = try log.append([empty, large, good], at: LogFixtures.noon)
            try requireEqual(outcomes[0], .invalid(.noEvents), "no events")
            guard case .invalid(.eventTooLarge) = outcomes[1], case .appended = outcomes[2] else {
                throw ConformanceFailure(description: "got \(outcomes)")
            }
            try log.close()
        },
    ]

    static func appended(_ log: any EventLogWriter, _ request: AppendRequest) throws -> AppendReceipt {
        let outcome = try log.append([request], at: LogFixtures.noon)[0]
        guard case .appended(let receipt) = outcome else {
            throw ConformanceFailure(description: "expected an append, got \(outcome)")
        }
        return receipt
    }

    static func conflict(
        _ log: any EventLogWriter, _ request: AppendRequest
    ) throws -> (current: SequenceNumber, after: [StoredEvent]) {
        let outcome = try log.append([request], at: LogFixtures.noon)[0]
        guard case .wrongExpectedSequence(let current, let after) = outcome else {
            throw ConformanceFailure(description: "expected a conflict, got \(outcome)")
        }
        return (current, after)
    }
}
