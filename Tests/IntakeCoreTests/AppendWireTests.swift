import ArchiveClient
import ArchiveCore
import CareTestKit
import CareWire
import EventLog
import SwiftProtobuf
import Testing

@Suite("追加的字节：手写的与生成的逐字节一致")
struct AppendWireTests {
    private static let rights = AppendRights(kinds: Set(1..<230))

    private static func bytes(_ count: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    private static func event(_ generator: inout SeededGenerator) -> NewEvent {
        let days: [Int32] = [0, 1, -1, 19_000, -70_000, .max, .min]
        let sizes = [0, 1, 127, 128, 300]
        return NewEvent(
            kind: UInt32.random(in: 1..<200, using: &generator), version: UInt32.random(in: 1...3, using: &generator),
            occurredOn: DayNumber(days.randomElement(using: &generator)!),
            learnedOn: Bool.random(using: &generator) ? DayNumber(days.randomElement(using: &generator)!) : nil,
            metadata: bytes(sizes.randomElement(using: &generator)!, &generator),
            payload: bytes(sizes.randomElement(using: &generator)!, &generator))
    }

    private static func request(_ generator: inout SeededGenerator) -> AppendRequest {
        let expected: [ExpectedSequence] = [.noStream, .exactly(SequenceNumber(1)), .exactly(SequenceNumber(1 << 40))]
        return AppendRequest(
            stream: LogFixtures.household(Int.random(in: 0..<100_000, using: &generator)),
            expected: expected.randomElement(using: &generator)!,
            appendID: AppendID(high: .random(in: 0 ... .max, using: &generator), low: 7),
            contentDigest: ContentDigest(high: 3, low: .random(in: 0 ... .max, using: &generator)),
            events: (0..<Int.random(in: 1...3, using: &generator)).map { _ in event(&generator) },
            submission: [0, 0, 1, 1_764_361_000_000_000, .max].randomElement(using: &generator)!)
    }

    private static func sequence(_ expected: ExpectedSequence) -> UInt64 {
        if case .exactly(let sequence) = expected { sequence.rawValue } else { 0 }
    }

    private static func written(_ requests: [AppendRequest]) -> [UInt8] {
        var bytes: [UInt8] = []
        for request in requests {
            AppendWire.write(
                stream: request.stream.text, expected: sequence(request.expected), id: request.appendID,
                digest: request.contentDigest, events: request.events, submission: request.submission, to: &bytes)
        }
        return bytes
    }

    private static func generated(_ requests: [AppendRequest]) throws -> [UInt8] {
        let batch = Care_V1_AppendBatch.with { batch in
            batch.appends = requests.map { request in
                .with {
                    $0.stream = request.stream.text
                    $0.expectedSequence = sequence(request.expected)
                    $0.appendID = .init(request.appendID.bytes)
                    $0.contentDigest = .init(request.contentDigest.bytes)
                    $0.submission = request.submission
                    $0.events = request.events.map { event in
                        .with {
                            $0.kind = Care_V1_EventKind(rawValue: Int(event.kind)) ?? .unspecified
                            $0.version = event.version
                            $0.occurredOn = event.occurredOn.rawValue
                            if let learnedOn = event.learnedOn { $0.learnedOn = learnedOn.rawValue }
                            $0.metadata = .init(event.metadata)
                            $0.payload = .init(event.payload)
                        }
                    }
                }
            }
        }
        return try batch.serializedBytes()
    }

    @Test("任意追加：写出的字节相同，读回的内容相同", arguments: 0..<50)
    func appendsAreTheSameBytes(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let requests = (0..<Int.random(in: 1...4, using: &generator)).map { _ in Self.request(&generator) }
        let bytes = Self.written(requests)
        #expect(try bytes == Self.generated(requests))
        #expect(AppendWire.appends(bytes) == requests)
    }

    @Test("改动或截断的字节：快读要么放弃，要么与生成的类型读得一样", arguments: 0..<20)
    func damagedBytesAreReadAlike(seed: UInt64) throws {
        var generator = SeededGenerator(seed: 1_000 + seed)
        let whole = Self.written([Self.request(&generator), Self.request(&generator)])
        for _ in 0..<400 {
            var bytes = whole
            if Bool.random(using: &generator) { bytes.removeLast(Int.random(in: 1..<bytes.count, using: &generator)) }
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            let plain = (try? Care_V1_AppendBatch(serializedBytes: bytes)).map { batch in
                batch.appends.map { AppendDesk.request(from: $0, rights: Self.rights) }
            }
            #expect(AppendDesk.requests(from: bytes, rights: Self.rights) == plain)
        }
    }

    @Test("无权的种类、版本 0、没有事件：两条路同样拒绝")
    func refusalsAreAlike() throws {
        var generator = SeededGenerator(seed: 5)
        var cases: [AppendRequest] = []
        for change in 0..<3 {
            var request = Self.request(&generator)
            switch change {
            case 0: request.events[0].kind = 205
            case 1: request.events[0].version = 0
            default: request.events = []
            }
            cases.append(request)
        }
        let wire = try Care_V1_AppendBatch(serializedBytes: Self.written(cases))
        let plain = wire.appends.map { AppendDesk.request(from: $0, rights: Self.rights) }
        #expect(AppendDesk.requests(from: Self.written(cases), rights: Self.rights) == plain)
        #expect(plain.allSatisfy { (try? $0.get()) == nil })
    }

    @Test("回执：写出的字节相同；只有全部新记时才快读")
    func receiptsAreTheSameBytes() throws {
        let log = try MemoryEventLog(store: MemoryEventStore())
        let requests = (0..<4).map { LogFixtures.request(LogFixtures.household($0), .noStream, id: UInt64($0) + 1) }
        let first = try log.append(requests, at: LogFixtures.noon)
        let again = try log.append([requests[2]], at: LogFixtures.noon)
        for outcomes in [first, first + again] {
            var bytes: [UInt8] = []
            var plain = Care_V1_AppendBatchReply()
            for (index, outcome) in outcomes.enumerated() {
                let request = requests[index == 4 ? 2 : index]
                AppendDesk.write(outcome, of: request, to: &bytes)
                plain.replies.append(AppendDesk.reply(to: outcome, of: request))
            }
            #expect(try bytes == plain.serializedBytes())
            let places = AppendReceipts.all(bytes)
            guard outcomes.count == 4 else {
                #expect(places == nil)
                continue
            }
            #expect(places?.map(\.first) == [1, 1, 1, 1])
            #expect(places?.map(\.cursor) == plain.replies.map { Array($0.appended.cursor) })
            #expect(places?.map(\.recordedAt.microseconds) == plain.replies.map(\.appended.recordedAt))
        }
    }
}
