import EventLog

extension EventLogConformance {
    static let idempotencyCases: [Case] = [
        Case(name: "同一命令再次到达,得到最初的回执,不再写入") { harness in
            let log = try harness.open()
            let request = LogFixtures.request(LogFixtures.household(1), .noStream, id: 1, count: 3)
            let first = try appended(log, request)
            for number in 2...40 {
                _ = try appended(log, LogFixtures.request(LogFixtures.household(1), .any, id: UInt64(number)))
            }
            let again = try log.append([request], at: LogFixtures.noon)
            try requireEqual(again, [.repeated(first)], "repeated receipt")
            try requireEqual(log.head.position, Position(42), "nothing written")
            try log.close()
        },
        Case(name: "同一命令号而内容不同,拒绝") { harness in
            let log = try harness.open()
            let stream = LogFixtures.household(1)
            _ = try appended(log, LogFixtures.request(stream, .noStream, id: 1))
            let other = LogFixtures.request(stream, .any, id: 1, digest: 9)
            try requireEqual(try log.append([other], at: LogFixtures.noon), [.appendIDReused], "reused")
            try requireEqual(log.head.position, Position(1), "nothing written")
            try log.close()
        },
        Case(name: "命令号按事件流区分") { harness in
            let log = try harness.open()
            _ = try appended(log, LogFixtures.request(LogFixtures.household(1), .noStream, id: 1))
            _ = try appended(log, LogFixtures.request(LogFixtures.household(2), .noStream, id: 1))
            try log.close()
        },
        Case(name: "被拒绝的命令不被记住") { harness in
            let log = try harness.open()
            let stream = LogFixtures.household(1)
            _ = try appended(log, LogFixtures.request(stream, .noStream, id: 1))
            _ = try conflict(log, LogFixtures.request(stream, .noStream, id: 2))
            _ = try appended(log, LogFixtures.request(stream, .exactly(.first), id: 2))
            try log.close()
        },
        Case(name: "重启之后仍记得全部命令号") { harness in
            var receipts: [AppendReceipt] = []
            let requests = (1...60).map { number in
                LogFixtures.request(LogFixtures.household(number % 4), .any, id: UInt64(number), count: 1 + number % 2)
            }
            for (number, request) in requests.enumerated() {
                let log = try harness.open()
                receipts.append(try appended(log, request))
                if number % 3 == 0 { try harness.abandon(log) } else { try log.close() }
            }
            let log = try harness.open()
            let outcomes = try log.append(requests, at: LogFixtures.noon)
            try requireEqual(outcomes, receipts.map { .repeated($0) }, "all known")
            let other = LogFixtures.request(LogFixtures.household(1), .any, id: 1, digest: 5)
            try requireEqual(try log.append([other], at: LogFixtures.noon), [.appendIDReused], "digest remembered")
            try log.close()
        },
    ]

    static let batchCases: [Case] = [
        Case(name: "同批中后面的请求看得见前面的") { harness in
            let log = try harness.open()
            let stream = LogFixtures.household(1)
            let first = LogFixtures.request(stream, .noStream, id: 1, count: 2)
            let second = LogFixtures.request(stream, .exactly(SequenceNumber(2)), id: 2)
            let late = LogFixtures.request(stream, .exactly(.first), id: 3)
            let reused = LogFixtures.request(stream, .any, id: 2, digest: 7)
            let outcomes = try log.append([first, second, first, late, reused, second], at: LogFixtures.noon)
            guard case .appended(let receipt) = outcomes[0], case .appended(let next) = outcomes[1],
                case .wrongExpectedSequence(let current, let after) = outcomes[3]
            else { throw ConformanceFailure(description: "got \(outcomes)") }
            try requireEqual(outcomes[2], .repeated(receipt), "repeat within the batch")
            try requireEqual(outcomes[4], .appendIDReused, "reuse within the batch")
            try requireEqual(outcomes[5], .repeated(next), "second repeat within the batch")
            try requireEqual(current, SequenceNumber(3), "current")
            try requireEqual(try after.map { try $0.header().sequence.rawValue }, [2, 3], "events of the same batch")
            try requireEqual(log.head.position, Position(3), "three events")
            try log.close()
        },
        Case(name: "一批多流,位置按到达顺序连续") { harness in
            let log = try harness.open()
            let requests = (1...100).map {
                LogFixtures.request(LogFixtures.household($0 % 17), .any, id: UInt64($0), count: 1 + $0 % 3)
            }
            let outcomes = try log.append(requests, at: LogFixtures.noon)
            let ends = outcomes.compactMap { $0.receipt?.lastPosition.rawValue }
            var expected: UInt64 = 0
            for (request, end) in zip(requests, ends) {
                expected += UInt64(request.events.count)
                try requireEqual(end, expected, "last position")
            }
            try requireEqual(ends.count, 100, "all appended")
            try requireEqual(try log.append([], at: LogFixtures.noon), [], "an empty batch is nothing")
            try log.close()
        },
        Case(name: "写入的事件可立即取出,与读回的相同") { harness in
            let log = try harness.open()
            var moved: [LogHead] = []
            log.onHeadMoved = { moved.append($0) }
            _ = try appended(log, LogFixtures.request(LogFixtures.household(1), .any, id: 1))
            let requests = (2...9).map { LogFixtures.request(LogFixtures.household($0 % 2), .any, id: UInt64($0)) }
            _ = try log.append(requests, at: LogFixtures.noon)
            var seen: [StoredEvent] = []
            log.forEachAppended { seen.append($0.stored()) }
            let read = try log.makeReader().readAll(
                after: Cursor(shard: .single, position: Position(1)), limit: 100, filter: .all)
            try requireEqual(seen, read.events, "appended events")
            _ = try conflict(log, LogFixtures.request(LogFixtures.household(1), .noStream, id: 50))
            try requireEqual(moved.map(\.position.rawValue), [1, 9], "head moved twice")
            try requireEqual(moved.last, log.head, "head")
            var digest = RunningDigest()
            for event in try log.makeReader().readAll(after: .start, limit: 100, filter: .all).events {
                digest.add(event.hash)
            }
            try requireEqual(log.head.digest, digest.value, "running digest")
            try log.close()
        },
    ]
}
