import CareTestKit
import Testing

@testable import EventLog

/// The tree against its definition, written down once more as plainly as RFC 6962 does.
@Suite("默克尔树")
struct MerkleTests {
    private static func hash(_ number: UInt64) -> EventHash {
        withUnsafeBytes(of: number.bigEndian) { EventHash(of: $0) }
    }

    /// MTH of RFC 6962 over leaves that are hashed already.
    private static func plain(_ leaves: ArraySlice<EventHash>) -> EventHash {
        guard leaves.count > 1 else {
            return leaves.first ?? EventHash(of: UnsafeRawBufferPointer(start: nil, count: 0))
        }
        var split = 1
        while split * 2 < leaves.count { split *= 2 }
        let middle = leaves.startIndex + split
        return MerkleTree.node(plain(leaves[..<middle]), plain(leaves[middle...]))
    }

    @Test("任意次增加和修改之后，树根与定义相同，每个叶子都能证明", arguments: 0..<20 as Range<UInt64>)
    func agreesWithDefinition(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var tree = MerkleTree()
        var leaves: [EventHash] = []
        #expect(tree.root() == Self.plain([]))
        for _ in 0..<30 {
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                let index = Int.random(in: 0...leaves.count, using: &random)
                let leaf = Self.hash(random.next())
                if index == leaves.count { leaves.append(leaf) } else { leaves[index] = leaf }
                tree.set(leaf, at: index)
            }
            let root = tree.root()
            #expect(root == Self.plain(leaves[...]))
            let index = Int.random(in: 0..<leaves.count, using: &random)
            let path = tree.path(of: index)
            #expect(MerkleTree.root(from: leaves[index], at: index, of: leaves.count, path: path) == root)
            // Nothing else leads there: another leaf, place, number of leaves, or path.
            let other = Self.hash(random.next())
            #expect(MerkleTree.root(from: other, at: index, of: leaves.count, path: path) != root)
            #expect(MerkleTree.root(from: leaves[index], at: index, of: leaves.count, path: path + [other]) == nil)
            if leaves.count > 1 {
                #expect(MerkleTree.root(from: leaves[index], at: index ^ 1, of: leaves.count, path: path) != root)
                var changed = path
                changed[Int.random(in: 0..<path.count, using: &random)] = other
                #expect(MerkleTree.root(from: leaves[index], at: index, of: leaves.count, path: changed) != root)
            }
        }
    }

    @Test("事件顺序不同、少一条、改一条，流的树根都不同", arguments: 0..<20 as Range<UInt64>)
    func streams(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var events: [(key: StreamKey, sequence: UInt64, hash: EventHash)] = []
        var sequences: [UInt64] = Array(repeating: 0, count: 9)
        for _ in 0..<100 {
            let stream = Int.random(in: 0..<9, using: &random)
            sequences[stream] += 1
            events.append((StreamKey(high: 0, low: UInt64(stream)), sequences[stream], Self.hash(random.next())))
        }
        func root(_ events: some Sequence<(key: StreamKey, sequence: UInt64, hash: EventHash)>, stop: Int? = nil)
            -> EventHash
        {
            var tree = StreamTree()
            for (place, event) in events.enumerated() {
                tree.take(event.key, sequence: event.sequence, hash: event.hash)
                // Roots asked for in between change nothing.
                if place == stop { _ = tree.root() }
            }
            return tree.root()
        }
        let whole = root(events)
        #expect(root(events, stop: Int.random(in: 0..<100, using: &random)) == whole)
        #expect(root(events.dropLast()) != whole)
        var changed = events
        changed[Int.random(in: 0..<100, using: &random)].hash = Self.hash(random.next())
        #expect(root(changed) != whole)
        // A gap breaks its stream, and the others go on.
        var tree = StreamTree()
        let lost = Int.random(in: 0..<100, using: &random)
        for (place, event) in events.enumerated() where place != lost {
            tree.take(event.key, sequence: event.sequence, hash: event.hash)
        }
        let isLast = events[lost].sequence == sequences[Int(events[lost].key.low)]
        #expect(tree.broken == (isLast ? [] : [events[lost].key]))
    }

    @Test("检查点和证明写成文字再读回，改动任何一个字符都读不回原样", arguments: 0..<10 as Range<UInt64>)
    func texts(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let names = try (0..<7).map { try StreamName(.household, "h\($0)") }
        var tree = StreamTree()
        var hashes: [[EventHash]] = names.map { _ in [] }
        for _ in 0..<40 {
            let stream = Int.random(in: 0..<7, using: &random)
            hashes[stream].append(Self.hash(random.next()))
            tree.take(
                StreamKey(names[stream]), sequence: UInt64(hashes[stream].count),
                hash: try #require(hashes[stream].last))
        }
        let checkpoint = Checkpoint(
            log: (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }, epoch: 3, position: 40,
            recordedAt: 1_700_000_000_000_000, digest: Self.hash(random.next()), streams: UInt64(tree.count),
            root: tree.root())
        #expect(Checkpoint(text: checkpoint.text) == checkpoint)
        let signed = SignedCheckpoint(
            checkpoint: checkpoint, signer: [UInt8](repeating: 7, count: 32),
            signature: [UInt8](repeating: 9, count: 64))
        #expect(SignedCheckpoint(text: signed.text) == signed)
        for (stream, name) in names.enumerated() where !hashes[stream].isEmpty {
            let place = try #require(tree.place(of: StreamKey(name)))
            let proof = StreamProof(
                stream: name, hashes: hashes[stream], index: UInt64(place.index), path: place.path, signed: signed)
            #expect(proof.leadsToRoot && StreamProof(text: proof.text) == proof)
            var bytes = Array(proof.text.utf8)
            let at = Int.random(in: 0..<bytes.count, using: &random)
            bytes[at] = bytes[at] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let changed = StreamProof(text: String(decoding: bytes, as: UTF8.self))
            // What can still be read says something else: another root, or a checkpoint that nobody signed so.
            if let changed { #expect(changed != proof && (!changed.leadsToRoot || changed.signed != signed)) }
        }
    }

    @Test("base64url 与标准的例子相同，别的写法不收")
    func base64() {
        for (text, coded) in [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            #expect(Base64.text(Array(text.utf8)) == coded && Base64.bytes(coded) == Array(text.utf8))
        }
        #expect(Base64.text([0xfb, 0xff]) == "-_8")
        for wrong in ["Z", "Zh", "Zg==", "Zm9", "+/8", " Zg"] { #expect(Base64.bytes(wrong) == nil) }
    }
}
