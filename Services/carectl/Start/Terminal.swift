import Foundation
import ServiceKit

/// What stands behind a file descriptor.
enum Terminal {
    /// Columns of the terminal, or nil when it is a pipe or a file.
    static func columns(of descriptor: Int32) -> Int? {
        guard isatty(descriptor) == 1 else { return nil }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}

/// Standard output: results only, so that it can go through a pipe.
enum StandardOutput {
    static func write(_ text: String) {
        var text = text
        text.withUTF8 { write(UnsafeRawBufferPointer($0)) }
    }

    static func write(_ bytes: [UInt8]) { bytes.withUnsafeBytes { write($0) } }

    private static func write(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes
        while !rest.isEmpty {
            let written = Foundation.write(1, rest.baseAddress, rest.count)
            if written < 0, errno == EINTR { continue }
            guard written > 0 else {
                // Results that cannot be written must not look complete.
                let reason = String(cString: strerror(errno))
                let text =
                    "\(MessageCode(7272)) 标准输出写不下去（\(reason)），结果不完整；腾出空间或换个地方，再执行一次\n"
                    + "standard output takes no more (\(reason)), the results are incomplete; make room or write elsewhere, "
                    + "and run it again\n"
                FileHandle.standardError.write(Data(text.utf8))
                exit(Exit.temporary.rawValue)
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }
}
