/// `Progress` with a clock and somewhere to write, for the tools that do long work.
///
/// Nothing is written in the first second, so that short work leaves no trace on the screen.
package struct ProgressReporter<C: Clock> where C.Duration == Duration {
    /// Work shorter than this shows no progress.
    package static var quietTime: Duration { .seconds(1) }

    private let clock: C
    private let start: C.Instant
    private let write: (String) -> Void
    private var progress: Progress
    private var hasWritten = false

    /// - Parameters:
    ///   - words: label and unit.
    ///   - total: how many there are; nil when unknown.
    ///   - style: terminal or lines.
    ///   - clock: the real clock in tools, a hand-driven one in tests.
    ///   - write: where the text goes, usually standard error. Pass a closure that does nothing for `--quiet`.
    package init(
        _ words: Progress.Words, total: Int?, style: Progress.Style, clock: C, write: @escaping (String) -> Void
    ) {
        self.clock = clock
        self.write = write
        start = clock.now
        progress = Progress(words, total: total, style: style)
    }

    /// Says how many are finished; writes only when it is time to.
    package mutating func update(done: Int) {
        let elapsed = start.duration(to: clock.now)
        guard elapsed >= Self.quietTime, let text = progress.update(done: done, elapsed: elapsed) else { return }
        hasWritten = true
        write(text)
    }

    /// Ends the bar, or writes the last line, if anything was written at all.
    package mutating func finish(done: Int) {
        guard hasWritten else { return }
        write(progress.finish(done: done, elapsed: start.duration(to: clock.now)))
    }
}
