import Testing
import ZeroMQ

@testable import MessageBus

@Suite("The list of keys")
struct PeerRegistryTests {
    @Test("A key is known, unknown or expired; a user id is the key's text")
    func verdicts() throws {
        var temporary = peer("guest", 2)
        temporary.expiresAt = 1_000
        let list = try PeerRegistry([peer("a", 1), temporary], generation: 1)
        #expect(list.verdict(on: key(1), utcMicroseconds: .max) == .known(peer("a", 1)))
        #expect(list.verdict(on: key(2), utcMicroseconds: 999) == .known(temporary))
        #expect(list.verdict(on: key(2), utcMicroseconds: 1_000) == .expired(temporary))
        #expect(list.verdict(on: key(3), utcMicroseconds: 0) == .unknown)
        #expect(list.verdict(on: nil, utcMicroseconds: 0) == .unknown)
        #expect(list.peer(forUserID: key(1).text, utcMicroseconds: 0)?.name == "a")
        #expect(list.peer(forUserID: "a", utcMicroseconds: 0) == nil)
        #expect(list.validKeys(utcMicroseconds: 1_000) == [key(1)])
    }

    @Test("Between two ends of keys the same ones are within their time, before and after them others are")
    func times() throws {
        var first = peer("first", 1)
        first.expiresAt = 1_000
        var second = peer("second", 2)
        second.expiresAt = 5_000
        let list = try PeerRegistry([first, second, peer("always", 3)], generation: 1)
        #expect(list.timesOfSameKeys(around: 999) == .min..<1_000)
        #expect(list.timesOfSameKeys(around: 1_000) == 1_000..<5_000)
        #expect(list.timesOfSameKeys(around: 4_999) == 1_000..<5_000)
        #expect(list.timesOfSameKeys(around: 5_000) == 5_000..<Int64.max)
        #expect(try PeerRegistry([peer("always", 3)], generation: 1).timesOfSameKeys(around: 0) == .min ..< .max)
    }

    @Test("Only services with the right append may read feed (a)")
    func feedKeys() throws {
        let list = try PeerRegistry([peer("a", 1), peer("s", 2, rights: [.append])], generation: 1)
        #expect(list.feedKeys(utcMicroseconds: 0) == [key(2)])
    }

    @Test("One key is one peer: keys and names stand once")
    func uniqueness() {
        #expect(throws: PeerRegistry.ListError.keyTwice("a", "b")) {
            try PeerRegistry([peer("a", 1), peer("b", 1)], generation: 1)
        }
        #expect(throws: PeerRegistry.ListError.nameTwice("a")) {
            try PeerRegistry([peer("a", 1), peer("a", 2)], generation: 1)
        }
        for right in PeerRight.allCases { #expect(PeerRight(name: right.name) == right) }
    }
}
