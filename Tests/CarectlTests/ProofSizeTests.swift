import EventLog
import Foundation
import ServiceWiring
import Testing

/// How long a proof is and how fast it is checked, in a log of many events.
///
/// GUANHUAI_PROOF_EVENTS says how many (100,000), a tenth as many streams; `Tests/soak --proof 10000000` takes ten million.
@Suite("证明的长短与核对的快慢")
struct ProofSizeTests {
    private static let events = UInt64(ProcessInfo.processInfo.environment["GUANHUAI_PROOF_EVENTS"] ?? "") ?? 100_000

    /// A log of `events` events in a tenth as many streams, and the proof of one family in its midst, of 100 events.
    private static func proof() throws -> StreamProof {
        let name = try StreamName("household-00112233445566778899aabbccddeeff")
        var tree = StreamTree()
        var hashes: [EventHash] = []
        let streams = max(2, events / 10)
        for number in 0..<events {
            let hash = withUnsafeBytes(of: number) { EventHash(of: $0) }
            let stream = number % streams
            tree.take(StreamKey(high: 1, low: stream), sequence: number / streams + 1, hash: hash)
            guard number == streams / 2 else { continue }
            for event in 0..<UInt64(100) {
                let own = withUnsafeBytes(of: ~event) { EventHash(of: $0) }
                hashes.append(own)
                tree.take(StreamKey(name), sequence: event + 1, hash: own)
            }
        }
        let root = tree.root()
        let place = try #require(tree.place(of: StreamKey(name)))
        let checkpoint = Checkpoint(
            log: (0..<16).map { $0 }, epoch: 1_234_567, position: events + 100, recordedAt: 1_700_000_000_000_000,
            digest: root, streams: UInt64(tree.count), root: root)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("proof-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let key = try CheckpointKey.makeIfAbsent(folder: folder.path)
        return StreamProof(
            stream: name, hashes: hashes, index: UInt64(place.index), path: place.path,
            signed: try key.sign(checkpoint))
    }

    /// Everything that `carectl log check-proof` does with the text of a proof.
    private static func holds(_ text: String) -> Bool {
        guard let proof = StreamProof(text: text) else { return false }
        return CheckpointKey.isSigned(proof.signed) && proof.leadsToRoot
    }

    /// The median time of a check.
    private static func time(_ text: String) -> Duration {
        let clock = ContinuousClock()
        let times = (0..<301).map { _ in clock.measure { #expect(holds(text)) } }
        return times.sorted()[times.count / 2]
    }

    @Test("不加选项至多 2 KiB，核对不到一毫秒")
    func smallAndFast() throws {
        let whole = try Self.proof()
        let small = whole.fitting().text
        let (bytes, all) = (small.utf8.count, whole.text.utf8.count)
        let (short, long) = (Self.time(small), Self.time(whole.text))
        print(
            "proof of a family of 100 events among \(Self.events) in \(whole.signed.checkpoint.streams) streams: "
                + "\(bytes) bytes, head alone \(whole.naming(newest: 0).text.utf8.count), all events \(all); "
                + "checked in \(short) and \(long)")
        #expect(bytes <= StreamProof.smallBytes && bytes < all)
        #expect(Self.holds(small) && short < .milliseconds(1))
    }
}
