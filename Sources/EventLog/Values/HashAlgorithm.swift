import CSM3

/// How a record is hashed. Each record says it itself, so that one log may hold both; a stream's chain goes across.
package enum HashAlgorithm: UInt32, Sendable, CaseIterable {
    /// FIPS 180-4; also what a record means that says nothing.
    case sha256 = 1
    /// 国密 SM3, GB/T 32905-2016, computed by OpenSSL.
    case sm3 = 2

    /// The algorithm a record names; nil for one that this program does not know.
    package init?(recorded number: UInt32) {
        if number == 0 { self = .sha256 } else { self.init(rawValue: number) }
    }

    /// What a record says of itself: nothing for SHA-256.
    var recorded: UInt32 { self == .sha256 ? 0 : rawValue }

    /// Whether this machine can compute it.
    package var isAvailable: Bool {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        return self == .sha256
            || withUnsafeMutablePointer(to: &words) {
                $0.withMemoryRebound(to: UInt64.self, capacity: 4) { care_sm3(nil, 0, $0) == 1 }
            }
    }
}

extension EventHash {
    /// Computes the hash of some bytes by an algorithm.
    ///
    /// Ends the program when the algorithm is not available: whoever opens a log asks before.
    package init(of bytes: UnsafeRawBufferPointer, by algorithm: HashAlgorithm) {
        guard algorithm == .sm3 else {
            self.init(of: bytes)
            return
        }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        let isDone = withUnsafeMutablePointer(to: &words) { pointer in
            pointer.withMemoryRebound(to: UInt64.self, capacity: 4) { care_sm3(bytes.baseAddress, bytes.count, $0) }
        }
        precondition(isDone == 1, "EventHash: OpenSSL offers no SM3 on this machine")
        self.init(word0: words.0, word1: words.1, word2: words.2, word3: words.3)
    }

    /// The hash of a record by the algorithm that it names itself; nil when it cannot be read or names one that is not
    /// known here.
    package init?(ofRecord record: UnsafeRawBufferPointer) {
        guard let header = try? RecordHeader(parsing: record) else { return nil }
        self.init(of: record, header)
    }

    /// The hash of a record that was parsed; nil when it names an algorithm that is not known here.
    package init?(of record: UnsafeRawBufferPointer, _ header: RecordHeader) {
        guard let algorithm = HashAlgorithm(recorded: header.hashAlgorithm) else { return nil }
        self.init(of: record, by: algorithm)
    }
}
