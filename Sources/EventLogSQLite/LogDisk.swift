import EventLog
import Glibc

/// Where the files beside the database stand: head, image and lock. The database itself stands on an SQLite VFS.
///
/// Deployments use the file system; the simulator plays a disk that loses and tears what was not synced.
package protocol LogDisk: Sendable {
    /// Opens a file, creating it when asked.
    func open(_ path: String, create: Bool) throws(EventLogError) -> any LogDiskFile
    /// Makes a directory and those above it that are missing.
    func makeDirectories(_ path: String) throws(EventLogError)
    /// Forces a directory's entries to disk, so that a new file survives a power cut.
    func syncDirectory(_ path: String) throws(EventLogError)
    /// Gives a file another name, in place of one that has it.
    func rename(_ path: String, to new: String) throws(EventLogError)
    /// Removes a file when it is there.
    func remove(_ path: String)
}

/// An open file with small positioned reads and writes, synced on demand. Used by one thread at a time, except that it
/// may be synced while it is written.
package protocol LogDiskFile: AnyObject {
    /// Bytes of the file.
    func size() throws(EventLogError) -> Int
    /// Takes the exclusive lock; false when another open file holds it. Given back when the file is released.
    func tryLock() -> Bool
    /// Sets the length.
    func truncate(to length: Int) throws(EventLogError)
    /// Makes the file at least so long, with room on the disk for every byte of it; what it holds stays.
    /// - Throws: `diskFull` when there is no room; the file may then be longer than it was, with room for a part.
    func allocate(_ length: Int) throws(EventLogError)
    /// Writes all bytes at an offset.
    func write(_ bytes: [UInt8], at offset: Int) throws(EventLogError)
    /// Reads up to `count` bytes at an offset; fewer at the end of the file.
    func read(_ count: Int, at offset: Int) throws(EventLogError) -> [UInt8]
    /// Forces the content to disk.
    func sync() throws(EventLogError)
}

/// The file system.
struct SystemDisk: LogDisk {
    func open(_ path: String, create: Bool) throws(EventLogError) -> any LogDiskFile {
        try DurableFile(path, create: create)
    }

    func makeDirectories(_ path: String) throws(EventLogError) { try DurableFile.makeDirectories(path) }

    func syncDirectory(_ path: String) throws(EventLogError) { try DurableFile.syncDirectory(path) }

    func rename(_ path: String, to new: String) throws(EventLogError) {
        guard Glibc.rename(path, new) == 0 else {
            throw DurableFile.failure("rename", path.split(separator: "/").last.map(String.init) ?? path)
        }
    }

    func remove(_ path: String) { unlink(path) }
}
