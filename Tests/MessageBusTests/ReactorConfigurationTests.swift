import Testing
import ZeroMQ

@testable import MessageBus

@Suite("Bounds and times of a reactor's sockets")
struct ReactorConfigurationTests {
    @Test("A client that keeps to the protocol cannot fill its queue, even when it sends everything twice")
    func queue() throws {
        let configuration = ReactorConfiguration(name: "test", keys: try CurveKeyPair.generate())
        let underWay = RequestServer.Settings().maximumPerPeer
        #expect(Int(configuration.requestHighWaterMark) >= 2 * underWay)
        // Whatever came at once may be refused at once, beside what is under way.
        #expect(Int(configuration.sendHighWaterMark) >= Int(configuration.requestHighWaterMark) + 2 * underWay)
        // What it has under way with one service, on one connection.
        #expect(RequestClient.Settings().maximumInFlight <= underWay)
    }

    @Test("Every socket has the kernel look after peers that are gone without a word")
    func silence() throws {
        let configuration = ReactorConfiguration(name: "test", keys: try CurveKeyPair.generate())
        let options = configuration.options(.clear, send: 1, receive: 1, maximumBytes: 1)
        #expect(options.silenceLimit == .seconds(20))
    }
}
