import EventLog
import Foundation

extension EventLogConformance {
    static let followingCases: [Case] = [
        Case(name: "写入进行中,另一线程跟随读取,不漏一条") { harness in
            let log = try harness.open()
            let follower = try Follower(log.makeReader(), until: 6000)
            let thread = Thread { follower.run() }
            thread.start()
            for number in 0..<300 {
                let requests = (0..<20).map { place in
                    LogFixtures.request(
                        LogFixtures.household((number * 7 + place) % 50), .any, id: UInt64(number * 20 + place + 1))
                }
                _ = try log.append(requests, at: LogFixtures.noon)
            }
            follower.finished.wait()
            if let failure = follower.failure { throw ConformanceFailure(description: failure) }
            try requireEqual(follower.positions, Array(1...6000), "positions seen")
            try log.close()
        }
    ]

    static let lifeCases: [Case] = [
        Case(name: "每次打开,任期加一;同时只有一个写入者") { harness in
            let log = try harness.open()
            let epoch = log.epoch
            try requireError(.writerLocked, "second writer") { () throws(EventLogError) in _ = try harness.open() }
            _ = try appended(log, LogFixtures.request(LogFixtures.household(1), .noStream, id: 1))
            try log.close()
            let next = try harness.open()
            try require(next.epoch > epoch, "epoch rises")
            try requireEqual(next.head.position, Position(1), "position kept")
            let receipt = try appended(next, LogFixtures.request(LogFixtures.household(1), .exactly(.first), id: 2))
            try requireEqual(receipt.lastSequence, SequenceNumber(2), "sequence goes on")
            let slice = try next.makeReader().readStream(LogFixtures.household(1), from: .first, limit: 9)
            try requireEqual(
                try slice.events.map { try $0.header().epoch }, [epoch, next.epoch], "epoch in the record")
            try next.close()
        },
        Case(name: "关闭后的调用得到明确的错误") { harness in
            let log = try harness.open()
            let reader = try log.makeReader()
            reader.close()
            try requireError(.closed, "reader") { () throws(EventLogError) in
                _ = try reader.readAll(after: .start, limit: 1, filter: .all)
            }
            try log.close()
            try log.close()
            try requireError(.closed, "writer") { () throws(EventLogError) in
                _ = try log.append([], at: LogFixtures.noon)
            }
        },
        Case(name: "封存的流拒绝写入,其他流照常,重启后仍封存") { harness in
            var log = try harness.open()
            let bad = LogFixtures.household(1)
            let good = LogFixtures.household(2)
            _ = try log.append(
                [LogFixtures.request(bad, .any, id: 1), LogFixtures.request(good, .any, id: 1)], at: LogFixtures.noon)
            try log.fence(bad, reason: "hash-mismatch at 1", at: LogFixtures.noon)
            for _ in 0..<2 {
                let id = UInt64(log.epoch) + 10
                let outcomes = try log.append(
                    [LogFixtures.request(bad, .any, id: id), LogFixtures.request(good, .any, id: id)],
                    at: LogFixtures.noon)
                guard case .streamFenced(let fence) = outcomes[0], case .appended = outcomes[1] else {
                    throw ConformanceFailure(description: "got \(outcomes)")
                }
                try requireEqual(fence.stream, bad, "fenced stream")
                let reader = try log.makeReader()
                let flagged = try reader.readStream(bad, from: .first, limit: 5)
                try requireEqual(flagged.fence, fence, "reads are flagged")
                try requireEqual(try reader.fences(), [fence], "readers know the fences")
                try requireEqual(flagged.events.count, 1, "and still answered")
                try requireEqual(try reader.readStream(good, from: .first, limit: 5).fence, nil, "others are not")
                try log.close()
                log = try harness.open()
            }
            try requireEqual(log.fences.map(\.stream), [bad], "fences")
            try log.liftFence(bad)
            _ = try appended(log, LogFixtures.request(bad, .exactly(.first), id: 99))
            try log.close()
        },
        Case(name: "突然终止后,已确认的都在,接着写") { harness in
            var total = 0
            for round in 1...12 {
                let log = try harness.open()
                try requireEqual(log.head.position, Position(UInt64(total)), "nothing lost before round \(round)")
                for number in 0..<round {
                    let stream = LogFixtures.household(number % 3)
                    _ = try appended(log, LogFixtures.request(stream, .any, id: UInt64(round * 100 + number), count: 2))
                    total += 2
                }
                try harness.abandon(log)
            }
            let log = try harness.open()
            let all = try log.makeReader().readAll(after: .start, limit: 10_000, filter: .all)
            try requireEqual(all.events.map(\.position.rawValue), Array(1...UInt64(total)), "all there")
            try log.close()
        },
    ]

    /// Reads everything after its cursor, again and again, until it has seen enough.
    private final class Follower: @unchecked Sendable {
        // Safe to share: written by one thread before `finished` is signalled, read by the other after it.
        private let reader: any EventLogReader
        private let goal: Int
        private(set) var positions: [UInt64] = []
        private(set) var failure: String?
        let finished = DispatchSemaphore(value: 0)

        init(_ reader: any EventLogReader, until goal: Int) {
            self.reader = reader
            self.goal = goal
        }

        func run() {
            defer { finished.signal() }
            do throws(EventLogError) {
                var cursor = Cursor.start
                let deadline = ContinuousClock.now + .seconds(60)
                while positions.count < goal && ContinuousClock.now < deadline {
                    let slice = try reader.readAll(after: cursor, limit: 64, filter: .all)
                    positions += slice.events.map(\.position.rawValue)
                    cursor = slice.cursor
                }
            } catch { failure = error.description }
        }
    }
}
