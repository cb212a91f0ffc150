import CareDomain
import Crypto
import Foundation

/// Files by their digest in a folder of the data: `ab/ab12…` for what was checked, `incoming` for what is on its way.
///
/// A file lies there once however often it is put, and nothing writes over it: only one that is no longer what its name
/// says gives way to a sound one. Durable before `put` says that it is whole. Used by one thread at a time; others may
/// read beside it.
package struct AttachmentFolder: Sendable {
    /// One part of a file that somebody sends.
    package struct Part: Hashable, Sendable {
        /// Who sends it, for what: files on their way are kept apart by this.
        package var sender: String
        package var digest: FileDigest
        /// Bytes of the whole file.
        package var size: UInt64
        package var offset: UInt64
        package var content: [UInt8]

        package init(sender: String, digest: FileDigest, size: UInt64, offset: UInt64, content: [UInt8]) {
            self.sender = sender
            self.digest = digest
            self.size = size
            self.offset = offset
            self.content = content
        }
    }

    /// How far a file has come.
    package enum Progress: Hashable, Sendable {
        /// Go on from this byte.
        case received(UInt64)
        /// It is checked and on disk.
        case whole(AttachmentType)
    }

    /// Bounds of a store.
    package struct Bounds: Hashable, Sendable {
        /// Bytes of the disk that attachments leave for the log.
        package var reserve: UInt64 = 64 << 20
        /// Files on their way at a time.
        package var incoming = 64
        /// After so many seconds without a part, a file on its way is given up.
        package var patience: TimeInterval = 3600

        package init() {}
    }

    package let path: String
    private let bounds: Bounds

    package init(path: String, bounds: Bounds = Bounds()) {
        self.path = path
        self.bounds = bounds
    }

    /// Where a file lies, below the folder.
    package static func name(of digest: FileDigest) -> String {
        let digits = digest.description
        return "\(digits.prefix(2))/\(digits)"
    }

    private static let incomingName = "incoming"

    // MARK: Putting

    /// Takes a part in. Parts may come again; what was lost is asked for by `received`.
    /// - Throws: `AttachmentProblem`; see there whether a retry helps.
    package func put(_ part: Part) throws(AttachmentProblem) -> Progress {
        guard (1...AttachmentLimits.file).contains(part.size) else { throw .size }
        let count = UInt64(part.content.count)
        guard (1...AttachmentLimits.part).contains(part.content.count), part.offset <= part.size,
            count <= part.size - part.offset
        else { throw .part }
        let folder = "\(path)/\(Self.incomingName)"
        let temporary = "\(folder)/\(Self.temporaryName(part))"
        let here = Self.size(of: temporary)
        if here == nil {
            guard part.offset == 0 else { return .received(0) }
            try Self.makeFolder(folder)
            try makeRoom(for: part.size, in: folder)
        }
        guard part.offset <= here ?? 0 else { return .received(here ?? 0) }
        try Self.write(part.content, at: part.offset, of: temporary)
        let received = max(here ?? 0, part.offset + count)
        guard received >= part.size else { return .received(received) }
        return .whole(try finish(temporary, part.digest))
    }

    /// One name for one file of one sender, so that nobody's parts mix.
    private static func temporaryName(_ part: Part) -> String {
        let said = "\(part.sender)\n\(part.digest)\n\(part.size)"
        return FileDigest(bytes: Array(SHA256.hash(data: Array(said.utf8))))?.description ?? ""
    }

    /// Gives up what came to a halt, and refuses when the disk or the list is full.
    private func makeRoom(for size: UInt64, in folder: String) throws(AttachmentProblem) {
        var open = 0
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            var state = stat()
            guard stat("\(folder)/\(name)", &state) == 0 else { continue }
            if Date().timeIntervalSince1970 - TimeInterval(state.st_mtim.tv_sec) > bounds.patience {
                unlink("\(folder)/\(name)")
            } else {
                open += 1
            }
        }
        guard open < bounds.incoming else { throw .tooMany }
        var disk = statvfs()
        guard statvfs(folder, &disk) == 0 else { throw .storage("statvfs") }
        let free = UInt64(disk.f_bavail) * UInt64(disk.f_frsize)
        guard free >= size + bounds.reserve else { throw .diskFull }
    }

    /// Checks a whole file and gives it its name; one that is refused is thrown away.
    private func finish(_ temporary: String, _ digest: FileDigest) throws(AttachmentProblem) -> AttachmentType {
        let type: AttachmentType
        do throws(AttachmentProblem) {
            let content = try Self.content(of: temporary)
            guard Self.digest(of: content) == digest else { throw .digest }
            type = try AttachmentType(content: content)
        } catch {
            unlink(temporary)
            throw error
        }
        let target = "\(path)/\(Self.name(of: digest))"
        if isSound(digest) {
            unlink(temporary)
            return type
        }
        let folder = "\(path)/\(digest.description.prefix(2))"
        try Self.makeFolder(folder)
        try Self.sync(temporary, isFolder: false)
        guard chmod(temporary, 0o400) == 0, rename(temporary, target) == 0 else { throw Self.failure("rename") }
        try Self.sync(folder, isFolder: true)
        try Self.sync(path, isFolder: true)
        return type
    }

    // MARK: Reading

    /// Part of a file; empty at its end.
    /// - Throws: `AttachmentProblem.lost` when it is not there; at the beginning of the file also `damaged`, when it is not
    ///   what its name says.
    package func read(
        _ digest: FileDigest, from offset: UInt64
    ) throws(AttachmentProblem) -> (size: UInt64, content: [UInt8]) {
        let file = "\(path)/\(Self.name(of: digest))"
        guard let size = Self.size(of: file) else { throw .lost }
        if offset == 0, !isSound(digest) { throw .damaged }
        guard offset < size else { return (size, []) }
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure("open") }
        defer { close(descriptor) }
        var content = [UInt8](repeating: 0, count: Int(min(size - offset, UInt64(AttachmentLimits.part))))
        var done = 0
        while done < content.count {
            let count = content.withUnsafeMutableBytes { buffer in
                buffer.baseAddress.map {
                    pread(descriptor, $0 + done, buffer.count - done, off_t(offset) + off_t(done))
                } ?? 0
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure("read") }
            done += count
        }
        return (size, content)
    }

    /// Whether the file is there and is what its name says. Reads it whole.
    package func isSound(_ digest: FileDigest) -> Bool {
        guard let content = try? Self.content(of: "\(path)/\(Self.name(of: digest))") else { return false }
        return Self.digest(of: content) == digest
    }

    /// Digests of all files that were checked, in order.
    package func all() -> [FileDigest] {
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return folders.filter { $0.utf8.count == 2 }.sorted().flatMap { folder in
            ((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)")) ?? []).sorted()
                .compactMap { name in
                    FileDigest(digits: name).flatMap { Self.name(of: $0) == "\(folder)/\(name)" ? $0 : nil }
                }
        }
    }

    /// Bytes of a file that is there.
    package func size(of digest: FileDigest) -> UInt64? { Self.size(of: "\(path)/\(Self.name(of: digest))") }

    // MARK: The file system

    private static func digest(of content: [UInt8]) -> FileDigest? {
        FileDigest(bytes: Array(SHA256.hash(data: content)))
    }

    private static func size(of file: String) -> UInt64? {
        var state = stat()
        return stat(file, &state) == 0 ? UInt64(state.st_size) : nil
    }

    private static func content(of file: String) throws(AttachmentProblem) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: file) else { throw failure("read") }
        return [UInt8](data)
    }

    private static func makeFolder(_ folder: String) throws(AttachmentProblem) {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw failure("mkdir") }
    }

    private static func write(
        _ content: [UInt8], at offset: UInt64, of file: String
    ) throws(AttachmentProblem) {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("open") }
        defer { close(descriptor) }
        var done = 0
        while done < content.count {
            let count = content.withUnsafeBytes { buffer in
                buffer.baseAddress.map {
                    pwrite(descriptor, $0 + done, buffer.count - done, off_t(offset) + off_t(done))
                } ?? 0
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let problem = failure("write")
                unlink(file)
                throw problem
            }
            done += count
        }
    }

    private static func sync(_ path: String, isFolder: Bool) throws(AttachmentProblem) {
        let descriptor = open(path, (isFolder ? O_RDONLY | O_DIRECTORY : O_RDWR) | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync") }
    }

    private static func failure(_ action: String) -> AttachmentProblem {
        [ENOSPC, EDQUOT].contains(errno) ? .diskFull : .storage("\(action): errno \(errno)")
    }
}
