import Foundation
import Testing

@testable import ZeroMQ

@Suite("Socket watch", .timeLimit(.minutes(10)))
struct SocketWatchTests {
    @Test("A signal from another thread wakes a watch that waits without end")
    func wake() throws {
        let wake = try WakeFD()
        var watch = SocketWatch()
        let index = watch.add(descriptor: wake.descriptor)
        Thread { wake.signal() }.start()
        #expect(try watch.wait(timeout: nil) == 1)
        let isSignalled = watch.isSignalled(at: index)
        #expect(isSignalled)
        #expect(wake.drain())
        #expect(!wake.drain())
        #expect(try watch.wait(timeout: .zero) == 0)
    }

    @Test("A signal sent before the wait is not lost, and many signals are one wake")
    func earlySignals() throws {
        let wake = try WakeFD()
        for _ in 0..<1_000 { wake.signal() }
        var watch = SocketWatch()
        _ = watch.add(descriptor: wake.descriptor)
        #expect(try watch.wait(timeout: nil) == 1)
        #expect(wake.drain())
        #expect(try watch.wait(timeout: .zero) == 0)
    }

    @Test("Sockets and descriptors are told apart by their index")
    func mixed() throws {
        try withContext { context in
            let left = try Socket(context, .pair, .inProcess())
            try left.bind("inproc://mixed")
            let right = try Socket(context, .pair, .inProcess())
            try right.connect("inproc://mixed")
            let wake = try WakeFD()
            var watch = SocketWatch()
            let socketIndex = try watch.add(right)
            // libzmq signals only to who has found nothing before.
            #expect(try right.receiveFrames() == nil)
            let wakeIndex = watch.add(descriptor: wake.descriptor)
            #expect(try left.send([1]) == .sent)
            #expect(try watch.wait(timeout: .seconds(5)) == 1)
            let signalled = [watch.isSignalled(at: socketIndex), watch.isSignalled(at: wakeIndex)]
            #expect(signalled == [true, false])
            #expect(try right.receiveFrames() == [[1]])
            #expect(try right.receiveFrames() == nil)
            #expect(try watch.wait(timeout: .zero) == 0)
            let isStillSignalled = watch.isSignalled(at: socketIndex)
            #expect(!isStillSignalled)
        }
    }

    @Test("What came while a socket was used for something else is told by the socket itself")
    func usedUp() throws {
        try withContext { context in
            let left = try Socket(context, .pair, .inProcess())
            try left.bind("inproc://used")
            let right = try Socket(context, .pair, .inProcess())
            try right.connect("inproc://used")
            #expect(try right.receiveFrames() == nil)
            #expect(try left.send([1]) == .sent)
            #expect(try right.hasMessages())
            var watch = SocketWatch()
            _ = try watch.add(right)
            // The signal is used up, the message still there.
            #expect(try watch.wait(timeout: .zero) == 0)
            #expect(try right.hasMessages())
            #expect(try right.receiveFrames() == [[1]])
            #expect(try !right.hasMessages())
        }
    }
}
