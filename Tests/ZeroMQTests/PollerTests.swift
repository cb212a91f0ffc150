import Foundation
import Testing

@testable import ZeroMQ

@Suite("Poller", .timeLimit(.minutes(10)))
struct PollerTests {
    @Test("A signal from another thread wakes a poller that waits without end")
    func wake() throws {
        let wake = try WakeFD()
        var poller = Poller()
        let index = poller.add(descriptor: wake.descriptor)
        Thread { wake.signal() }.start()
        #expect(try poller.wait(timeout: nil) == 1)
        #expect(poller.events(at: index).contains(.readable))
        #expect(wake.drain())
        #expect(!wake.drain())
        #expect(try poller.wait(timeout: .zero) == 0)
    }

    @Test("A signal sent before the wait is not lost, and many signals are one wake")
    func earlySignals() throws {
        let wake = try WakeFD()
        for _ in 0..<1_000 { wake.signal() }
        var poller = Poller()
        _ = poller.add(descriptor: wake.descriptor)
        #expect(try poller.wait(timeout: nil) == 1)
        #expect(wake.drain())
        #expect(try poller.wait(timeout: .zero) == 0)
    }

    @Test("Sockets and descriptors are told apart by their index")
    func mixed() throws {
        try withContext { context in
            let left = try Socket(context, .pair, .inProcess())
            try left.bind("inproc://mixed")
            let right = try Socket(context, .pair, .inProcess())
            try right.connect("inproc://mixed")
            let wake = try WakeFD()
            var poller = Poller()
            let socketIndex = poller.add(right)
            let wakeIndex = poller.add(descriptor: wake.descriptor)
            #expect(try left.send([1]) == .sent)
            #expect(try poller.wait(timeout: .seconds(5)) == 1)
            #expect(poller.events(at: socketIndex) == .readable)
            #expect(poller.events(at: wakeIndex) == [])
            poller.setEvents([], at: socketIndex)
            #expect(try poller.wait(timeout: .zero) == 0)
        }
    }
}
