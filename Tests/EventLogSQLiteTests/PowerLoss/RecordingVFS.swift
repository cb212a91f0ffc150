import CSQLite
import Foundation

@testable import EventLogSQLite

/// SQLite's own VFS with a `RecordingDisk` between: the calls go to the real files, and into the record.
///
/// Whoever makes one closes the databases on it before letting it go.
final class RecordingVFS {
    let name: String
    private let table: UnsafeMutablePointer<sqlite3_vfs>
    private let nameBytes: UnsafeMutablePointer<CChar>
    private let disk: RecordingDisk

    init(_ disk: RecordingDisk) throws {
        self.disk = disk
        name = "recording-\(UUID().uuidString)"
        nameBytes = strdup(name)
        guard let real = sqlite3_vfs_find(nil) else { throw CocoaError(.featureUnsupported) }
        table = .allocate(capacity: 1)
        table.initialize(to: real.pointee)
        table.pointee.pNext = nil
        table.pointee.zName = UnsafePointer(nameBytes)
        table.pointee.szOsFile = Int32(RecordedHandle.bytes) + real.pointee.szOsFile
        // The real VFS stands behind; of ours only opening and deleting are other.
        table.pointee.pAppData = Unmanaged.passUnretained(disk).toOpaque()
        table.pointee.xOpen = { vfs, path, file, flags, outFlags in
            RecordingVFS.open(vfs, path, file, flags, outFlags)
        }
        table.pointee.xDelete = { vfs, path, syncs in
            guard let real = sqlite3_vfs_find(nil), let path else { return SQLITE_MISUSE }
            let result = real.pointee.xDelete(real, path, syncs)
            if result == SQLITE_OK {
                RecordingVFS.disk(vfs)?.note(.remove(RecordingDisk.name(String(cString: path))))
                if syncs != 0 { RecordingVFS.disk(vfs)?.note(.syncDirectory) }
            }
            return result
        }
        table.pointee.xAccess = { _, path, flags, result in
            guard let real = sqlite3_vfs_find(nil) else { return SQLITE_MISUSE }
            return real.pointee.xAccess(real, path, flags, result)
        }
        table.pointee.xFullPathname = { _, path, count, result in
            guard let real = sqlite3_vfs_find(nil) else { return SQLITE_MISUSE }
            return real.pointee.xFullPathname(real, path, count, result)
        }
        sqlite3_vfs_register(table, 0)
    }

    deinit {
        sqlite3_vfs_unregister(table)
        table.deallocate()
        free(nameBytes)
    }

    fileprivate static func disk(_ vfs: UnsafeMutablePointer<sqlite3_vfs>?) -> RecordingDisk? {
        vfs?.pointee.pAppData.map { Unmanaged<RecordingDisk>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func open(
        _ vfs: UnsafeMutablePointer<sqlite3_vfs>?, _ path: UnsafePointer<CChar>?,
        _ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32, _ outFlags: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        guard let real = sqlite3_vfs_find(nil), let disk = disk(vfs), let file else { return SQLITE_MISUSE }
        let handle = RecordedHandle.of(file)
        handle.pointee.base.pMethods = nil
        let name = path.map { RecordingDisk.name(String(cString: $0)) } ?? "temporary"
        let isNew = path.map { access($0, F_OK) != 0 } ?? false
        return disk.perform(.open, name) { _ in
            SQLITE_CANTOPEN
        } _: {
            let result = real.pointee.xOpen(real, path, RecordedHandle.real(file), flags, outFlags)
            if RecordedHandle.real(file).pointee.pMethods != nil {
                handle.pointee.owner = Unmanaged.passRetained(RecordedFile(disk: disk, name: name, isNew: isNew))
                handle.pointee.base.pMethods = UnsafePointer(recordedMethods)
            }
            if result == SQLITE_OK, isNew { disk.note(.create(name)) }
            return result
        }
    }
}

/// Whose file it is.
private final class RecordedFile {
    let disk: RecordingDisk
    let name: String
    /// SQLite syncs the directory with the first sync of a journal that it made.
    var syncsDirectory: Bool

    init(disk: RecordingDisk, name: String, isNew: Bool) {
        self.disk = disk
        self.name = name
        syncsDirectory = isNew && (name.hasSuffix("-wal") || name.hasSuffix("-journal"))
    }
}

/// An open file as SQLite holds it; the real one's memory follows.
private struct RecordedHandle {
    var base: sqlite3_file
    var owner: Unmanaged<RecordedFile>

    static let bytes = (MemoryLayout<RecordedHandle>.stride + 15) / 16 * 16

    static func of(_ file: UnsafeMutablePointer<sqlite3_file>) -> UnsafeMutablePointer<RecordedHandle> {
        UnsafeMutableRawPointer(file).assumingMemoryBound(to: RecordedHandle.self)
    }

    static func real(_ file: UnsafeMutablePointer<sqlite3_file>) -> UnsafeMutablePointer<sqlite3_file> {
        (UnsafeMutableRawPointer(file) + bytes).assumingMemoryBound(to: sqlite3_file.self)
    }
}

private func recorded(_ file: UnsafeMutablePointer<sqlite3_file>) -> RecordedFile {
    RecordedHandle.of(file).pointee.owner.takeUnretainedValue()
}

/// Calls of the real file.
private func real(
    _ file: UnsafeMutablePointer<sqlite3_file>?,
    _ body: (UnsafeMutablePointer<sqlite3_file>, sqlite3_io_methods) -> Int32
) -> Int32 {
    guard let file else { return SQLITE_MISUSE }
    let real = RecordedHandle.real(file)
    return real.pointee.pMethods.map { body(real, $0.pointee) } ?? SQLITE_MISUSE
}

/// The calls on an open file. Filled once, before any use, and never changed.
nonisolated(unsafe) private let recordedMethods: UnsafeMutablePointer<sqlite3_io_methods> = {
    let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    methods.initialize(to: sqlite3_io_methods())
    methods.pointee.iVersion = 2
    fillWrites(methods)
    fillTheRest(methods)
    return methods
}()

private func fillWrites(_ methods: UnsafeMutablePointer<sqlite3_io_methods>) {
    methods.pointee.xWrite = { file, buffer, count, offset in
        guard let file, let buffer else { return SQLITE_MISUSE }
        let owner = recorded(file)
        let bytes = Array(UnsafeRawBufferPointer(start: buffer, count: Int(count)))
        let write = { (length: Int32) -> Int32 in
            let result = real(file) { $1.xWrite($0, buffer, length, offset) }
            if result == SQLITE_OK, length > 0 {
                owner.disk.note(.write(owner.name, offset: Int(offset), bytes: Array(bytes.prefix(Int(length)))))
            }
            return result
        }
        return owner.disk.perform(.write, owner.name) { failure in
            if failure == .short { _ = write(count / 2) }
            return failure == .full ? SQLITE_FULL : care_sqlite3_ioerr_write
        } _: {
            write(count)
        }
    }
    methods.pointee.xTruncate = { file, length in
        guard let file else { return SQLITE_MISUSE }
        let owner = recorded(file)
        return owner.disk.perform(.truncate, owner.name) { _ in
            SQLITE_IOERR | 6 << 8
        } _: {
            let result = real(file) { $1.xTruncate($0, length) }
            if result == SQLITE_OK { owner.disk.note(.truncate(owner.name, length: Int(length))) }
            return result
        }
    }
    methods.pointee.xSync = { file, flags in
        guard let file else { return SQLITE_MISUSE }
        let owner = recorded(file)
        return owner.disk.perform(.sync, owner.name) { _ in
            owner.disk.note(.failedSync(owner.name))
            return SQLITE_IOERR | 4 << 8
        } _: {
            let result = real(file) { $1.xSync($0, flags) }
            guard result == SQLITE_OK else { return result }
            owner.disk.note(.sync(owner.name))
            if owner.syncsDirectory { owner.disk.note(.syncDirectory) }
            owner.syncsDirectory = false
            return result
        }
    }
}

private func fillTheRest(_ methods: UnsafeMutablePointer<sqlite3_io_methods>) {
    methods.pointee.xClose = { file in
        guard let file else { return SQLITE_MISUSE }
        let result = real(file) { $1.xClose($0) }
        RecordedHandle.of(file).pointee.owner.release()
        RecordedHandle.of(file).pointee.base.pMethods = nil
        return result
    }
    methods.pointee.xRead = { file, buffer, count, offset in real(file) { $1.xRead($0, buffer, count, offset) } }
    methods.pointee.xFileSize = { file, size in real(file) { $1.xFileSize($0, size) } }
    methods.pointee.xLock = { file, level in real(file) { $1.xLock($0, level) } }
    methods.pointee.xUnlock = { file, level in real(file) { $1.xUnlock($0, level) } }
    methods.pointee.xCheckReservedLock = { file, result in real(file) { $1.xCheckReservedLock($0, result) } }
    methods.pointee.xFileControl = { file, operation, argument in
        real(file) { $1.xFileControl($0, operation, argument) }
    }
    methods.pointee.xSectorSize = { file in real(file) { $1.xSectorSize($0) } }
    methods.pointee.xDeviceCharacteristics = { file in real(file) { $1.xDeviceCharacteristics($0) } }
    methods.pointee.xShmMap = { file, region, bytes, makes, result in
        real(file) { $1.xShmMap($0, region, bytes, makes, result) }
    }
    methods.pointee.xShmLock = { file, first, count, flags in real(file) { $1.xShmLock($0, first, count, flags) } }
    methods.pointee.xShmBarrier = { file in
        _ = real(file) {
            $1.xShmBarrier($0); return SQLITE_OK
        }
    }
    methods.pointee.xShmUnmap = { file, deletes in real(file) { $1.xShmUnmap($0, deletes) } }
}
