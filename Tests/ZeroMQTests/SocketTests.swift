import Foundation
import Testing

@testable import ZeroMQ

@Suite("Sockets", .timeLimit(.minutes(10)))
struct SocketTests {
    @Test("A message of several frames arrives whole, with the sender's routing id in front")
    func multipart() throws {
        try withContext { context in
            let router = try Socket(context, .router, testOptions())
            let endpoint = try router.bind("tcp://127.0.0.1:*")
            var options = testOptions()
            options.routingID = Array("clerk".utf8)
            let dealer = try Socket(context, .dealer, options)
            try dealer.connect(endpoint)
            #expect(try dealer.send(frames: [[1], [], [2, 3]]) == .sent)
            #expect(try receive(router) == [Array("clerk".utf8), [1], [], [2, 3]])
            #expect(try router.send(frames: [Array("clerk".utf8), [9]]) == .sent)
            #expect(try receive(dealer) == [[9]])
        }
    }

    @Test("A reused message gives the bytes of each frame without a copy")
    func reusedMessage() throws {
        try withContext { context in
            let left = try Socket(context, .pair, .inProcess())
            try left.bind("inproc://reuse")
            let right = try Socket(context, .pair, .inProcess())
            try right.connect("inproc://reuse")
            let outgoing = Message(byteCount: 3) { $0.copyBytes(from: [7, 8, 9]) }
            #expect(try left.send(outgoing, more: true) == .sent)
            let countAfterSending = outgoing.count
            #expect(countAfterSending == 0)
            #expect(try left.send([10]) == .sent)
            let incoming = Message()
            #expect(try right.receive(into: incoming))
            let (first, more, key) = (incoming.bytes, incoming.hasMore, incoming.authenticatedKey)
            let sum = incoming.withUnsafeBytes { $0.reduce(0) { $0 + Int($1) } }
            #expect(first == [7, 8, 9] && more && key == nil && sum == 24)
            #expect(try right.receive(into: incoming))
            let (last, moreAfter) = (incoming.bytes, incoming.hasMore)
            #expect(last == [10] && !moreAfter)
            #expect(try !right.receive(into: incoming))
        }
    }

    @Test("Beyond the high-water mark a send would block, and nothing sent before is lost")
    func highWaterMark() throws {
        try withContext { context in
            let sender = try Socket(context, .push, .inProcess(highWaterMark: 3))
            try sender.bind("inproc://hwm")
            let receiver = try Socket(context, .pull, .inProcess(highWaterMark: 3))
            try receiver.connect("inproc://hwm")
            var sent: UInt8 = 0
            while try sender.send([sent]) == .sent { sent += 1 }
            #expect(sent == 6)
            for expected in 0..<sent { #expect(try receive(receiver) == [[expected]]) }
            var watch = SocketWatch()
            _ = try watch.add(sender)
            var outcome = try sender.send([99])
            while outcome == .wouldBlock, try watch.wait(timeout: .seconds(5)) == 1 { outcome = try sender.send([99]) }
            #expect(outcome == .sent)
        }
    }

    @Test("A router reports an unknown peer instead of dropping the message")
    func unroutable() throws {
        try withContext { context in
            let router = try Socket(context, .router, testOptions())
            try router.bind("tcp://127.0.0.1:*")
            #expect(try router.send(frames: [[1, 2, 3], [4]]) == .hostUnreachable)
        }
    }

    @Test("Options without a bound are refused by name")
    func unboundedOptions() throws {
        try withContext { context in
            var options = testOptions()
            options.maximumMessageBytes = -1
            #expect(throws: ZMQError.self) { _ = try Socket(context, .dealer, options) }
            options = testOptions()
            options.handshakeInterval = .zero
            #expect(throws: ZMQError.self) { _ = try Socket(context, .dealer, options) }
            options = testOptions(highWaterMark: 0)
            do throws(ZMQError) {
                _ = try Socket(context, .dealer, options)
                Issue.record("a socket without a high-water mark was made")
            } catch {
                #expect(error.operation == "sendHighWaterMark")
                #expect(!error.isRetriable)
            }
        }
    }

    @Test("An address in use is an error that a retry may cure")
    func addressInUse() throws {
        try withContext { context in
            let first = try Socket(context, .router, testOptions())
            let endpoint = try first.bind("tcp://127.0.0.1:*")
            let second = try Socket(context, .router, testOptions())
            do throws(ZMQError) {
                try second.bind(endpoint)
                Issue.record("two sockets listen on one port")
            } catch {
                #expect(error.isAddressInUse && error.isRetriable)
            }
        }
    }

    @Test("Using a socket from another thread is named with method and state")
    func wrongThread() throws {
        let ownership = ThreadOwnership()
        #expect(ownership.violation(method: "Socket.send", state: "router, open") == nil)
        let result = Locked<String?>(nil)
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            let violation = ownership.violation(method: "Socket.send", state: "router, open")
            result.withLock { $0 = violation }
            done.signal()
        }
        thread.start()
        done.wait()
        let violation = try #require(result.withLock { $0 })
        #expect(violation.contains("Socket.send") && violation.contains("router, open"))
    }

    @Test("An XPUB with manual subscriptions sends only what was confirmed")
    func manualSubscriptions() throws {
        try withContext { context in
            var options = testOptions()
            options.xpubManual = true
            let publisher = try Socket(context, .xpub, options)
            let endpoint = try publisher.bind("tcp://127.0.0.1:*")
            let subscriber = try Socket(context, .sub, testOptions())
            try subscriber.connect(endpoint)
            try subscriber.subscribe(Array("a".utf8))
            #expect(try receive(publisher) == [[1] + Array("a".utf8)])
            #expect(try publisher.send(Array("a-early".utf8)) == .sent)
            try publisher.confirmSubscription(prefix: Array("a".utf8))
            #expect(try publisher.send(Array("a-late".utf8)) == .sent)
            #expect(try receive(subscriber) == [Array("a-late".utf8)])
        }
    }
}
