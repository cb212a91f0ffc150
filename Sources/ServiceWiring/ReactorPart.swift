import Logging
import MessageBus
import ServiceKit
import ServiceLifecycle

/// A reactor as a long-running part of a service: starts, says that it is ready, stops in order.
package struct ReactorPart<Core: ServiceCore>: Service {
    private let reactor: Reactor<Core>
    private let readiness: Readiness
    private let part: String
    private let logger: Logger

    /// - Parameter part: Name at `/readyz`.
    package init(_ reactor: Reactor<Core>, readiness: Readiness, part: String = "bus", logger: Logger) {
        self.reactor = reactor
        self.readiness = readiness
        self.part = part
        self.logger = logger
    }

    package func run() async throws {
        let reactor = self.reactor
        try await withGracefulShutdownHandler {
            let bound = try await reactor.start()
            logger.info("listening", metadata: ["endpoint": "\(bound.server ?? "-")", "feed": "\(bound.feed ?? "-")"])
            readiness.markReady(part)
            try await reactor.waitUntilStopped()
        } onGracefulShutdown: {
            readiness.markWaiting(part, reason: "stopping")
            reactor.beginStop()
        }
    }
}

/// Looks at the list of peers twice a second and puts a changed one in force; a wrong one is reported and left aside.
package struct PeerWatcher: Service {
    private let path: String
    private let replace: @Sendable (PeerRegistry) -> Void
    private let logger: Logger

    package init(path: String, logger: Logger, replace: @escaping @Sendable (PeerRegistry) -> Void) {
        self.path = path
        self.logger = logger
        self.replace = replace
    }

    package func run() async throws {
        var generation: UInt64 = 1
        var seen = FileStamp(path: path)
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(500))
            let stamp = FileStamp(path: path)
            guard stamp != seen else { continue }
            seen = stamp
            do {
                generation += 1
                replace(try PeerRegistry(file: path, generation: generation))
                logger.info("peer list replaced", metadata: ["generation": "\(generation)"])
            } catch let error as any UserFacingError {
                logger.error(
                    "peer list is wrong, the one before stays",
                    metadata: ["reason": "\(error.message.line(in: .english))"])
            } catch {
                logger.error("peer list is wrong, the one before stays")
            }
        }
    }
}
