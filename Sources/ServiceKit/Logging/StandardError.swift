import Foundation

/// Standard error, one whole line per call. A single write keeps lines of several threads apart without a lock, since
/// the kernel writes up to a page to a pipe in one piece.
package enum StandardError {
    /// Writes text as it is. What cannot be written is lost: there is nowhere left to say so.
    package static func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let written = Foundation.write(2, rest.baseAddress, rest.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            }
        }
    }
}

/// The machine's clock, for log lines only. Everything that decides gets its time as an argument.
package enum SystemTime {
    /// UTC microseconds since 1970-01-01.
    package static func microseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }
}
