import Foundation

/// What tells one version of a file from the next: size, time and inode.
struct FileStamp: Hashable {
    private let size: Int64
    private let seconds: Int
    private let nanoseconds: Int
    private let inode: UInt64

    init(path: String) {
        var info = stat()
        guard stat(path, &info) == 0 else {
            (size, seconds, nanoseconds, inode) = (-1, 0, 0, 0)
            return
        }
        size = Int64(info.st_size)
        seconds = info.st_mtim.tv_sec
        nanoseconds = info.st_mtim.tv_nsec
        inode = UInt64(info.st_ino)
    }
}

/// Small files that services keep beside the log, written whole or not at all.
package enum StateFile {
    /// The bytes; nil when there is no such file.
    package static func read(_ path: String) -> [UInt8]? {
        (try? Data(contentsOf: URL(fileURLWithPath: path))).map { Array($0) }
    }

    /// Writes the bytes in the place of the file, in one step.
    /// - Throws: what the system says, for instance that the disk is full.
    package static func write(_ bytes: [UInt8], to path: String) throws {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
