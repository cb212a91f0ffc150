import CareDomain
import Testing

@testable import CareWire

@Suite("过渡条款的编码")
struct TransitionWireTests {
    private func published(_ transition: TransitionClause) -> PackPublished {
        PackPublished(
            pack: PackID(unchecked: "chenzhou-2014"), effectiveFrom: Sample.day("2014-08-01"),
            enactedOn: Sample.day("2014-07-16"), hash: Sample.hash, bytes: Array("id: chenzhou-2014\n".utf8),
            transition: transition)
    }

    @Test("三种过渡条款都能写出并读回", arguments: TransitionClause.allCases)
    func roundTrip(_ transition: TransitionClause) throws {
        let wire = try PackCommand.publish(
            published(transition), id: Sample.command, occurredOn: Sample.day("2014-08-01"))
        #expect(try PackCommand(publish: wire).event == .published(published(transition)))
    }

    @Test("没有写过渡条款的旧事件对所有人适用；不认识的拒绝")
    func oldAndUnknown() throws {
        var wire = try published(.all).wire()
        #expect(wire.transition == .unspecified)
        wire.transition = .UNRECOGNIZED(9)
        #expect(throws: WireError.self) { try PackPublished(wire: wire) }
    }
}
