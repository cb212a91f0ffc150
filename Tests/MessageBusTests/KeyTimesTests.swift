import Testing
import ZeroMQ

@testable import MessageBus

@Suite("Keys with an end, while the clock is put ahead and back")
struct KeyTimesTests {
    private struct NoWork: Sendable {}

    /// A service that does nothing but count the lists it is told of.
    private struct IdleCore: ServiceCore {
        typealias Work = NoWork
        typealias External = NoWork
        var lists = 0

        mutating func step(
            _ input: ServiceInput<NoWork, NoWork>, now: BusMoment, actions: inout [ServiceAction<NoWork>]
        ) {
            if case .peersChanged = input { lists += 1 }
        }

        mutating func turnEnded(now: BusMoment, actions: inout [ServiceAction<NoWork>]) {}
    }

    /// A network that only remembers who may connect.
    private struct Gatekeeper: BusTransport {
        typealias Work = NoWork
        var allowed: Set<CurvePublicKey> = []
        var allowedOnFeed: Set<CurvePublicKey> = []
        var cuts = 0

        mutating func send(to route: RoutingID, _ frame: [UInt8]) -> SendOutcome { .sent }
        mutating func send(on link: LinkID, _ frame: [UInt8]) -> SendOutcome { .sent }
        mutating func connect(_ link: LinkID, endpoint: Int) {}
        mutating func publish(_ message: [UInt8]) {}
        mutating func allow(serverKeys: Set<CurvePublicKey>, feedKeys: Set<CurvePublicKey>) {
            allowed = serverKeys
            allowedOnFeed = feedKeys
        }
        mutating func cutFeedConnections() {}
        mutating func cutServerConnections() { cuts += 1 }
        mutating func start(_ work: NoWork) -> Bool { true }
        mutating func log(_ entry: BusLogEntry) {}
    }

    @Test("A key that a jump ahead had shut out is let in again when the clock is put right, and shut out at its end")
    func clockPutRight() throws {
        var guest = peer("guest", 2, rights: [.append])
        guest.expiresAt = 5_000_000
        let list = try PeerRegistry([peer("a", 1), guest], generation: 1)
        let node = BusNode(
            core: IdleCore(), transport: Gatekeeper(), registry: list, linkCount: 0, settings: .init(), now: moment(0))
        // Every step: the time of the wall clock in seconds, whether the guest may connect, lists told, times cut.
        let steps: [(seconds: Int64, isIn: Bool, lists: Int, cuts: Int)] = [
            (1, true, 0, 0), (100_000, false, 1, 1), (100_001, false, 1, 1), (2, true, 2, 1), (4, true, 2, 1),
            (5, false, 3, 2), (3, true, 4, 2),
        ]
        node.start(now: moment(0))
        for (turn, step) in zip(1..., steps) {
            let now = BusMoment(monotonic: at(Int64(turn)), utcMicroseconds: step.seconds * 1_000_000)
            node.judgeKeys(now: now)
            #expect(node.transport.allowed == (step.isIn ? [key(1), key(2)] : [key(1)]), "turn \(turn)")
            #expect(node.transport.allowedOnFeed == (step.isIn ? [key(2)] : []), "turn \(turn)")
            #expect(node.mayReadFeed(key(2)) == step.isIn)
            node.turnEnded(now: now)
            #expect(node.core.lists == step.lists && node.transport.cuts == step.cuts, "turn \(turn)")
        }
    }
}
