import CareDomain
import CareWire
import Testing

@testable import carectl

@Suite("导入的计数：自己重发的不算此前已登记")
struct RunBeginningTests {
    private static func answer(at moment: Int64, isRepeated: Bool, isResent: Bool) -> Recorded {
        let reply = Care_V1_CommandReply.with {
            $0.recordedAt = moment
            $0.alreadyRecorded = isRepeated
        }
        return Recorded(reply, isResent: isResent)
    }

    @Test("开始以后登记、又重发过的是这一次的；开始以前登记的、没有重发的（别人登记的）是此前的")
    func own() {
        var begun = RunBeginning(head: Moment(microseconds: 100))
        func precedes(_ moment: Int64, _ isRepeated: Bool, _ isResent: Bool) -> Bool {
            begun.precedes(Self.answer(at: moment, isRepeated: isRepeated, isResent: isResent))
        }
        #expect(!precedes(200, false, false))
        #expect(!precedes(150, true, true))
        #expect(precedes(100, true, true) && precedes(7, true, true))
        #expect(precedes(150, true, false))
    }

    @Test("不知道开始时日志到哪里：第一条新登记的以后的算这一次的，在此之前照答复算")
    func unknown() {
        var begun = RunBeginning(head: nil)
        func precedes(_ moment: Int64, _ isRepeated: Bool) -> Bool {
            begun.precedes(Self.answer(at: moment, isRepeated: isRepeated, isResent: isRepeated))
        }
        #expect(precedes(90, true))
        #expect(!precedes(80, false))
        #expect(!precedes(90, true) && precedes(70, true))
    }
}
