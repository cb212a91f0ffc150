/// What the log was at one moment, small enough to be kept by others: whoever has an old checkpoint can tell whether the
/// log of today still holds what it held then.
///
/// As text it has one line for each part, in a fixed order, then the signer's public key and a signature over all lines
/// before. Hashes are base64url without padding.
package struct Checkpoint: Sendable, Hashable {
    /// Identity of the log.
    package var log: [UInt8]
    /// Epoch of the writer.
    package var epoch: UInt64
    /// Events that the log had.
    package var position: UInt64
    /// When the last of them was recorded, in microseconds UTC.
    package var recordedAt: Int64
    /// Running digest over all events.
    package var digest: EventHash
    /// Streams that the log had.
    package var streams: UInt64
    /// Root of the `StreamTree`.
    package var root: EventHash

    private static let title = "guanhuai-checkpoint 1 sha-256 ed25519"

    package init(
        log: [UInt8], epoch: UInt64, position: UInt64, recordedAt: Int64, digest: EventHash, streams: UInt64,
        root: EventHash
    ) {
        self.log = log
        self.epoch = epoch
        self.position = position
        self.recordedAt = recordedAt
        self.digest = digest
        self.streams = streams
        self.root = root
    }

    /// The lines that are signed.
    package var text: String {
        """
        \(Self.title)
        log \(Base64.text(log))
        epoch \(epoch)
        position \(position)
        recorded \(recordedAt)
        digest \(Base64.text(digest.bytes))
        streams \(streams)
        root \(Base64.text(root.bytes))

        """
    }

    /// Reads `text`; nil for anything else.
    package init?(text: some StringProtocol) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 9, lines[0] == Self.title, lines[8].isEmpty else { return nil }
        let names = ["log", "epoch", "position", "recorded", "digest", "streams", "root"]
        var values: [String] = []
        for (line, name) in zip(lines.dropFirst(), names) {
            guard line.hasPrefix(name + " ") else { return nil }
            values.append(String(line.dropFirst(name.count + 1)))
        }
        guard let log = Base64.bytes(values[0]), let epoch = UInt64(values[1]), let position = UInt64(values[2]),
            let recordedAt = Int64(values[3]), let digest = Base64.bytes(values[4]).flatMap({ EventHash(bytes: $0) }),
            let streams = UInt64(values[5]), let root = Base64.bytes(values[6]).flatMap({ EventHash(bytes: $0) })
        else { return nil }
        self.init(
            log: log, epoch: epoch, position: position, recordedAt: recordedAt, digest: digest, streams: streams,
            root: root)
        // One text for one checkpoint: no leading zeros, no other spelling.
        guard self.text == text else { return nil }
    }
}

/// A checkpoint with what its signer put under it. Whether the signature is right is not known here.
package struct SignedCheckpoint: Sendable, Hashable {
    package var checkpoint: Checkpoint
    /// Ed25519 public key of the signer, 32 bytes.
    package var signer: [UInt8]
    /// Ed25519 signature over the checkpoint's text, 64 bytes.
    package var signature: [UInt8]

    package init(checkpoint: Checkpoint, signer: [UInt8], signature: [UInt8]) {
        self.checkpoint = checkpoint
        self.signer = signer
        self.signature = signature
    }

    /// The whole text.
    package var text: String {
        checkpoint.text + "signer \(Base64.text(signer))\nsignature \(Base64.text(signature))\n"
    }

    /// Reads `text`; nil for anything else.
    package init?(text: some StringProtocol) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 11, lines[10].isEmpty, lines[8].hasPrefix("signer "), lines[9].hasPrefix("signature "),
            let checkpoint = Checkpoint(text: lines[..<8].joined(separator: "\n") + "\n"),
            let signer = Base64.bytes(String(lines[8].dropFirst(7))), signer.count == 32,
            let signature = Base64.bytes(String(lines[9].dropFirst(10))), signature.count == 64
        else { return nil }
        self.init(checkpoint: checkpoint, signer: signer, signature: signature)
    }
}
