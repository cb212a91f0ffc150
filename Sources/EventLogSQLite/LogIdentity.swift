import EventLog

/// Sixteen random bytes given to a log when it is made; in the database, the head file and the image.
struct LogIdentity: SixteenBytes {
    let high: UInt64
    let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A new identity. It names files only, so drawing it at random changes no answer of the log.
    static func random() -> LogIdentity {
        LogIdentity(high: .random(in: .min ... .max), low: .random(in: .min ... .max))
    }
}
