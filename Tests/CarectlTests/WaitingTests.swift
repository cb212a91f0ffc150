import ServiceKit
import Testing

@testable import carectl

/// What a person is told while a command waits, and what a service says at its door.
struct WaitingTests {
    private let full = Failure(
        6661, UserText(zh: "磁盘已满", en: "the disk is full"), exit: .temporary)

    @Test("几秒之内不说话，之后说明在等什么，同一原因只说一次")
    func toldOnceAfterAFewSeconds() {
        let reason = WaitReason(service: .intake)
        let start = ContinuousClock.now
        #expect(reason.hear(full, at: start) == nil)
        #expect(reason.hear(full, at: start + .seconds(2)) == nil)
        let told = reason.hear(full, at: start + .seconds(4))
        #expect(told?.zh.contains("CARE-6661 磁盘已满") == true && told?.en.contains("the disk is full") == true)
        #expect(reason.hear(full, at: start + .seconds(9)) == nil)
        reason.settled()
        #expect(reason.hear(full, at: start + .seconds(20)) == nil, "a new wait begins")
        #expect(reason.hear(full, at: start + .seconds(24)) != nil)
    }

    @Test("从命令发出时算起，第一次听到的已经晚了就马上说")
    func countsFromTheBeginning() {
        let reason = WaitReason(service: .intake)
        let start = ContinuousClock.now
        reason.begin(at: start)
        let told = reason.hear(full, at: start + .seconds(4))
        #expect(told?.zh.contains("仍在等待 intake") == true)
    }

    @Test("就绪与未就绪的答复都读得出，别的不猜")
    func doors() {
        #expect(ReadyDoor.parts(of: "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nready\n") == [])
        let waiting = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 3\r\n\r\nnot ready\ndisk: it is full\n"
        #expect(ReadyDoor.parts(of: waiting) == ["disk: it is full"])
        #expect(ReadyDoor.parts(of: "HTTP/1.1 404 Not Found\r\n\r\n") == nil)
        #expect(ReadyDoor.parts(of: "") == nil)
    }
}
