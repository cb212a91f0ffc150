import CZeroMQ
import Foundation

/// Ends half-open connections beyond their bound, on a thread of its own, for as long as it lives.
///
/// libzmq takes every connection and keeps it until the handshake is done or its time is over, and gives no say in it.
/// So this looks at the process's own files: which are connections at our ports, from where, and how much we have sent on
/// each. That tells how far a handshake is and cannot be feigned by the peer: until a key is accepted we send 64 bytes of
/// greeting and 170 of WELCOME, or an ERROR of at most 20 more; READY, which comes after, makes it 286 or more. What is to
/// end, and has not come further since it was looked at, is shut down in both directions; libzmq closes it then. So a peer
/// whose key is just being judged never hears READY, keeps what it has to say and says it on its next connection: shut down
/// for reading alone it would hear READY, speak, and not be heard.
///
/// While fewer files are open than may be half-open, it costs a few system calls twenty times a second; while strangers press, some
/// twentieth of a processor.
///
/// `@unchecked Sendable`: `counts` and `state` are behind locks; `leaving` is the thread's alone; the rest never changes.
package final class Doorkeeper: @unchecked Sendable {
    /// What a look found and did.
    package struct Look: Sendable, Hashable {
        /// Files open in all, the half-open ones among them.
        package var files = 0
        /// Half-open connections that were there.
        package var halfOpen = 0
        /// Those that were ended.
        package var ended = 0
    }

    private struct Lifecycle {
        var isStopping = false
        var hasEnded = false
    }

    private let ports: Set<UInt16>
    /// As if the process might have so many files open; nil: as it may.
    private let files: Int?
    private let wake: WakeFD
    /// Through which connections are ended, so that this needs no file when there is none left; rests on `wake`.
    private let spare: WakeFD
    private let counts = Locked(0)
    private let lifecycle = NSCondition()
    private var state = Lifecycle()
    /// What was ended and libzmq has not yet closed: descriptor and the peer's port.
    private var leaving: [Int32: UInt16] = [:]
    private let onPressure: @Sendable (Look) -> Void

    /// Bytes that are sent before a key is accepted, and some; below what is sent by then.
    static let bytesBeforeKey: UInt64 = 256
    /// Bytes that are sent before a peer has shown that it knows our public key.
    static let bytesOfGreeting: UInt64 = 64
    private static let calm = Duration.milliseconds(50)
    private static let busy = Duration.milliseconds(5)
    /// Looks at the busy pace after the last that ended something: a second.
    private static let busyLooks = 200
    /// Numbers of files that are looked at to tell whether that many are open: the kernel gives out the lowest free one.
    private static let sample: Int32 = 16
    /// So many closed numbers one after the other, and none is open behind them.
    private static let gap: Int32 = 1_024

    /// Begins to watch.
    /// - Parameters:
    ///   - endpoints: addresses as they were bound, such as `tcp://127.0.0.1:5701`; others than TCP are not watched.
    ///   - files: takes the place of the process's limit of open files, for tests.
    ///   - onPressure: told of a look that ended something, at most once a minute, on the watching thread.
    /// - Throws: `ZMQError` when the process has no descriptors left; a retry may help later.
    package init(
        endpoints: [String], name: String, files: Int? = nil,
        onPressure: @escaping @Sendable (Look) -> Void = { _ in }
    ) throws(ZMQError) {
        self.files = files
        ports = Self.ports(of: endpoints)
        wake = try WakeFD()
        spare = try WakeFD()
        self.onPressure = onPressure
        let thread = Thread { [self] in
            Thread.current.name = name
            run()
        }
        thread.start()
    }

    /// The ports of TCP addresses.
    static func ports(of endpoints: [String]) -> Set<UInt16> {
        Set(
            endpoints.filter { $0.hasPrefix("tcp://") }
                .compactMap { $0.split(separator: ":").last.flatMap { UInt16($0) } })
    }

    /// Connections that were ended so far.
    package var ended: Int { counts.withLock { $0 } }

    /// Ends the thread and waits for that.
    package func stop() {
        lifecycle.lock()
        state.isStopping = true
        wake.signal()
        while !state.hasEnded { lifecycle.wait() }
        lifecycle.unlock()
    }

    private var isStopping: Bool {
        lifecycle.lock()
        defer { lifecycle.unlock() }
        return state.isStopping
    }

    private func run() {
        var watch = SocketWatch()
        _ = watch.add(descriptor: wake.descriptor)
        var busyLooks = 0
        var told: ContinuousClock.Instant?
        while !isStopping {
            _ = try? watch.wait(timeout: busyLooks > 0 ? Self.busy : Self.calm)
            let look = look()
            busyLooks = look.ended > 0 ? Self.busyLooks : max(0, busyLooks - 1)
            guard look.ended > 0, told.map({ .now - $0 >= .seconds(60) }) ?? true else { continue }
            told = .now
            onPressure(look)
        }
        lifecycle.lock()
        state.hasEnded = true
        lifecycle.broadcast()
        lifecycle.unlock()
    }

    // MARK: Looking

    /// Looks once and ends what is too much.
    private func look() -> Look {
        let bound = HalfOpenBound(files: files ?? Int(clamping: care_open_file_limit()))
        guard Self.isOpen(around: Int32(clamping: bound.usual)) else {
            leaving = [:]
            return Look()
        }
        var (found, files) = survey(upTo: Int32(clamping: care_open_file_limit()))
        let stillLeaving = found.filter { leaving[$0.key.descriptor] == $0.value.peer_port }
        leaving = [:]
        for (connection, seen) in stillLeaving {
            leaving[connection.descriptor] = seen.peer_port
            found[connection] = nil
        }
        var look = Look(files: files, halfOpen: found.count)
        let allowed = bound.allowed(besides: files - found.count - leaving.count)
        for one in HalfOpenBound.excess(of: Array(found.keys), allowed: allowed) {
            guard var seen = found[one] else { continue }
            let isEnded = care_tcp_end(one.descriptor, spare.descriptor, wake.descriptor, &seen)
            guard isEnded != 0 else { continue }
            leaving[one.descriptor] = seen.peer_port
            look.ended += 1
        }
        counts.withLock { $0 += look.ended }
        return look
    }

    /// Whether about so many files are open.
    private static func isOpen(around number: Int32) -> Bool {
        let open = (number..<number + sample).count { care_is_open($0) != 0 }
        return open >= sample / 2
    }

    private func survey(
        upTo limit: Int32
    ) -> (found: [HalfOpenConnection: care_tcp_connection], files: Int) {
        var found: [HalfOpenConnection: care_tcp_connection] = [:]
        var files = 0
        var lastOpen: Int32 = 0
        for descriptor in 0..<limit {
            guard care_is_open(descriptor) != 0 else {
                if descriptor - lastOpen > Self.gap { break }
                continue
            }
            lastOpen = descriptor
            files += 1
            var seen = care_tcp_connection()
            guard care_tcp_read(descriptor, &seen) != 0, ports.contains(seen.port), seen.sent <= Self.bytesBeforeKey
            else { continue }
            found[Self.connection(descriptor, seen)] = seen
        }
        return (found, files)
    }

    private static func connection(_ descriptor: Int32, _ seen: care_tcp_connection) -> HalfOpenConnection {
        let (high, low) = withUnsafeBytes(of: seen.peer) {
            (
                UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)),
                UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
        let isIPv4 = high == 0 && low >> 32 == 0xFFFF
        return HalfOpenConnection(
            descriptor: descriptor, origin: HalfOpenConnection.Origin(high: high, low: isIPv4 ? low : 0),
            stage: seen.sent > bytesOfGreeting ? .greeted : .silent, idleMilliseconds: seen.idle_milliseconds)
    }
}
