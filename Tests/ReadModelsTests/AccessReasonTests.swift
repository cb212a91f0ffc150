import ArchiveCore
import CareDomain
import CareProjections
import CareTestKit
import CareWire
import EventLog
import MessageBus
import Testing
import ZeroMQ

@Suite("查看敏感信息的理由给谁看")
struct AccessReasonTests {
    private static let reason = "核对雷贵香电话13800002222"

    /// A log in which somebody looked into a household.
    private func log() throws -> Bench {
        let bench = try Bench()
        let principal = Principal(
            peer: "clerk", actor: Code(unchecked: "clerk-7"), role: Code(unchecked: "cadre"),
            department: DepartmentID(unchecked: "dept.fp"), divisions: [], rights: [])
        let command = CommandID(Identifier128(high: 4, low: 1))
        let event = try EventCodec.encode(
            .access(
                .read(SealedPartsRead(household: HouseholdID(Identifier128(high: 4, low: 2)), reason: Self.reason))),
            occurredOn: .invented("2021-12-01"), context: EventContext(principal: principal, command: command))
        try bench.append([
            AppendRequest(
                stream: try StreamName(.access, "2021-12"), expected: .any, appendID: AppendID(high: 4, low: 1),
                contentDigest: ContentDigest(high: 4, low: 1),
                events: [
                    NewEvent(
                        kind: event.kind, version: event.version, occurredOn: DayNumber(event.occurredOn),
                        metadata: event.metadata, payload: event.payload)
                ])
        ])
        return bench
    }

    @Test(
        "管理的密钥看得到谁查看了哪一户；理由只给兼有查看权的，别的收到的字节里没有",
        arguments: [
            ([PeerRight.query], 0, false), ([.query, .reveal], 0, false), ([.query, .operate], 1, false),
            ([.operate, .reveal], 1, true),
        ])
    func pages(rights: [PeerRight], events: Int, isTold: Bool) throws {
        let bench = try log()
        let pages = LogPages(
            reader: try bench.log.makeReader(), division: { _ in nil }, places: { _ in nil },
            sight: { CarePolicyWords.sample.sight(of: $0, on: .invented("2021-12-02")) })
        let peer = Peer(
            name: "x", key: try #require(CurvePublicKey(String(repeating: "0", count: 40))), department: "dept.fp",
            divisions: ["000000"], rights: Set(rights))
        let read = SubscriptionRead(
            token: SubscriptionToken(number: 1), peer: peer, grant: [], cursor: EncodedCursor(Cursor.start.bytes),
            fromHead: false, filter: EventFilter(), maximumBytes: 1 << 20)
        guard case .events(let page) = pages.page(read).answer else {
            Issue.record("no page")
            return
        }
        #expect(page.events.count == events)
        let bytes = page.events.map { String(decoding: $0.record, as: UTF8.self) }.joined()
        #expect(bytes.contains("雷贵香") == isTold && bytes.contains("13800002222") == isTold)
    }
}
