/// The receiving side of feed (a): hands over every event exactly once and in order, whatever the feed loses, repeats
/// or reorders, by reading the log wherever the feed has a gap.
///
/// Pure. Cursors are opaque: a frame fits when it begins exactly where the follower stands; anything else is a repeat
/// or a gap, and the log decides.
package struct FeedFollower {
    /// Bounds and times of a follower.
    package struct Settings: Sendable {
        /// Size of the pages that are read from the log.
        package var pageBytes: UInt32 = 1 << 20
        /// Frames that are kept while the log is read; more are dropped and read from the log later.
        package var maximumBuffered = 8
        /// Time without frame or heartbeat until the log is asked.
        package var silenceLimit: Duration = .milliseconds(3_500)
        /// Pauses after failed reads.
        package var backoff = Backoff()

        /// Defaults.
        package init() {}
    }

    /// What the follower is doing.
    package enum State: Sendable, Hashable {
        /// Reading the log.
        case catchingUp
        /// Standing at the head of what it knows of.
        case live
        /// The log is not the one that was followed: it was put back to an older state. Nothing more is handed over.
        case diverged
    }

    /// Epochs between two restored states of a log are at least this far apart, so that who follows across a restore
    /// notices it. A log is opened fewer times than this between two backups.
    package static let epochsPerRestore: UInt64 = 1 << 20

    /// What whoever runs the machine has to do, in this order.
    package enum Action: Sendable, Hashable {
        /// Ask the log for what follows `cursor`; answer with `page` or `pageFailed` and the same number.
        case read(number: UInt64, LogPageRequest)
        /// Hand these events over; nothing lies between them and what was handed over before.
        case deliver(FeedSegment)
        /// The state changed.
        case state(State)
    }

    /// What was seen, for metrics.
    package struct Counters: Sendable, Hashable {
        /// Frames that fitted.
        package var frames = 0
        /// Frames seen before or of an older epoch.
        package var repeated = 0
        /// Gaps noticed.
        package var gaps = 0
        /// Pages read from the log.
        package var pages = 0
        /// Messages that could not be read.
        package var malformed = 0
    }

    private let settings: Settings
    private var buffered: [FeedSegment] = []
    private var reading: UInt64?
    private var lastNumber: UInt64 = 0
    private var failures = 0
    private var nextRead = MonotonicTime.never
    private var lastHeard: MonotonicTime
    private var epoch: UInt64 = 0
    /// Where the follower stands: everything before has been handed over.
    package private(set) var cursor: EncodedCursor
    /// What it is doing.
    package private(set) var state = State.catchingUp
    /// Head of the log as last heard.
    package private(set) var knownHead: EncodedCursor?
    /// What was seen so far.
    package private(set) var counters = Counters()

    /// A follower that goes on from `cursor`. `tick` starts it.
    package init(settings: Settings, cursor: EncodedCursor, now: MonotonicTime) {
        self.settings = settings
        self.cursor = cursor
        lastHeard = now
        nextRead = now
    }

    /// When `tick` is to be called next, at the latest.
    package var nextTick: MonotonicTime {
        reading == nil && state != .diverged ? min(nextRead, lastHeard + settings.silenceLimit) : .never
    }

    /// Takes a message of the feed.
    package mutating func received(_ bytes: [UInt8], now: MonotonicTime, actions: inout [Action]) {
        let message: FeedMessage
        do throws(FrameError) {
            message = try FeedMessage(decoding: bytes)
        } catch {
            counters.malformed += 1
            return
        }
        guard state != .diverged else { return }
        switch message {
        case .heartbeat(let sender, let head):
            guard accept(sender, now: now, &actions) else { return }
            knownHead = head
            if state == .live && head != cursor { gap(now: now, actions: &actions) }
        case .frame(let sender, let segment):
            guard accept(sender, now: now, &actions) else { return }
            take(segment, now: now, actions: &actions)
        }
    }

    /// Whether the sender is the present writer or a newer one.
    private mutating func accept(_ sender: UInt64, now: MonotonicTime, _ actions: inout [Action]) -> Bool {
        guard sender >= epoch else {
            // Only an old writer talks: whether the log goes on, its pages tell after a while of silence.
            counters.repeated += 1
            return false
        }
        lastHeard = now
        let isRestored = epoch != 0 && sender / Self.epochsPerRestore != epoch / Self.epochsPerRestore
        epoch = sender
        if isRestored { diverge(&actions) }
        return !isRestored
    }

    private mutating func diverge(_ actions: inout [Action]) {
        reading = nil
        nextRead = .never
        buffered = []
        change(to: .diverged, actions: &actions)
    }

    /// The log says that it does not hold the place where the follower stands.
    package mutating func pageRefused(number: UInt64, actions: inout [Action]) {
        if reading == number { diverge(&actions) }
    }

    private mutating func take(_ segment: FeedSegment, now: MonotonicTime, actions: inout [Action]) {
        if segment.cursorAfter == cursor {
            counters.repeated += 1
            return
        }
        knownHead = segment.cursorAfter
        if state == .live && segment.cursorBefore == cursor {
            counters.frames += 1
            cursor = segment.cursorAfter
            actions.append(.deliver(segment))
            return
        }
        if buffered.count < settings.maximumBuffered { buffered.append(segment) }
        if state == .live { gap(now: now, actions: &actions) }
    }

    private mutating func gap(now: MonotonicTime, actions: inout [Action]) {
        counters.gaps += 1
        change(to: .catchingUp, actions: &actions)
        read(actions: &actions)
    }

    private mutating func read(actions: inout [Action]) {
        guard reading == nil else { return }
        lastNumber += 1
        reading = lastNumber
        nextRead = .never
        let request = LogPageRequest(cursor: cursor, maximumBytes: settings.pageBytes)
        actions.append(.read(number: lastNumber, request))
    }

    private mutating func change(to new: State, actions: inout [Action]) {
        guard state != new else { return }
        state = new
        actions.append(.state(new))
    }

    /// Takes the log's answer to the read with this number; an answer to an older one is ignored.
    package mutating func page(
        number: UInt64, _ page: LogPage, now: MonotonicTime, actions: inout [Action]
    ) {
        guard reading == number else { return }
        reading = nil
        failures = 0
        counters.pages += 1
        let before = cursor
        cursor = page.cursorAfter
        // Ask for the next page before handing this one over: the log works while we do.
        if !page.atHead { read(actions: &actions) }
        if before != page.cursorAfter || !page.events.isEmpty {
            actions.append(
                .deliver(FeedSegment(cursorBefore: before, cursorAfter: page.cursorAfter, events: page.events)))
        }
        guard page.atHead else { return }
        lastHeard = max(lastHeard, now)
        // What lies in the buffer before the frame that fits was part of the page.
        let waiting = buffered
        buffered.removeAll(keepingCapacity: true)
        change(to: .live, actions: &actions)
        for segment in waiting where segment.cursorBefore == cursor {
            counters.frames += 1
            cursor = segment.cursorAfter
            actions.append(.deliver(segment))
        }
    }

    /// The read with this number failed; it is repeated after a pause.
    package mutating func pageFailed(number: UInt64, now: MonotonicTime) {
        guard reading == number else { return }
        reading = nil
        failures += 1
        nextRead = now + settings.backoff.pause(attempt: failures)
    }

    /// Starts reads that are due, and asks the log when the feed has been silent.
    package mutating func tick(now: MonotonicTime, actions: inout [Action]) {
        guard reading == nil, state != .diverged else { return }
        if now >= nextRead || now - lastHeard >= settings.silenceLimit {
            lastHeard = now
            change(to: .catchingUp, actions: &actions)
            read(actions: &actions)
        }
    }
}
