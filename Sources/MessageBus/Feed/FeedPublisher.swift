/// The sending side of feed (a): puts what was appended into frames of bounded size, and sends the head each second.
///
/// Pure. Only what is durable may be published. Segments of one turn that follow each other share frames.
package struct FeedPublisher {
    /// Bounds and times of the feed.
    package struct Settings: Sendable {
        /// Segments are joined up to this size; a single segment may be larger.
        package var frameBytes = 256 << 10
        /// Interval of heartbeats.
        package var heartbeatInterval: Duration = .seconds(1)

        /// Defaults.
        package init() {}
    }

    private let settings: Settings
    private let epoch: UInt64
    private var waiting: FeedSegment?
    private var waitingBytes = 0
    private var nextHeartbeat: MonotonicTime
    /// Cursor after everything that was published.
    package private(set) var head: EncodedCursor

    /// A feed that stands at `head`, written under `epoch`. The first heartbeat is due at once.
    package init(settings: Settings, epoch: UInt64, head: EncodedCursor, now: MonotonicTime) {
        self.settings = settings
        self.epoch = epoch
        self.head = head
        nextHeartbeat = now
    }

    /// When `tick` is to be called next.
    package var nextTick: MonotonicTime { nextHeartbeat }

    /// Takes a segment; adds frames that are full to `frames`.
    package mutating func publish(_ segment: FeedSegment, frames: inout [[UInt8]]) {
        head = segment.cursorAfter
        let bytes = segment.events.reduce(0) { $0 + $1.record.count + $1.hash.count + 24 }
        if var joined = waiting {
            if joined.cursorAfter == segment.cursorBefore && waitingBytes + bytes <= settings.frameBytes {
                waiting = nil
                joined.events.append(contentsOf: segment.events)
                joined.cursorAfter = segment.cursorAfter
                waiting = joined
                waitingBytes += bytes
                return
            }
            flush(frames: &frames)
        }
        waiting = segment
        waitingBytes = bytes
        if bytes >= settings.frameBytes { flush(frames: &frames) }
    }

    /// Adds what waits to `frames`; called at the end of each turn.
    package mutating func flush(frames: inout [[UInt8]]) {
        guard let segment = waiting else { return }
        waiting = nil
        waitingBytes = 0
        frames.append(FeedMessage.frame(epoch: epoch, segment).encoded())
    }

    /// Adds a heartbeat when one is due.
    package mutating func tick(now: MonotonicTime, frames: inout [[UInt8]]) {
        guard now >= nextHeartbeat else { return }
        flush(frames: &frames)
        frames.append(FeedMessage.heartbeat(epoch: epoch, head: head).encoded())
        nextHeartbeat = now + settings.heartbeatInterval
    }
}
