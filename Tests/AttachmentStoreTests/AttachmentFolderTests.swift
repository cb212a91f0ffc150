import AttachmentStore
import CareDomain
import Crypto
import Foundation
import Testing

/// A store in a folder of its own that goes away with the test.
private final class TemporaryStore {
    let path = FileManager.default.temporaryDirectory.appending(path: "attachments-\(UUID())").path
    let folder: AttachmentFolder

    init(_ change: (inout AttachmentFolder.Bounds) -> Void = { _ in }) {
        var bounds = AttachmentFolder.Bounds()
        bounds.reserve = 0
        change(&bounds)
        folder = AttachmentFolder(path: path, bounds: bounds)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func put(
        _ content: [UInt8], from offset: Int = 0, length: Int? = nil, sender: String = "fp", digest: FileDigest? = nil
    ) throws(AttachmentProblem) -> AttachmentFolder.Progress {
        let end = min(offset + (length ?? content.count), content.count)
        return try folder.put(
            .init(
                sender: sender, digest: digest ?? Self.digest(content), size: UInt64(content.count),
                offset: UInt64(offset), content: Array(content[offset..<end])))
    }

    static func digest(_ content: [UInt8]) -> FileDigest { FileDigest(bytes: Array(SHA256.hash(data: content)))! }
}

@Suite("附件存储")
struct AttachmentFolderTests {
    private static let photo: [UInt8] =
        [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0]
        + Array(repeating: 7, count: 973) + [0xFF, 0xD9]

    @Test("parts in order make a file that can be read back")
    func parts() throws {
        let store = TemporaryStore()
        #expect(try store.put(Self.photo, length: 400) == .received(400))
        #expect(try store.put(Self.photo, from: 400, length: 400) == .received(800))
        #expect(store.folder.all() == [])
        #expect(try store.put(Self.photo, from: 800) == .whole(.jpeg))
        let digest = TemporaryStore.digest(Self.photo)
        #expect(store.folder.all() == [digest])
        let read = try store.folder.read(digest, from: 990)
        #expect(read.size == 1000 && read.content == Array(Self.photo.suffix(10)))
        #expect(try store.folder.read(digest, from: 1000).content == [])
    }

    @Test("what is lost on the way is asked for; what comes twice changes nothing; senders are kept apart")
    func lostParts() throws {
        let store = TemporaryStore()
        #expect(try store.put(Self.photo, from: 400) == .received(0))
        #expect(try store.put(Self.photo, length: 400) == .received(400))
        #expect(try store.put(Self.photo, length: 300) == .received(400))
        #expect(try store.put(Self.photo, from: 600) == .received(400))
        #expect(try store.put(Self.photo, from: 400, sender: "water") == .received(0))
        #expect(try store.put(Self.photo, from: 300) == .whole(.jpeg))
    }

    @Test("another content than announced is thrown away, and the next try begins anew")
    func wrongDigest() throws {
        let store = TemporaryStore()
        let digest = TemporaryStore.digest([1])
        #expect(throws: AttachmentProblem.digest) { try store.put(Self.photo, digest: digest) }
        #expect(store.folder.all() == [])
        #expect(try store.put(Self.photo, from: 10, digest: digest) == .received(0))
        #expect(throws: AttachmentProblem.type) { try store.put(Array("MZ".utf8) + [0, 1, 2]) }
        #expect(throws: AttachmentProblem.size) { try store.put([]) }
    }

    @Test("parts beyond the file, empty or too large ones are refused")
    func badParts() {
        let store = TemporaryStore()
        let digest = TemporaryStore.digest(Self.photo)
        for (size, offset, count) in [(1000, 990, 11), (1000, 0, 0), (1 << 20, 0, (512 << 10) + 1), (1000, 1001, 1)] {
            #expect(throws: AttachmentProblem.part) {
                try store.folder.put(
                    .init(
                        sender: "fp", digest: digest, size: UInt64(size), offset: UInt64(offset),
                        content: Array(repeating: 0, count: count)))
            }
        }
        #expect(throws: AttachmentProblem.size) {
            try store.folder.put(
                .init(sender: "fp", digest: digest, size: AttachmentLimits.file + 1, offset: 0, content: [1]))
        }
    }

    @Test("a sound file stays as it is; a torn one gives way to a sound one")
    func again() throws {
        let store = TemporaryStore()
        let digest = TemporaryStore.digest(Self.photo)
        let path = "\(store.path)/\(AttachmentFolder.name(of: digest))"
        #expect(try store.put(Self.photo) == .whole(.jpeg))
        let first = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
        #expect(try store.put(Self.photo, sender: "water") == .whole(.jpeg))
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int == first)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        try Data([1, 2, 3]).write(to: URL(filePath: path))
        #expect(!store.folder.isSound(digest))
        #expect(throws: AttachmentProblem.damaged) { try store.folder.read(digest, from: 0) }
        #expect(try store.put(Self.photo) == .whole(.jpeg))
        #expect(store.folder.isSound(digest))
        try FileManager.default.removeItem(atPath: path)
        #expect(throws: AttachmentProblem.lost) { try store.folder.read(digest, from: 0) }
    }

    @Test("only so many files are on their way, and those at a halt make room")
    func crowd() throws {
        let crowded = TemporaryStore { $0.incoming = 1 }
        #expect(try crowded.put(Self.photo, length: 10) == .received(10))
        #expect(throws: AttachmentProblem.tooMany) { try crowded.put(Self.photo, length: 10, sender: "water") }
        let impatient = TemporaryStore {
            $0.incoming = 1
            $0.patience = -1
        }
        #expect(try impatient.put(Self.photo, length: 10) == .received(10))
        #expect(try impatient.put(Self.photo, length: 10, sender: "water") == .received(10))
        let full = TemporaryStore { $0.reserve = 1 << 60 }
        #expect(throws: AttachmentProblem.diskFull) { try full.put(Self.photo) }
        #expect(AttachmentProblem.diskFull.isRetriable && !AttachmentProblem.digest.isRetriable)
    }
}
