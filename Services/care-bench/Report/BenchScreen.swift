import Foundation
import ServiceKit

/// What the person at the terminal sees: progress on standard error, results on standard output.
struct BenchScreen {
    let language: Language

    /// Columns of the terminal; nil for a pipe or a file.
    static var width: Int? {
        var size = winsize()
        guard isatty(1) == 1, ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    func say(zh: String, en: String) { Self.write(UserText(zh: zh, en: en)[language] + "\n", to: 2) }

    /// One figure as soon as it is there; only for people.
    func tell(_ figure: Figure) {
        guard isatty(2) == 1 else { return }
        Self.write("\r\u{1b}[K\(figure.title[language])  \(Report.number(figure.median)) \(figure.unit)", to: 2)
    }

    func clear() {
        if isatty(2) == 1 { Self.write("\r\u{1b}[K", to: 2) }
    }

    func put(_ text: String) { Self.write(text, to: 1) }

    private static func write(_ text: String, to descriptor: Int32) {
        FileHandle(fileDescriptor: descriptor).write(Data(text.utf8))
    }
}
