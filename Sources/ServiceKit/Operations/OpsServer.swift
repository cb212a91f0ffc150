import Hummingbird
import HummingbirdCore
import Logging
import ServiceLifecycle
import Synchronization

/// The operators' door of a service: `/healthz` (the process answers), `/readyz` (it can do its work, or what is
/// missing, in English or with `?lang=zh-Hans` in Chinese) and `/metrics` (Prometheus), over plain HTTP on loopback.
///
/// It has no rights of its own and shows no personal data, so it needs no login; it must not leave the machine either,
/// hence loopback addresses only.
package struct OpsServer: Service {
    private let host: String
    private let port: Int
    private let readiness: Readiness
    private let metrics: MetricsRegistry
    private let logger: Logger
    private let onListening: @Sendable (Int) -> Void
    private let idleLimit: Duration
    private let connectionLimit: Int

    /// - Parameters:
    ///   - host: a loopback address.
    ///   - port: 0 lets the kernel choose a free one.
    ///   - readiness: what `/readyz` answers from.
    ///   - metrics: what `/metrics` answers from.
    ///   - logger: gets the port that was opened.
    ///   - idleLimit: how long a connection may say nothing before it is closed.
    ///   - connectionLimit: how many may be open at once; further ones wait until one is closed.
    ///   - onListening: called once with the port.
    /// - Throws: `OpsServerError.notLoopback`; a retry does not help.
    package init(
        host: String,
        port: Int,
        readiness: Readiness,
        metrics: MetricsRegistry,
        logger: Logger,
        idleLimit: Duration = .seconds(30),
        connectionLimit: Int = 128,
        onListening: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws {
        guard Self.isLoopback(host) else { throw OpsServerError.notLoopback(host: host) }
        self.host = host
        self.port = port
        self.readiness = readiness
        self.metrics = metrics
        self.logger = logger
        self.onListening = onListening
        self.idleLimit = idleLimit
        self.connectionLimit = connectionLimit
    }

    /// Serves until graceful shutdown.
    /// - Throws: `OpsServerError.cannotListen` when the port is taken; it may be free later.
    package func run() async throws {
        // What the library says of a failed start or a stop says no more than the error that is thrown.
        var quiet = logger
        quiet.logLevel = .critical
        let hasOpened = Atomic(false)
        let application = Application(
            router: router(),
            server: .http1(
                configuration: .init(idleTimeout: .milliseconds(idleLimit.components.seconds * 1000))),
            configuration: .init(
                address: .hostname(host, port: port), serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(connectionLimit, logger: quiet)),
            onServerRunning: { channel in
                let opened = channel.localAddress?.port ?? port
                logger.info(
                    "operations port open",
                    metadata: [LogKey.endpoint: "http://\(host):\(opened)", LogKey.port: "\(opened)"])
                hasOpened.store(true, ordering: .relaxed)
                onListening(opened)
            },
            logger: quiet)
        do {
            try await application.run()
        } catch  where !hasOpened.load(ordering: .relaxed) {
            throw OpsServerError.cannotListen(host: host, port: port, reason: "\(error)")
        }
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("healthz") { request, _ in
            Self.text(.ok, UserText(zh: "正常 ok", en: "ok")[Self.language(request)] + "\n")
        }
        router.get("readyz") { [readiness] request, _ in
            let language = Self.language(request)
            let waiting = readiness.waiting
            guard !waiting.isEmpty else {
                return Self.text(.ok, UserText(zh: "就绪 ready", en: "ready")[language] + "\n")
            }
            let lines = waiting.map { "\($0.part): \($0.reason[language])\n" }.joined()
            return Self.text(
                .serviceUnavailable, UserText(zh: "未就绪 not ready", en: "not ready")[language] + "\n" + lines)
        }
        router.get("metrics") { [metrics] _, _ in
            Self.text(.ok, metrics.exposition(), type: "text/plain; version=0.0.4; charset=utf-8")
        }
        return router
    }

    /// Probes look at the status, and some at the bare word: that is what they get. A person asks with `?lang=zh-Hans`.
    private static func language(_ request: Request) -> Language {
        request.uri.queryParameters["lang"].flatMap { Language(tag: String($0)) } ?? .english
    }

    private static func text(
        _ status: HTTPResponse.Status, _ body: String, type: String = "text/plain; charset=utf-8"
    ) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = type
        headers[.cacheControl] = "no-store"
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: body)))
    }

    /// True for `localhost`, `::1` and 127.0.0.0/8.
    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

/// Why the operators' door could not be opened.
package enum OpsServerError: UserFacingError, Hashable {
    case notLoopback(host: String)
    case cannotListen(host: String, port: Int, reason: String)

    package var exitCode: ExitCode {
        switch self {
        case .notLoopback: .usage
        case .cannotListen: .unreachable
        }
    }

    package var message: UserMessage {
        switch self {
        case .notLoopback(let host):
            UserMessage(
                6021,
                UserText(zh: "运维端口只能开在本机地址，不能是 \(host)", en: "the operations port is for loopback only, not \(host)"),
                advice: UserText(zh: "请改为 127.0.0.1", en: "use 127.0.0.1"))
        case .cannotListen(let host, let port, let reason):
            UserMessage(
                6022,
                UserText(
                    zh: "打不开运维端口 \(host):\(port)（\(reason)）",
                    en: "cannot open the operations port \(host):\(port) (\(reason))"),
                advice: UserText(
                    zh: "可能已被占用，请换一个端口或停掉占用它的程序", en: "it may be taken: choose another or stop what uses it"))
        }
    }
}
