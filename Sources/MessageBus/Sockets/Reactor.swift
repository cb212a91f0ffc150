import Foundation
import ZeroMQ

/// Runs one service core on one dedicated thread with all its sockets.
///
/// The thread makes, uses and closes the sockets and the core; other threads reach it through ``post(_:)``, which is
/// bounded, and ``replacePeers(_:)``. A turn takes what has arrived (bounded), steps the core with each input, calls its
/// `turnEnded` once, sends what that gave, and waits for the next frame, timer or post.
///
/// Stopping: new requests are refused, the core settles what is under way, sockets close on their thread, the thread
/// ends. The context is the caller's to end afterwards.
package final class Reactor<Core: ServiceCore>: Sendable {
    /// Why a reactor could not start, or ended by itself.
    package enum Failure: Error, Sendable {
        /// A socket could not be opened or bound; `isRetriable` says whether trying again helps.
        case socket(ZMQError)
        /// An address could not be bound.
        case cannotListen(address: String, ZMQError)
        /// The core could not be made.
        case core(any Error)
        /// It was started or stopped before.
        case notStartable
    }

    private enum Control: Sendable {
        case peers(PeerRegistry)
        case stop
    }

    private let configuration: ReactorConfiguration
    private let context: ZMQContext
    private let makeCore: @Sendable () throws -> Core
    private let work: (@Sendable (Core.Work) -> Core.External)?
    private let log: @Sendable (BusLogEntry) -> Void
    private let figures: (@Sendable (BusFigures) -> Void)?
    private let wake: WakeFD
    private let inbox: BoundedQueue<Core.External>
    private let results: BoundedQueue<Core.External>
    private let control: BoundedQueue<Control>
    private let lifecycle = ReactorLifecycle()

    /// A reactor at rest.
    /// - Parameters:
    ///   - context: the process's context; end it after the reactor has stopped.
    ///   - work: does a job on the worker thread; without it `.work` is refused.
    ///   - log: takes lines for the operator's log, on one of the reactor's threads; must not wait.
    ///   - figures: takes what the bus has seen, at most once a second, on the reactor's thread; must not wait.
    ///   - makeCore: makes the core, on the reactor's thread.
    /// - Throws: `ZMQError` when the process has no descriptors left; a retry may help later.
    package init(
        _ configuration: ReactorConfiguration, context: ZMQContext,
        work: (@Sendable (Core.Work) -> Core.External)? = nil,
        log: @escaping @Sendable (BusLogEntry) -> Void = { _ in }, figures: (@Sendable (BusFigures) -> Void)? = nil,
        makeCore: @escaping @Sendable () throws -> Core
    ) throws(ZMQError) {
        self.configuration = configuration
        self.context = context
        self.makeCore = makeCore
        self.work = work
        self.log = log
        self.figures = figures
        wake = try WakeFD()
        inbox = BoundedQueue(capacity: configuration.inboxCapacity, wake: wake)
        // Results are bounded by the jobs that were taken.
        results = BoundedQueue(capacity: configuration.workCapacity + 1, wake: wake)
        control = BoundedQueue(capacity: 64, wake: wake)
    }

    /// Starts the thread and waits until the sockets are bound and the core has taken its first input.
    /// - Returns: where it listens.
    /// - Throws: `Failure`.
    @discardableResult
    package func start() async throws -> BoundAddresses {
        guard lifecycle.begin() else { throw Failure.notStartable }
        let thread = Thread { [self] in
            nameThread(configuration.name)
            let failure = runLoop()
            inbox.close()
            lifecycle.ended(failure)
        }
        thread.stackSize = 8 << 20
        thread.start()
        return try await lifecycle.waitUntilStarted()
    }

    /// Gives the core an input from any thread. False when the inbox is full or the reactor has stopped: try later.
    package func post(_ external: Core.External) -> Bool {
        inbox.post(external)
    }

    /// Puts another key list in force, from any thread. A list with an older generation is ignored.
    package func replacePeers(_ registry: PeerRegistry) {
        _ = control.post(.peers(registry))
    }

    /// Begins to stop, from any thread; `waitUntilStopped` tells when it has.
    package func beginStop() {
        _ = control.post(.stop)
    }

    /// Waits until the thread has ended.
    /// - Throws: `Failure` when it ended by itself because of a fault.
    package func waitUntilStopped() async throws {
        try await lifecycle.waitUntilEnded()
    }

    /// Stops and waits for the end.
    package func stop() async throws {
        beginStop()
        try await waitUntilStopped()
    }

    /// Starts, waits for the end, and stops when the task is cancelled. For service-lifecycle call `beginStop` from the
    /// graceful shutdown handler.
    package func run() async throws {
        try await withTaskCancellationHandler {
            try await start()
            try await waitUntilStopped()
        } onCancel: {
            beginStop()
        }
    }

    // MARK: On the thread

    private func runLoop() -> Failure? {
        let worker = work.map { work in
            let name = "\(configuration.name)-work"
            return Worker<Core.Work>(
                name: name, capacity: configuration.workCapacity, finishesJobs: configuration.finishesWork
            ) { [results] job in
                // Never refused: there is room for every job that was taken.
                _ = results.post(work(job))
            }
        }
        defer { worker?.stop() }
        do {
            let sockets = try ServiceSockets<Core.Work>(
                configuration, context: context, startWork: { worker?.start($0) ?? false }, log: log)
            let core: Core
            do { core = try makeCore() } catch { return .core(error) }
            var settings = configuration.settings
            for (index, link) in configuration.links.enumerated() {
                var client = settings.link(LinkID(rawValue: index))
                client.endpointCount = link.endpoints.count
                settings.clientByLink[LinkID(rawValue: index)] = client
            }
            let now = SystemClock.now()
            let node = BusNode(
                core: core, transport: sockets, registry: configuration.peers, linkCount: configuration.links.count,
                settings: settings, now: now)
            node.start(now: now)
            let doorkeeper = try watchDoor(of: sockets.bound)
            defer { doorkeeper?.stop() }
            lifecycle.started(sockets.bound)
            try serve(node, sockets, worker, doorkeeper)
            node.end()
            return nil
        } catch let error as ListenError {
            return .cannotListen(address: error.address, error.cause)
        } catch let error as ZMQError {
            return .socket(error)
        } catch {
            return .core(error)
        }
    }

    /// Ends connections of strangers that never show a key, when there are too many; nil for who listens nowhere.
    private func watchDoor(of bound: BoundAddresses) throws(ZMQError) -> Doorkeeper? {
        let endpoints = [bound.server, bound.feed].compactMap { $0 }
        guard !endpoints.isEmpty else { return nil }
        return try Doorkeeper(endpoints: endpoints, name: "\(configuration.name)-door") { [log] look in
            log(
                BusLogEntry(
                    .warning, "too many connections without a key, some are ended",
                    ["files": "\(look.files)", "without_key": "\(look.halfOpen)", "ended": "\(look.ended)"]))
        }
    }

    private func serve(
        _ node: BusNode<Core, ServiceSockets<Core.Work>>, _ sockets: ServiceSockets<Core.Work>,
        _ worker: Worker<Core.Work>?, _ doorkeeper: Doorkeeper?
    ) throws {
        var stopDeadline = MonotonicTime.never
        var figuresDue = SystemClock.now().monotonic
        var external: [Core.External] = []
        var commands: [Control] = []
        while true {
            var watch = SocketWatch()
            try sockets.join(&watch)
            let wakePlace = watch.add(descriptor: wake.descriptor)
            var nextMaintenance = MonotonicTime.never
            while !sockets.socketsChanged {
                // At least once a second, so that it shows when nobody looked for longer.
                let due = min(node.nextTick, nextMaintenance, stopDeadline, SystemClock.now().monotonic + .seconds(1))
                let hasMore = try sockets.mayHaveMessages()
                _ = try watch.wait(timeout: hasMore || node.needsTurn ? .zero : Self.timeout(until: due))
                let now = SystemClock.now()
                if watch.isSignalled(at: wakePlace) { wake.drain() }
                sockets.take(watch)
                node.judgeKeys(now: now)
                try sockets.drain(into: node, now: now)
                for queue in [results, inbox] {
                    queue.drain(into: &external)
                    for value in external { node.received(value, now: now) }
                    external.removeAll(keepingCapacity: true)
                }
                control.drain(into: &commands)
                for command in commands {
                    switch command {
                    case .peers(let registry): node.replacePeers(registry, now: now)
                    case .stop: node.beginStop(now: now)
                    }
                }
                commands.removeAll(keepingCapacity: true)
                node.turnEnded(now: now)
                nextMaintenance = try sockets.maintain(now: now.monotonic)
                if let figures, now.monotonic >= figuresDue {
                    figuresDue = now.monotonic + .seconds(1)
                    var seen = sockets.adding(to: node.figures, jobsWaiting: worker?.waiting ?? 0)
                    seen.halfOpenEnded = doorkeeper?.ended ?? 0
                    figures(seen)
                }
                if node.wantsStop && !node.isStopping { node.beginStop(now: now) }
                guard node.isStopping else { continue }
                stopDeadline = min(stopDeadline, now.monotonic + configuration.stopTimeout)
                if (node.isSettled && !node.needsTurn) || now.monotonic >= stopDeadline {
                    node.finishStop(now: now)
                    node.turnEnded(now: now)
                    return
                }
            }
        }
    }

    private static func timeout(until due: MonotonicTime) -> Duration? {
        guard due != .never else { return nil }
        return max(.zero, due - SystemClock.now().monotonic)
    }
}
