/// How far a long piece of work is, as text for a person: a bar that redraws itself on a terminal, otherwise a line
/// every five seconds or ten per cent.
///
/// Pure: the time is an argument, the text is the result, so tests need no clock and no terminal.
package struct Progress: Sendable {
    /// Where the text goes.
    package enum Style: Hashable, Sendable {
        /// A terminal with this many columns; the text starts with a carriage return.
        case bar(columns: Int)
        /// A pipe or a file; each text is a line.
        case lines
    }

    /// The words around the figures, so that each language has its own.
    package struct Words: Hashable, Sendable {
        /// What is being done, for example 导入.
        package var label: String
        /// What is counted, for example 户.
        package var unit: String
        /// Before the remaining time.
        package var remaining: String
        /// Before the time it took, at the end.
        package var took: String

        package init(label: String, unit: String, remaining: String = "剩余", took: String = "用时") {
            self.label = label
            self.unit = unit
            self.remaining = remaining
            self.took = took
        }
    }

    /// Least time between two redrawings of the bar.
    package static let barInterval = Duration.milliseconds(100)
    /// Most time between two lines.
    package static let lineInterval = Duration.seconds(5)

    private let words: Words
    private let total: Int?
    private let style: Style
    private var lastTime: Duration?
    private var lastTenth = 0
    private var lastWidth = 0

    /// - Parameters:
    ///   - words: label and unit.
    ///   - total: how many there are in all; nil when nobody knows, and then neither share nor remaining time is shown.
    ///   - style: terminal or lines.
    package init(_ words: Words, total: Int?, style: Style) {
        self.words = words
        self.total = total
        self.style = style
    }

    /// What to write now, or nil when it is too early for more.
    /// - Parameters:
    ///   - done: how many are finished.
    ///   - elapsed: time since the start.
    package mutating func update(done: Int, elapsed: Duration) -> String? {
        let tenth = total.map { $0 > 0 ? done * 10 / $0 : 10 } ?? 0
        switch style {
        case .bar:
            if let lastTime, elapsed - lastTime < Self.barInterval { return nil }
        case .lines:
            let isDue = elapsed - (lastTime ?? .zero) >= Self.lineInterval
            guard isDue || tenth > lastTenth else { return nil }
        }
        lastTime = elapsed
        lastTenth = tenth
        return text(done: done, elapsed: elapsed, isEnd: false)
    }

    /// The last text, always with a line feed.
    package mutating func finish(done: Int, elapsed: Duration) -> String {
        text(done: done, elapsed: elapsed, isEnd: true)
    }

    private mutating func text(done: Int, elapsed: Duration, isEnd: Bool) -> String {
        let rate = Self.rate(done: done, elapsed: elapsed)
        var parts: [String] = []
        if let total {
            let percent = total > 0 ? min(100, done * 100 / total) : 100
            parts.append("\(percent)%")
            parts.append("\(done)/\(total) \(words.unit)")
        } else {
            parts.append("\(done) \(words.unit)")
        }
        parts.append("\(rate)/s")
        if isEnd {
            parts.append("\(words.took) \(Self.clockText(elapsed))")
        } else if let total, done > 0, done < total {
            let left = elapsed * Double(total - done) / Double(done)
            parts.append("\(words.remaining) \(Self.clockText(left))")
        }
        let figures = parts.joined(separator: "  ")
        guard case .bar(let columns) = style else { return "\(words.label) \(figures)\n" }
        return barLine(figures, done: done, columns: columns) + (isEnd ? "\n" : "")
    }

    private mutating func barLine(_ figures: String, done: Int, columns: Int) -> String {
        var line = words.label + " "
        let room = columns - DisplayWidth.of(line) - DisplayWidth.of(figures) - 4
        if let total, room >= 10 {
            let length = min(40, room)
            let filled = total > 0 ? min(length, length * done / total) : length
            line += "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: length - filled) + "] "
        }
        line = DisplayWidth.truncated(line + figures, to: max(0, columns - 1))
        let width = DisplayWidth.of(line)
        let rest = String(repeating: " ", count: max(0, lastWidth - width))
        lastWidth = width
        return "\r" + line + rest
    }

    /// Whole pieces per second, for the time so far.
    static func rate(done: Int, elapsed: Duration) -> Int {
        let seconds = elapsed / .seconds(1)
        return seconds > 0 ? Int(Double(done) / seconds) : 0
    }

    /// `mm:ss`, or `h:mm:ss` from an hour on.
    static func clockText(_ duration: Duration) -> String {
        let seconds = Int(duration.components.seconds)
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let minutes = two(seconds / 60 % 60) + ":" + two(seconds % 60)
        return seconds >= 3600 ? "\(seconds / 3600):\(minutes)" : minutes
    }
}
