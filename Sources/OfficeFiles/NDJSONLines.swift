/// Cuts a stream of bytes into lines of newline-delimited JSON, bounded in memory, and says which lines are broken.
///
/// A struct without I/O: give it what was read with `append`, take lines with `next`, and call `finish` at the end.
/// A broken line does not stop the stream; the lines after it are still good commands.
package struct NDJSONLines: Sendable {
    /// What one line turned out to be.
    package enum Line: Hashable, Sendable {
        /// Text that is valid UTF-8 and not blank. Whether it is a valid command is the caller's question.
        case text(number: Int, String)
        /// A line that cannot be read.
        case broken(FileProblem)
    }

    /// Longest accepted line in bytes.
    package let lineLimit: Int

    private var buffer: [UInt8] = []
    /// Where the unread part of `buffer` starts.
    private var start = 0
    /// How far the unread part has been searched for a line feed; saves searching a long line again and again.
    private var searched = 0
    private var number = 0
    private var skipsRest = false

    /// - Parameter lineLimit: in bytes; the default is the largest message the bus takes.
    package init(lineLimit: Int = 1024 * 1024) {
        self.lineLimit = lineLimit
    }

    /// Takes what was read next from the stream.
    package mutating func append(_ chunk: some Sequence<UInt8>) {
        if start > 0 {
            buffer.removeFirst(start)
            searched -= start
            start = 0
        }
        buffer.append(contentsOf: chunk)
    }

    /// The next complete line, or nil when more bytes are needed. Blank lines are passed over.
    package mutating func next() -> Line? {
        while true {
            guard let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
                searched = buffer.count
                if let problem = refuseLongLine(buffer.count - start) { return problem }
                return nil
            }
            let line = buffer[start..<end]
            start = end + 1
            searched = start
            number += 1
            if skipsRest {
                skipsRest = false
                continue
            }
            if let result = result(of: line) { return result }
        }
    }

    /// What stands after the last line feed. A line that ends there is complete only if its JSON is.
    package mutating func finish() -> Line? {
        let line = buffer[start...]
        defer {
            buffer = []
            start = 0
            searched = 0
        }
        if skipsRest || line.isEmpty { return nil }
        number += 1
        guard let result = result(of: line) else { return nil }
        if case .text(_, let text) = result, !JSONShape.isComplete(text.utf8) {
            return .broken(FileProblem(.halfWrittenLine, line: number))
        }
        // A cut inside a character shows as bad UTF-8; what the person needs to know is that the line is cut.
        if case .broken(let problem) = result, problem.kind == .brokenUTF8, !JSONShape.isComplete(line) {
            return .broken(FileProblem(.halfWrittenLine, line: number))
        }
        return result
    }

    private mutating func refuseLongLine(_ length: Int) -> Line? {
        if skipsRest {
            buffer.removeAll(keepingCapacity: true)
            start = 0
            searched = 0
            return nil
        }
        guard length > lineLimit else { return nil }
        skipsRest = true
        buffer.removeAll(keepingCapacity: true)
        start = 0
        searched = 0
        return .broken(FileProblem(.lineTooLong, line: number + 1, expected: lineLimit))
    }

    private func result(of line: ArraySlice<UInt8>) -> Line? {
        var line = line
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
        if line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) { return nil }
        if line.count > lineLimit { return .broken(FileProblem(.lineTooLong, line: number, expected: lineLimit)) }
        if UTF8Survey(line).badBytes > 0 { return .broken(FileProblem(.brokenUTF8, line: number)) }
        return .text(number: number, String(decoding: line, as: UTF8.self))
    }
}

/// Tells whether JSON text was written to its end, by its brackets and quotes alone.
enum JSONShape {
    /// True when every bracket and quote that was opened is closed.
    static func isComplete(_ bytes: some Sequence<UInt8>) -> Bool {
        var depth = 0
        var quoted = false
        var escaped = false
        var last: UInt8?
        for byte in bytes {
            if byte > UInt8(ascii: " ") { last = byte }
            if quoted {
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    quoted = false
                }
            } else if byte == UInt8(ascii: "\"") {
                quoted = true
            } else if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
                depth += 1
            } else if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
                depth -= 1
            }
        }
        return !quoted && depth == 0 && last.map { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: ":") } == true
    }
}
