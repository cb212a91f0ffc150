import Logging
import MessageBus
import ServiceKit
import ServiceLifecycle
import ZeroMQ

/// A reactor as a long-running part of a service: starts, says that it is ready, stops in order.
package struct ReactorPart<Core: ServiceCore>: Service {
    private let reactor: Reactor<Core>
    private let readiness: Readiness
    private let part: String
    private let logger: Logger
    private let end: ServiceEnd?

    /// - Parameters:
    ///   - part: Name at `/readyz`.
    ///   - end: Where the core notes why it stops by itself.
    package init(
        _ reactor: Reactor<Core>, readiness: Readiness, part: String = "bus", logger: Logger, end: ServiceEnd? = nil
    ) {
        self.end = end
        self.reactor = reactor
        self.readiness = readiness
        self.part = part
        self.logger = logger
    }

    package func run() async throws {
        let reactor = self.reactor
        do {
            try await withTaskCancellationOrGracefulShutdownHandler {
                let bound = try await reactor.start()
                logger.info(
                    "listening", metadata: ["endpoint": "\(bound.server ?? "-")", "feed": "\(bound.feed ?? "-")"])
                readiness.markReady(part)
                try await reactor.waitUntilStopped()
            } onCancelOrGracefulShutdown: {
                // Cancelled: another part of the service has failed, and this one must not keep the process.
                readiness.markWaiting(part, reason: UserText(zh: "正在停止", en: "stopping"))
                reactor.beginStop()
            }
        } catch Reactor<Core>.Failure.cannotListen(let address, let cause) {
            throw ReactorProblem.cannotListen(address: address, cause)
        }
        if !Task.isShuttingDownGracefully, !Task.isCancelled {
            throw end?.reason ?? (ReactorProblem.stoppedByItself as any UserFacingError)
        }
    }
}

/// Why a service's reactor is not running.
package enum ReactorProblem: UserFacingError {
    case cannotListen(address: String, ZMQError)
    /// The core asked to stop, because going on would endanger the data; its reason is in the log.
    case stoppedByItself

    package var message: UserMessage {
        switch self {
        case .cannotListen(let address, let cause):
            UserMessage(
                6052,
                UserText(
                    zh: "打不开通信地址 \(address)（\(cause.message)）",
                    en: "cannot listen on \(address) (\(cause.message))"),
                advice: cause.isAddressInUse
                    ? UserText(zh: "已被占用，请换一个端口或停掉占用它的程序", en: "it is taken: choose another port or stop what uses it")
                    : UserText(zh: "地址应如 tcp://127.0.0.1:7201", en: "an address looks like tcp://127.0.0.1:7201"))
        case .stoppedByItself:
            UserMessage(
                6053, UserText(zh: "服务为保护数据而停止", en: "the service stopped to protect the data"),
                advice: UserText(zh: "原因见上面的日志，处理后再启动", en: "the log above says why: see to it, then start again"))
        }
    }

    package var exitCode: ExitCode {
        switch self {
        case .cannotListen(_, let cause): cause.isAddressInUse ? .unreachable : .usage
        case .stoppedByItself: .internalError
        }
    }
}

/// Looks at the list of peers four times a second and puts a changed one in force; a wrong one is reported and left aside.
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
            try? await Task.sleep(for: .milliseconds(250))
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
