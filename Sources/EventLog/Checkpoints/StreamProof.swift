/// Shows that a stream held exactly these events, by their hashes, when a checkpoint was signed. Checked without the log
/// and without any service; holds nothing of what the events say.
package struct StreamProof: Sendable, Hashable {
    /// The stream.
    package var stream: StreamName
    /// Hashes of its events, oldest first.
    package var hashes: [EventHash]
    /// The stream's place among all streams, from 0.
    package var index: UInt64
    /// Hashes that lead from the stream to the root.
    package var path: [EventHash]
    package var signed: SignedCheckpoint

    private static let title = "guanhuai-proof 1"

    package init(
        stream: StreamName, hashes: [EventHash], index: UInt64, path: [EventHash], signed: SignedCheckpoint
    ) {
        self.stream = stream
        self.hashes = hashes
        self.index = index
        self.path = path
        self.signed = signed
    }

    /// Whether events, path and root belong together. The signature is for the caller to check.
    package var leadsToRoot: Bool {
        let fold = hashes.reduce(EventHash.zero) { StreamTree.fold($0, $1) }
        let leaf = StreamTree.leaf(
            StreamKey(stream), StreamTree.Head(sequence: UInt64(hashes.count), fold: fold))
        guard let place = Int(exactly: index), let count = Int(exactly: signed.checkpoint.streams) else { return false }
        return MerkleTree.root(from: leaf, at: place, of: count, path: path) == signed.checkpoint.root
    }

    /// The proof as text: title, stream, place, one line for each event and each step, then the signed checkpoint.
    package var text: String {
        var lines = [Self.title, "stream \(stream.text)", "place \(index)"]
        lines += hashes.map { "event \(Base64.text($0.bytes))" }
        lines += path.map { "step \(Base64.text($0.bytes))" }
        return lines.joined(separator: "\n") + "\n" + signed.text
    }

    /// Reads `text`; nil for anything else.
    package init?(text: some StringProtocol) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 14, lines[0] == Self.title, lines[1].hasPrefix("stream "), lines[2].hasPrefix("place "),
            let stream = try? StreamName(String(lines[1].dropFirst(7))), let index = UInt64(lines[2].dropFirst(6)),
            let signed = SignedCheckpoint(text: lines.suffix(11).joined(separator: "\n"))
        else { return nil }
        var hashes: [EventHash] = []
        var path: [EventHash] = []
        for line in lines.dropFirst(3).dropLast(11) {
            let parts = line.split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count == 2, let hash = Base64.bytes(parts[1]).flatMap({ EventHash(bytes: $0) }) else {
                return nil
            }
            switch parts[0] {
            case "event" where path.isEmpty: hashes.append(hash)
            case "step": path.append(hash)
            default: return nil
            }
        }
        self.init(stream: stream, hashes: hashes, index: index, path: path, signed: signed)
    }
}
