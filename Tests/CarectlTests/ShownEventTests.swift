import CareWire
import Testing

@testable import carectl

@Suite("事件的 JSON")
struct ShownEventTests {
    @Test("每一种事件，列出和细看，同一对象里没有重复的键")
    func noKeyTwice() throws {
        let events = try RecordedSamples.corpus()
        #expect(events.count > 100)
        for event in events {
            for all in [false, true] {
                #expect(Self.repeated(in: event.value(all: all)) == [], "\(event.view.name)")
            }
        }
    }

    @Test("细看时：事件自己的 kind 不变，记录的种类号、版本、说话的人另有名字")
    func ownNames() throws {
        let assigned = try #require(try RecordedSamples.corpus().first { $0.view.name == "PairingAssigned" })
        guard case .object(let fields) = assigned.value(all: true) else { return }
        let keys = fields.map(\.key)
        #expect(keys.contains("kind") && keys.contains("event_kind") && keys.contains("event_version"))
        #expect(fields.first { $0.key == "event_kind" }?.value == .int(Int64(assigned.kind)))
        guard case .object(let meta) = fields.first(where: { $0.key == "meta" })?.value else {
            Issue.record("no meta")
            return
        }
        #expect(meta.prefix(4).map(\.key) == ["peer", "actor", "role", "department"])
    }

    /// Keys that come twice in one object, at any depth.
    private static func repeated(in value: ViewValue) -> [String] {
        switch value {
        case .bool, .int, .text: []
        case .list(let values): values.flatMap(repeated)
        case .object(let fields):
            Dictionary(grouping: fields, by: \.key).filter { $0.value.count > 1 }.keys.sorted()
                + fields.flatMap { repeated(in: $0.value) }
        }
    }
}
