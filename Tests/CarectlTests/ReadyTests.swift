import CareWire
import Testing

@testable import carectl

/// Whom `ready --projected` waits for.
@Suite("等到都跟上")
struct ReadyTests {
    private typealias State = Care_V1_ConsumerReport.State

    private static func behind(
        _ consumers: [(name: String, position: UInt64, state: State)], head: UInt64 = 10, shown: UInt64 = 10
    ) -> [String] {
        let list = Care_V1_ConsumerList.with {
            $0.headPosition = head
            $0.consumers = consumers.map { consumer in
                .with {
                    $0.consumer = consumer.name
                    $0.position = consumer.position
                    $0.state = consumer.state
                }
            }
        }
        let status = Care_V1_ProjectionStatus.with {
            $0.position = shown
            $0.headPosition = head
        }
        return Ready.behind(list, status)
    }

    @Test("档案、认定、提醒都到了日志末、手上没有活，才算跟上；订阅不等")
    func all() {
        let live: [(String, UInt64, State)] = [("eligibility", 10, .live), ("notifier", 10, .live)]
        #expect(Self.behind(live).isEmpty)
        #expect(Self.behind(live + [("subscription.office.1", 3, .paused)]).isEmpty)
        #expect(Self.behind(live, shown: 8) == ["care-archive (2)"])
        #expect(Self.behind(live, head: 12, shown: 12) == ["eligibility (2)", "notifier (2)"])
    }

    @Test("看到了最后一条、还在办的，也要等；卡住的写明卡住，没有报告过的写问号")
    func underWay() {
        #expect(Self.behind([("eligibility", 10, .live), ("notifier", 10, .catchingUp)]) == ["notifier (0)"])
        #expect(Self.behind([("eligibility", 10, .catchingUp), ("notifier", 10, .live)]) == ["eligibility (0)"])
        #expect(Self.behind([("eligibility", 12, .stuck), ("notifier", 10, .live)]) == ["eligibility (stuck)"])
        #expect(Self.behind([("eligibility", 10, .live)]) == ["notifier (?)"])
    }
}
