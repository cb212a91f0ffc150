import CFileStatus
import EventLog

/// The files of an open log as they stand under their names. Whoever moves, removes or cuts one of them while it is open
/// leaves the writer with a file that nobody finds again: what it acknowledged then would be lost.
struct StandingFiles {
    private struct Standing {
        let path: String
        let name: String
        let device: UInt64
        let inode: UInt64
        /// Smallest length that it may have: none of them ever becomes shorter while the log is open.
        var length: Int
    }

    private var files: [Standing] = []

    /// Notes the files as they are; nil where a log does not stand on the file system.
    init?(_ log: LogFiles, _ options: SQLiteLogOptions) {
        guard options.vfs == nil, options.disk is SystemDisk else { return nil }
        for path in [log.database, log.writeAheadLog, log.head] {
            guard let status = Self.status(path) else { return nil }
            files.append(
                Standing(
                    path: path, name: path.split(separator: "/").last.map(String.init) ?? path,
                    device: status.device, inode: status.inode, length: Int(status.size)))
        }
    }

    /// Makes sure that what is written next is written into the files that stand there.
    /// - Throws: `storageFailed`: the writer must stop.
    mutating func check() throws(EventLogError) {
        for index in files.indices {
            let file = files[index]
            guard let status = Self.status(file.path), status.device == file.device, status.inode == file.inode else {
                throw EventLogError(
                    .storageFailed,
                    "\(file.name) was moved, removed or exchanged while the log was open: put it back, or restore the "
                        + "newest backup elsewhere and compare")
            }
            guard status.size >= file.length else {
                throw EventLogError(
                    .storageFailed,
                    "\(file.name) was cut while the log was open, from \(file.length) bytes to \(status.size): "
                        + "run log verify, and restore the newest backup elsewhere and compare")
            }
            files[index].length = Int(status.size)
        }
    }

    private static func status(_ path: String) -> care_file_status? {
        var status = care_file_status()
        return care_file_status(path, &status) == 0 ? status : nil
    }
}
