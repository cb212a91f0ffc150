/// Brings payloads of older versions to the newest: released versions are frozen, and what was written stays readable.
///
/// A new version of a payload gets the next number, a step from the one before, and keeps the old message in the frozen
/// corpus. Steps are chained.
package struct Upcasting: Sendable {
    /// Turns the payload of one version into that of the next.
    package typealias Step = @Sendable ([UInt8]) throws(WireError) -> [UInt8]

    /// Names one version of one event type.
    package struct Key: Hashable, Sendable {
        package let kind: EventKind
        package let version: UInt32

        package init(_ kind: EventKind, _ version: UInt32) {
            self.kind = kind
            self.version = version
        }
    }

    /// The versions released so far: every payload is still at its first.
    package static let released = Upcasting(newest: [:], steps: [:])

    private let newest: [EventKind: UInt32]
    private let steps: [Key: Step]

    /// - Parameters:
    ///   - newest: newest version of each type that is past its first.
    ///   - steps: for each older version, the step to the next.
    package init(newest: [EventKind: UInt32], steps: [Key: Step]) {
        self.newest = newest
        self.steps = steps
    }

    /// The version that this program writes.
    package func newestVersion(of kind: EventKind) -> UInt32 { newest.isEmpty ? 1 : newest[kind] ?? 1 }

    /// The payload in the newest version; nil when it is already.
    /// - Throws: `unsupportedVersion` for a newer version, which readers may skip.
    func upcast(_ kind: EventKind, version: UInt32, payload: RawSpan) throws(WireError) -> [UInt8]? {
        let newest = newestVersion(of: kind)
        if version == newest { return nil }
        guard version >= 1 else { throw WireError(.outOfRange, "version") }
        guard version < newest else { throw WireError(.unsupportedVersion, "version", limit: Int64(version)) }
        var bytes = payload.withUnsafeBytes { [UInt8]($0) }
        for old in version..<newest {
            guard let step = steps[Key(kind, old)] else {
                throw WireError(.unsupportedVersion, "version", limit: Int64(version))
            }
            bytes = try step(bytes)
        }
        return bytes
    }
}
