/// Shows that a stream held exactly these events, by their hashes, when a checkpoint was signed. Checked without the log
/// and without any service; holds nothing of what the events say.
///
/// The older ones of the events may stand as one hash, their fold: then it is short, however long the stream is, and still
/// says that those events were these and no others to whoever has their hashes from elsewhere.
package struct StreamProof: Sendable, Hashable {
    /// The stream.
    package var stream: StreamName
    /// How many events come before `hashes`, and their fold; none in a proof that names every event.
    package var earlier: StreamTree.Head
    /// Hashes of the events after those, oldest first.
    package var hashes: [EventHash]
    /// The stream's place among all streams, from 0.
    package var index: UInt64
    /// Hashes that lead from the stream to the root.
    package var path: [EventHash]
    package var signed: SignedCheckpoint

    private static let whole = "guanhuai-proof 1"
    private static let short = "guanhuai-proof 2"
    /// Bytes of the line that names one event.
    private static let eventBytes = 50
    /// What a proof takes at most unless more is asked for: it fits on a page as one square code, and into a message.
    package static let smallBytes = 2_048

    package init(
        stream: StreamName, earlier: StreamTree.Head = StreamTree.Head(sequence: 0, fold: .zero), hashes: [EventHash],
        index: UInt64, path: [EventHash], signed: SignedCheckpoint
    ) {
        self.stream = stream
        self.earlier = earlier
        self.hashes = hashes
        self.index = index
        self.path = path
        self.signed = signed
    }

    /// The end of the stream: how many events it had, and their fold.
    package var end: StreamTree.Head { head(after: hashes.count) }

    /// Whether events, path and root belong together. The signature is for the caller to check.
    package var leadsToRoot: Bool {
        let leaf = StreamTree.leaf(StreamKey(stream), end)
        guard let place = Int(exactly: index), let count = Int(exactly: signed.checkpoint.streams) else { return false }
        return MerkleTree.root(from: leaf, at: place, of: count, path: path) == signed.checkpoint.root
    }

    /// The same proof naming only the newest events; the others stand as their fold.
    /// - Parameter count: how many are named; all of them when there are fewer.
    package func naming(newest count: Int) -> StreamProof {
        let folded = hashes.count - min(max(0, count), hashes.count)
        var proof = self
        proof.earlier = head(after: folded)
        proof.hashes.removeFirst(folded)
        return proof
    }

    /// The same proof naming as many of the newest events as fit, all of them or none if need be.
    /// - Parameter bytes: how long the text may become. The way to the root and the checkpoint are always there: some
    ///   1,500 bytes for a million streams, 49 more for twice as many.
    package func fitting(_ bytes: Int = smallBytes) -> StreamProof {
        guard text.utf8.count > bytes else { return self }
        return naming(newest: (bytes - naming(newest: 0).text.utf8.count) / Self.eventBytes)
    }

    /// What two proofs of one stream say of each other.
    package enum Agreement: Sendable, Hashable {
        /// The events that both speak of are the same, and the later one has them all.
        case agrees
        /// Events that one of them vouches for are others in the other one, or missing from the later one.
        case contradicts
        /// Of another stream or another log.
        case unrelated
        /// The later one names its events only after the end of the earlier one: nothing can be told.
        /// - Parameter naming: how many of the newest events it has to name.
        case apart(naming: UInt64)
    }

    /// Compares this proof with one that was kept before. Both are to be proofs that hold.
    package func agreement(with kept: StreamProof) -> Agreement {
        guard stream == kept.stream, signed.checkpoint.log == kept.signed.checkpoint.log else { return .unrelated }
        let isLater = signed.checkpoint.position >= kept.signed.checkpoint.position
        let (old, new) = isLater ? (kept, self) : (self, kept)
        let (before, after) = (old.end.sequence, new.end.sequence)
        guard new.signed.checkpoint.contradiction(of: old.signed.checkpoint) == nil, after >= before else {
            return .contradicts
        }
        guard new.earlier.sequence <= before else { return .apart(naming: after - before) }
        // A fold stands for all events before it: where it is the same, they are.
        return new.head(after: Int(before - new.earlier.sequence)) == old.end ? .agrees : .contradicts
    }

    /// The head of the stream as it was after so many of `hashes`.
    private func head(after count: Int) -> StreamTree.Head {
        StreamTree.Head(
            sequence: earlier.sequence + UInt64(count),
            fold: hashes.prefix(count).reduce(earlier.fold) { StreamTree.fold($0, $1) })
    }

    // MARK: As text

    /// The proof as text: title, stream, place, the fold of earlier events if any, one line for each event and each step,
    /// then the signed checkpoint.
    package var text: String {
        let isWhole = earlier.sequence == 0
        var lines = [isWhole ? Self.whole : Self.short, "stream \(stream.text)", "place \(index)"]
        if !isWhole { lines.append("earlier \(earlier.sequence) \(Base64.text(earlier.fold.bytes))") }
        lines += hashes.map { "event \(Base64.text($0.bytes))" }
        lines += path.map { "step \(Base64.text($0.bytes))" }
        return lines.joined(separator: "\n") + "\n" + signed.text
    }

    /// Reads `text`; nil for anything else.
    package init?(text: some StringProtocol) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 14, lines[0] == Self.whole || lines[0] == Self.short, lines[1].hasPrefix("stream "),
            lines[2].hasPrefix("place "), let stream = try? StreamName(String(lines[1].dropFirst(7))),
            let index = UInt64(lines[2].dropFirst(6)),
            let signed = SignedCheckpoint(text: lines.suffix(11).joined(separator: "\n"))
        else { return nil }
        var rest = lines.dropFirst(3).dropLast(11)
        var earlier = StreamTree.Head(sequence: 0, fold: .zero)
        if lines[0] == Self.short {
            guard let line = rest.popFirst(), let head = Self.earlier(line) else { return nil }
            earlier = head
        }
        var hashes: [EventHash] = []
        var path: [EventHash] = []
        for line in rest {
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
        // What is added to it must be a number.
        guard earlier.sequence <= UInt64(Int64.max) else { return nil }
        self.init(stream: stream, earlier: earlier, hashes: hashes, index: index, path: path, signed: signed)
    }

    /// The line about the events before those that are named.
    private static func earlier(_ line: some StringProtocol) -> StreamTree.Head? {
        let parts = line.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "earlier", let count = UInt64(parts[1]), count > 0,
            let fold = Base64.bytes(parts[2]).flatMap({ EventHash(bytes: $0) })
        else { return nil }
        return StreamTree.Head(sequence: count, fold: fold)
    }
}
