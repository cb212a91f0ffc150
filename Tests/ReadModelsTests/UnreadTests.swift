import CareDomain
import CareProjections
import CareTestKit
import CareWire
import EventLog
import ReadModels
import Testing

@Suite("读模型：读不懂的事件", .timeLimit(.minutes(10)))
struct UnreadTests {
    /// A household's events, the one at `place` replaced by one that nobody can read.
    private func spoilt(_ stream: InventedStream, at place: Int, kind: UInt32? = nil) throws -> [AppendRequest] {
        var requests = try stream.requests()
        var before = 0
        for index in requests.indices {
            let count = requests[index].events.count
            defer { before += count }
            guard (before..<before + count).contains(place) else { continue }
            let event = requests[index].events[place - before]
            requests[index].events[place - before] = NewEvent(
                kind: kind ?? event.kind, version: event.version, occurredOn: event.occurredOn,
                metadata: event.metadata, payload: [0xFF, 0xFF, 0xFF])
        }
        return requests
    }

    @Test("与行一同记下，别的户不受影响；重建的与逐条维护的相同", arguments: [nil, 199] as [UInt32?])
    func recorded(kind: UInt32?) throws {
        let bench = try Bench()
        var histories = RandomHistories(seed: 8, households: 3)
        for _ in 0..<60 { histories.step(histories.below(3)) }
        let streams = histories.streams
        let file = try ReadModelFile(path: bench.path("maintained.sqlite"))
        let applier = try bench.applier(file)
        // The fourth event of a random history is a member or later; a registered type of rows, or one unknown here.
        try bench.append(try spoilt(streams[0], at: 2, kind: kind))
        for stream in streams.dropFirst() { try bench.append([stream]) }
        try applier.catchUp()
        let unread = try ReadModelLists(file, words: .sample).unread(limit: 10)
        #expect(unread.map(\.household) == [streams[0].id] && unread.map(\.event.sequence) == [3])
        #expect(unread.allSatisfy { !$0.event.isDamaged && ($0.event.kind == kind || kind == nil) })
        #expect(try ReadModelLists(file, words: .sample).unreadCount() == 1)
        let maintained = try file.canonicalLines()
        let rebuilt = try bench.rebuilder().run(path: bench.path("rebuilt.sqlite"))
        #expect(rebuilt.unreadable == 1)
        #expect(try rebuilt.file.canonicalLines() == maintained)
        // Making the rows anew from the same events changes nothing.
        try applier.remake([streams[0].id])
        #expect(try file.canonicalLines() == maintained)
        // Households behind it have all their rows.
        let alone = try Bench()
        let lines = try alone.filled(Array(streams.dropFirst())).canonicalLines()
        #expect(Set(lines).isSubset(of: Set(maintained)))
    }
}
