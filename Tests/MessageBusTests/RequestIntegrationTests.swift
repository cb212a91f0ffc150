import Testing
import ZeroMQ

@testable import MessageBus

@Suite("Requests over real sockets", .serialized, .timeLimit(.minutes(10)))
struct RequestIntegrationTests {
    @Test("Many tasks ask at once, each gets its own answer")
    func echo() async throws {
        let deployment = try Deployment()
        let archive = try await deployment.startArchive()
        try await deployment.withClient(archive) { client in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let body = [UInt8(truncatingIfNeeded: number), 1, 2]
                        return try await client.call(.query, body).body == body
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
        }
        try await archive.stop()
    }

    @Test("A request asked while the service is down is answered after its restart, under the same id")
    func restart() async throws {
        let deployment = try Deployment()
        let first = try await deployment.startArchive()
        try await deployment.withClient(first) { client in
            let reply1 = try await client.call(.query, [1])
            #expect(reply1.body == [1])
            try await first.stop()
            let id = RequestID(7, 7)
            async let answer = client.call(.append, [0, 0, 0], id: id, timeout: .seconds(30))
            let second = try await deployment.startArchive(first.addresses)
            let reply2 = try await answer
            #expect(reply2.status == .ok)
            #expect(deployment.seen.read().contains(id))
            #expect(deployment.log.read().count == 3)
            try await second.stop()
        }
    }

    @Test("An overloaded service says when to come back, and the client does by itself")
    func overload() async throws {
        let deployment = try Deployment()
        let archive = try await deployment.startArchive { $0.settings.server.maximumInFlight = 1 }
        try await deployment.withClient(archive) { client in
            async let held = client.call(.operate, [], timeout: .seconds(30))
            await deployment.seen.wait { !$0.isEmpty }
            do throws(BusError) {
                _ = try await client.call(.query, [1], timeout: .milliseconds(200))
                Issue.record("the service took more than it may")
            } catch {
                #expect(error.isRetriable)
            }
            async let second = client.call(.query, [2], timeout: .seconds(30))
            #expect(archive.reactor.post(.release))
            let reply3 = try await second
            #expect(reply3.body == [2])
            let reply4 = try await held
            #expect(reply4.status == .ok)
        }
        try await archive.stop()
    }

    @Test("A request that is not answered in time ends with its deadline")
    func deadline() async throws {
        let deployment = try Deployment()
        let archive = try await deployment.startArchive()
        try await deployment.withClient(archive) { client in
            do throws(BusError) {
                _ = try await client.call(.operate, [], timeout: .milliseconds(100))
                Issue.record("an answer came that nobody gave")
            } catch {
                #expect(error.reply.status == .deadline && error.isRetriable)
            }
        }
        try await archive.stop()
    }

    @Test("A stranger is not served, and listed clients do not notice")
    func stranger() async throws {
        let deployment = try Deployment()
        let archive = try await deployment.startArchive()
        try await deployment.withClient(archive, keys: try CurveKeyPair.generate()) { stranger in
            do throws(BusError) {
                _ = try await stranger.call(.query, [1], timeout: .milliseconds(300))
                Issue.record("a stranger was served")
            } catch {
                #expect(error.reply.code == BusProblem.unreachable.code)
            }
        }
        try await deployment.withClient(archive) { client in
            let reply = try await client.call(.query, [1])
            #expect(reply.body == [1])
        }
        #expect(deployment.seen.read().count == 1)
        try await archive.stop()
    }

    @Test("A frame above the limit drops its sender, who can come back with smaller ones")
    func oversized() async throws {
        let deployment = try Deployment()
        let archive = try await deployment.startArchive { $0.maximumFrameBytes = 64 << 10 }
        try await deployment.withClient(archive) { client in
            let big = [UInt8](repeating: 1, count: 100 << 10)
            await #expect(throws: BusError.self) {
                _ = try await client.call(.query, big, timeout: .milliseconds(300))
            }
            let reply5 = try await client.call(.query, [5])
            #expect(reply5.body == [5])
            #expect(Set(deployment.seen.read()).count == 1)
        }
        try await archive.stop()
    }

    @Test("A cancelled task stops waiting at once")
    func cancellation() async throws {
        let deployment = try Deployment()
        let archive = try await deployment.startArchive()
        try await deployment.withClient(archive) { client in
            let task = Task { try await client.call(.operate, [], timeout: .seconds(60)) }
            await deployment.seen.wait { !$0.isEmpty }
            task.cancel()
            await #expect(throws: BusError(.problem(.cancelled))) { _ = try await task.value }
        }
        try await archive.stop()
    }
}
