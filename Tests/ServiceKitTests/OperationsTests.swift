import Foundation
import FoundationNetworking
import Logging
import ServiceKit
import ServiceLifecycle
import Testing

@Suite("服务的启动、运维端口和停止")
struct OperationsTests {
    /// A long-running part that ends when it is told to stop, or fails when it is told to fail.
    private struct Part: Service {
        let name: String
        let events: TextBox
        let failure: (any Error)?

        func run() async throws {
            events.append("+\(name) ")
            if let failure { throw failure }
            try await gracefulShutdown()
            events.append("-\(name) ")
        }
    }

    private struct Trouble: UserFacingError {
        var message: UserMessage { UserMessage(9, UserText(zh: "总线连不上 13800001234", en: "no bus")) }
        var exitCode: ExitCode { .unreachable }
    }

    private func definition(
        _ events: TextBox, failure: (any Error)? = nil, look: @escaping @Sendable (ServiceContext) -> Void = { _ in }
    ) -> ServiceDefinition {
        ServiceDefinition(
            name: "intake", summary: .plain("test"), settings: [], parts: ["log", "feed"]
        ) { context in
            look(context)
            return [
                Part(name: "first", events: events, failure: nil),
                Part(name: "second", events: events, failure: failure),
            ]
        }
    }

    /// The status and body that a path answers with.
    private func get(_ port: Int, _ path: String) async throws -> (status: Int, body: String) {
        let url = try #require(URL(string: "http://127.0.0.1:\(port)/\(path)"))
        return try await withCheckedThrowingContinuation { continuation in
            let task = URLSession.shared.dataTask(with: url) { data, response, error in
                if let error { return continuation.resume(throwing: error) }
                let status = (response as? HTTPURLResponse)?.statusCode ?? 0
                continuation.resume(returning: (status, String(decoding: data ?? Data(), as: UTF8.self)))
            }
            task.resume()
        }
    }

    /// The flags of the descriptor of this process that listens at a port.
    private func flags(ofListenerAt port: Int) -> Int32? {
        for descriptor in Int32(3)..<1_024 {
            var listens: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            guard getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) == 0, listens != 0 else {
                continue
            }
            var address = sockaddr_in()
            length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let isNamed = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) == 0 }
            }
            if isNamed, UInt16(bigEndian: address.sin_port) == port { return fcntl(descriptor, F_GETFD) }
        }
        return nil
    }

    @Test("运维端口答健康、就绪和指标，停止时各部分按次序结束", .timeLimit(.minutes(10)))
    func wholeLife() async throws {
        let events = TextBox()
        let errors = TextBox()
        let (ports, portsIn) = AsyncStream<Int>.makeStream()
        let (contexts, contextsIn) = AsyncStream<ServiceContext>.makeStream()
        let definition = definition(events) { contextsIn.yield($0) }
        let running = Task {
            await ServiceRunner.run(
                definition, arguments: ["--log-format", "json"], environment: [:],
                output: .init(standardOutput: { _ in }, standardError: errors.append), stopSignals: [.sigusr2]
            ) { portsIn.yield($0) }
        }
        let port = try #require(await ports.first { _ in true })
        let context = try #require(await contexts.first { _ in true })
        // What is started from a service, a reporter of crashes say, does not keep its port.
        #expect(try #require(flags(ofListenerAt: port)) & FD_CLOEXEC != 0)
        #expect(try await get(port, "healthz") == (200, "ok\n"))
        #expect(try await get(port, "readyz") == (503, "not ready\nfeed: starting\nlog: starting\n"))
        context.readiness.markReady("log")
        context.readiness.markWaiting(
            "feed", reason: UserText(zh: "还差 1200 个事件", en: "1200 events behind"))
        #expect(try await get(port, "readyz") == (503, "not ready\nfeed: 1200 events behind\n"))
        #expect(try await get(port, "readyz?lang=zh-Hans") == (503, "未就绪 not ready\nfeed: 还差 1200 个事件\n"))
        context.readiness.markReady("feed")
        #expect(try await get(port, "readyz") == (200, "ready\n"))
        #expect(try await get(port, "readyz?lang=zh-Hans") == (200, "就绪 ready\n"))
        #expect(try await get(port, "healthz?lang=zh-Hans") == (200, "正常 ok\n"))
        #expect(try await get(port, "metrics").body.contains("guanhuai_build_info{service=\"intake\""))
        #expect(try await get(port, "nothing").status == 404)
        kill(getpid(), SIGUSR2)
        #expect(await running.value == .success)
        #expect(events.value.hasSuffix("-second -first "))
        let log = errors.value
        #expect(log.contains("\"message\":\"starting\"") && log.contains("\"message\":\"stopped\""))
        #expect(log.contains("\"port\":\"\(port)\""))
    }

    @Test("一部分失败时整个服务停下，说明原因并给出约定的退出码", .timeLimit(.minutes(10)))
    func failingPart() async {
        let errors = TextBox()
        let code = await ServiceRunner.run(
            definition(TextBox(), failure: Trouble()), arguments: [], environment: [:],
            output: .init(standardOutput: { _ in }, standardError: errors.append), stopSignals: [])
        #expect(code == .unreachable)
        #expect(errors.value.hasSuffix("CARE-0009 总线连不上 ***\n"))
    }

    @Test("没有预料到的错误是内部错误", .timeLimit(.minutes(10)))
    func unexpectedError() async {
        let errors = TextBox()
        let code = await ServiceRunner.run(
            definition(TextBox(), failure: CancellationError()), arguments: ["--lang", "en"], environment: [:],
            output: .init(standardOutput: { _ in }, standardError: errors.append), stopSignals: [])
        #expect(code == .internalError)
        #expect(errors.value.contains("CARE-6030 intake stopped by an internal error"))
    }

    @Test("端口被占用时说清楚是哪个端口", .timeLimit(.minutes(10)))
    func portTaken() async throws {
        let taken = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(taken) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                #expect(bind(taken, address, length) == 0)
                #expect(listen(taken, 1) == 0)
                #expect(getsockname(taken, address, &length) == 0)
            }
        }
        let port = UInt16(bigEndian: address.sin_port)
        let errors = TextBox()
        let code = await ServiceRunner.run(
            definition(TextBox()), arguments: ["--ops-port", "\(port)"], environment: [:],
            output: .init(standardOutput: { _ in }, standardError: errors.append), stopSignals: [])
        #expect(code == .unreachable)
        #expect(errors.value.contains("CARE-6022") && errors.value.contains("127.0.0.1:\(port)"))
    }

    @Test("运维端口不能开在本机以外", arguments: ["0.0.0.0", "192.168.1.2", "::", "127.0.0.1.evil", "localhost.evil"])
    func loopbackOnly(_ host: String) async {
        let errors = TextBox()
        let code = await ServiceRunner.run(
            definition(TextBox()), arguments: ["--ops-host", host], environment: [:],
            output: .init(standardOutput: { _ in }, standardError: errors.append), stopSignals: [])
        #expect(code == .usage && errors.value.contains("CARE-6021"))
    }

    @Test("运维端口:闲着的连接到时关掉,同时开着的有上限", .timeLimit(.minutes(5)))
    func idleConnections() async throws {
        let (ports, portsIn) = AsyncStream<Int>.makeStream()
        let server = try OpsServer(
            host: "127.0.0.1", port: 0, readiness: Readiness(parts: []), metrics: MetricsRegistry(),
            logger: Logger(label: "test"), idleLimit: .seconds(1), connectionLimit: 2
        ) { portsIn.yield($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            let port = try #require(await ports.first { _ in true })
            let idle = (0..<2).map { _ in Self.connect(to: port) }
            defer { for descriptor in idle { close(descriptor) } }
            #expect(idle.allSatisfy { $0 >= 0 })
            // Both places are taken; whoever asks is answered when they were closed for saying nothing.
            let asked = ContinuousClock.now
            #expect(try await get(port, "healthz").status == 200)
            #expect(ContinuousClock.now - asked > .milliseconds(300))
            for descriptor in idle {
                var byte: UInt8 = 0
                #expect(recv(descriptor, &byte, 1, 0) == 0)
            }
            group.cancelAll()
        }
    }

    private static func connect(to port: Int) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return result == 0 ? descriptor : -1
    }
}
