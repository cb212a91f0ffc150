import CareTestKit
import Foundation
import Testing

@testable import EventLog

/// Proofs that name only some of a stream's events, and proofs of two moments compared.
@Suite("一户的证明")
struct StreamProofTests {
    /// Nine streams that grow, and the proofs of any of them at any moment.
    private struct Growing {
        private var tree = StreamTree()
        private let names: [StreamName]
        private let log: [UInt8]
        private var hashes: [[EventHash]]
        private var position: UInt64 = 0

        init(log: UInt8 = 1) throws {
            names = try (0..<9).map { try StreamName(.household, "h\($0)") }
            hashes = names.map { _ in [] }
            self.log = [UInt8](repeating: log, count: 16)
        }

        mutating func take(_ stream: Int, _ event: UInt64) {
            hashes[stream].append(withUnsafeBytes(of: event) { EventHash(of: $0) })
            position += 1
            tree.take(
                StreamKey(names[stream]), sequence: UInt64(hashes[stream].count), hash: hashes[stream].last ?? .zero)
        }

        mutating func proof(of stream: Int) throws -> StreamProof {
            let root = tree.root()
            let place = try #require(tree.place(of: StreamKey(names[stream])))
            let checkpoint = Checkpoint(
                log: log, epoch: 1, position: position, recordedAt: 1_700_000_000_000_000 + Int64(position),
                digest: root,
                streams: UInt64(tree.count), root: root)
            return StreamProof(
                stream: names[stream], hashes: hashes[stream], index: UInt64(place.index), path: place.path,
                signed: SignedCheckpoint(
                    checkpoint: checkpoint, signer: [UInt8](repeating: 7, count: 32),
                    signature: [UInt8](repeating: 9, count: 64)))
        }
    }

    @Test("只列最近几条的证明同样成立，写成文字读得回来，改一个字符就不再成立", arguments: 0..<10 as Range<UInt64>)
    func shortened(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var log = try Growing()
        for stream in 0..<9 { log.take(stream, random.next()) }
        for _ in 0..<200 { log.take(Int.random(in: 0..<9, using: &random), random.next()) }
        let whole = try log.proof(of: Int.random(in: 0..<9, using: &random))
        #expect(whole.naming(newest: whole.hashes.count) == whole && whole.naming(newest: .max) == whole)
        #expect(whole.text.hasPrefix("guanhuai-proof 1\n"))
        for count in [0, 1, whole.hashes.count / 2, whole.hashes.count - 1] where count < whole.hashes.count {
            let short = whole.naming(newest: count)
            #expect(short.leadsToRoot && short.end == whole.end && short.hashes == Array(whole.hashes.suffix(count)))
            #expect(short.text.hasPrefix("guanhuai-proof 2\n") && StreamProof(text: short.text) == short)
            #expect(short.naming(newest: 0) == whole.naming(newest: 0))
            var bytes = Array(short.text.utf8)
            let place = Int.random(in: 0..<bytes.count, using: &random)
            bytes[place] = bytes[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let changed = StreamProof(text: String(decoding: bytes, as: UTF8.self))
            if let changed { #expect(changed != short && (!changed.leadsToRoot || changed.signed != short.signed)) }
        }
        // Another number of events, or another fold, leads nowhere.
        for change in [{ $0.earlier.sequence += 1 }, { $0.earlier.fold = .zero }] as [(inout StreamProof) -> Void] {
            var wrong = whole.naming(newest: 1)
            if wrong.earlier.sequence == 0 { continue }
            change(&wrong)
            #expect(!wrong.leadsToRoot)
        }
    }

    @Test("给定长度之内列得下几条就列几条", arguments: [700, 1_000, 1_200, 2_048, 4_000])
    func fitting(bytes: Int) throws {
        var log = try Growing()
        for stream in 0..<9 { log.take(stream, UInt64(stream)) }
        for event in 0..<UInt64(60) { log.take(4, 100 + event) }
        let whole = try log.proof(of: 4)
        let fitted = whole.fitting(bytes)
        let least = whole.naming(newest: 0)
        #expect(fitted.leadsToRoot && fitted.text.utf8.count <= max(bytes, least.text.utf8.count))
        // One more would not have found room.
        let more = whole.naming(newest: fitted.hashes.count + 1)
        #expect(fitted == whole || more.text.utf8.count > bytes)
        #expect(whole.fitting(whole.text.utf8.count) == whole)
    }

    @Test("另一种开头的、前面条数为零的、少了那一行的，都不是证明")
    func refused() throws {
        var log = try Growing()
        for event in 0..<UInt64(5) { log.take(2, event) }
        let text = try log.proof(of: 2).naming(newest: 2).text
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let line = try #require(lines.first { $0.hasPrefix("earlier ") })
        #expect(StreamProof(text: text) != nil)
        for (from, to) in [
            ("guanhuai-proof 2", "guanhuai-proof 1"), ("guanhuai-proof 2", "guanhuai-proof 3"),
            ("earlier 3", "earlier 0"), ("earlier 3", "earlier -3"), ("earlier 3", "earlier \(UInt64.max)"),
            ("earlier 3", "later 3"), (line + "\n", ""), (line + "\n", line + "\n" + line + "\n"),
        ] as [(Substring, Substring)] {
            let at = try #require(text.firstRange(of: from))
            #expect(StreamProof(text: text.replacingCharacters(in: at, with: to)) == nil, "\(from) -> \(to)")
        }
    }

    @Test("与从前的证明比对：长出来的相符，改过的、截短的矛盾，接不上的说明要列几条", arguments: 0..<10 as Range<UInt64>)
    func compared(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let events = (0..<40).map { _ in random.next() as UInt64 }
        let place = Int.random(in: 1..<20, using: &random)
        /// The log with so many events of stream 3, one of them another if wanted.
        func proof(_ count: Int, changed: Int? = nil, of log: UInt8 = 1, stream: Int = 3) throws -> StreamProof {
            var growing = try Growing(log: log)
            for other in 0..<9 { growing.take(other, UInt64(other)) }
            for (number, event) in events.prefix(count).enumerated() {
                growing.take(3, number == changed ? event &+ 1 : event)
                growing.take(5, event)
            }
            return try growing.proof(of: stream)
        }
        let kept = try proof(20)
        let later = try proof(40)
        for names in [0, 1, 21] {
            #expect(later.agreement(with: kept.naming(newest: names)) == .agrees)
            #expect(kept.naming(newest: names).agreement(with: later) == .agrees)
        }
        #expect(later.naming(newest: 20).agreement(with: kept.naming(newest: 0)) == .agrees)
        #expect(later.naming(newest: 19).agreement(with: kept) == .apart(naming: 20))
        #expect(kept.agreement(with: kept.naming(newest: 3)) == .agrees)
        #expect(try proof(40, changed: place).agreement(with: kept.naming(newest: 0)) == .contradicts)
        #expect(try proof(40, changed: 30).agreement(with: kept) == .agrees)
        #expect(try proof(20, changed: place).agreement(with: kept) == .contradicts)
        #expect(try proof(40, of: 2).agreement(with: kept) == .unrelated)
        #expect(try proof(40, stream: 4).agreement(with: kept) == .unrelated)
        // More events in all, but fewer of this family: its end was cut off.
        var cut = try Growing()
        for other in 0..<9 { cut.take(other, UInt64(other)) }
        for event in events.prefix(10) { cut.take(3, event) }
        for number in 0..<UInt64(60) { cut.take(5, number) }
        #expect(try cut.proof(of: 3).agreement(with: kept) == .contradicts)
    }
}
