import CSQLite
import Foundation

/// A simulated disk as SQLite sees it, under a name of its own.
///
/// All pointers into SQLite's structures stay in this file. The disk outlives every connection: whoever makes a VFS
/// closes the databases on it before letting it go.
final class SimulatedVFS {
    let name: String
    private let table: UnsafeMutablePointer<sqlite3_vfs>
    private let nameBytes: UnsafeMutablePointer<CChar>
    private let disk: SimulatedDisk

    /// Makes SQLite know the disk under a name that no other has at the time.
    init(_ disk: SimulatedDisk, name: String) {
        self.name = name
        self.disk = disk
        nameBytes = strdup(name)
        table = .allocate(capacity: 1)
        table.initialize(to: sqlite3_vfs())
        table.pointee.iVersion = 1
        table.pointee.szOsFile = Int32(MemoryLayout<SimulatedHandle>.stride)
        table.pointee.mxPathname = 512
        table.pointee.zName = UnsafePointer(nameBytes)
        table.pointee.pAppData = Unmanaged.passUnretained(disk).toOpaque()
        Self.fill(table)
        sqlite3_vfs_register(table, 0)
    }

    deinit {
        sqlite3_vfs_unregister(table)
        table.deallocate()
        free(nameBytes)
    }

    private static func disk(_ vfs: UnsafeMutablePointer<sqlite3_vfs>?) -> SimulatedDisk? {
        vfs?.pointee.pAppData.map { Unmanaged<SimulatedDisk>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func fill(_ table: UnsafeMutablePointer<sqlite3_vfs>) {
        table.pointee.xOpen = { vfs, path, file, flags, outFlags in
            guard let disk = SimulatedVFS.disk(vfs), let path, let file else { return SQLITE_CANTOPEN }
            let handle = UnsafeMutableRawPointer(file).assumingMemoryBound(to: SimulatedHandle.self)
            handle.pointee.base.pMethods = nil
            guard let opened = disk.file(String(cString: path), create: flags & SQLITE_OPEN_CREATE != 0) else {
                return SQLITE_CANTOPEN
            }
            handle.pointee.file = Unmanaged.passRetained(opened)
            handle.pointee.base.pMethods = UnsafePointer(simulatedMethods)
            outFlags?.pointee = flags
            return SQLITE_OK
        }
        table.pointee.xDelete = { vfs, path, _ in
            guard let path else { return SQLITE_MISUSE }
            SimulatedVFS.disk(vfs)?.delete(String(cString: path))
            return SQLITE_OK
        }
        table.pointee.xAccess = { vfs, path, _, result in
            guard let path else { return SQLITE_MISUSE }
            result?.pointee = SimulatedVFS.disk(vfs)?.exists(String(cString: path)) ?? false ? 1 : 0
            return SQLITE_OK
        }
        table.pointee.xFullPathname = { _, path, count, result in
            guard let path, let result, strlen(path) < Int(count) else { return SQLITE_CANTOPEN }
            strcpy(result, path)
            return SQLITE_OK
        }
        // Salts of the write-ahead log only: they change no answer.
        table.pointee.xRandomness = { _, count, bytes in
            if let bytes { memset(bytes, 0x5A, Int(count)) }
            return count
        }
        // Nobody else runs meanwhile, so waiting for a lock ends at once.
        table.pointee.xSleep = { _, microseconds in microseconds }
        table.pointee.xCurrentTime = { _, day in
            day?.pointee = 2_460_000
            return SQLITE_OK
        }
        table.pointee.xGetLastError = { _, _, _ in 0 }
    }
}

/// An open file as SQLite holds it.
private struct SimulatedHandle {
    var base: sqlite3_file
    var file: Unmanaged<OpenedFile>
}

private func opened(_ file: UnsafeMutablePointer<sqlite3_file>?) -> OpenedFile? {
    guard let file else { return nil }
    return UnsafeMutableRawPointer(file).assumingMemoryBound(to: SimulatedHandle.self).pointee.file
        .takeUnretainedValue()
}

/// The calls on an open file. Filled once, before any use, and never changed.
nonisolated(unsafe) private let simulatedMethods: UnsafeMutablePointer<sqlite3_io_methods> = {
    let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    methods.initialize(to: sqlite3_io_methods())
    methods.pointee.iVersion = 2
    fillContent(methods)
    fillLocks(methods)
    fillMemory(methods)
    return methods
}()

private func fillContent(_ methods: UnsafeMutablePointer<sqlite3_io_methods>) {
    methods.pointee.xClose = { file in
        guard let file else { return SQLITE_MISUSE }
        let handle = UnsafeMutableRawPointer(file).assumingMemoryBound(to: SimulatedHandle.self)
        let opened = handle.pointee.file.takeRetainedValue()
        opened.memory?.leave(ObjectIdentifier(opened))
        handle.pointee.base.pMethods = nil
        return SQLITE_OK
    }
    methods.pointee.xRead = { file, buffer, count, offset in
        guard let opened = opened(file), let buffer else { return SQLITE_MISUSE }
        return opened.disk.withLock {
            guard opened.disk.isAlive(opened) else { return care_sqlite3_ioerr_read }
            let found = opened.file.read(Int(count), at: Int(offset), into: buffer)
            guard found < Int(count) else { return SQLITE_OK }
            memset(buffer + found, 0, Int(count) - found)
            return care_sqlite3_ioerr_short_read
        }
    }
    methods.pointee.xWrite = { file, buffer, count, offset in
        guard let opened = opened(file), let buffer else { return SQLITE_MISUSE }
        let bytes = Array(UnsafeRawBufferPointer(start: buffer, count: Int(count)))
        return opened.disk.withLock {
            do throws(SimulatedDisk.Failure) {
                try opened.disk.write(bytes, at: Int(offset), to: opened)
                return SQLITE_OK
            } catch {
                opened.foundNoRoom = error == .full
                return error == .full ? SQLITE_FULL : care_sqlite3_ioerr_write
            }
        }
    }
    methods.pointee.xTruncate = { file, length in
        guard let opened = opened(file) else { return SQLITE_MISUSE }
        opened.disk.withLock { opened.disk.truncate(opened, to: Int(length)) }
        return SQLITE_OK
    }
    methods.pointee.xSync = { file, _ in
        guard let opened = opened(file) else { return SQLITE_MISUSE }
        return opened.disk.withLock {
            do throws(SimulatedDisk.Failure) {
                try opened.disk.sync(opened)
                return SQLITE_OK
            } catch { return SQLITE_IOERR | 4 << 8 }
        }
    }
    methods.pointee.xFileSize = { file, size in
        guard let opened = opened(file) else { return SQLITE_MISUSE }
        size?.pointee = Int64(opened.disk.withLock { opened.file.size })
        return SQLITE_OK
    }
    methods.pointee.xFileControl = { file, operation, argument in
        guard operation == SQLITE_FCNTL_LAST_ERRNO, let opened = opened(file) else { return SQLITE_NOTFOUND }
        argument?.assumingMemoryBound(to: Int32.self).pointee = opened.foundNoRoom ? ENOSPC : 0
        return SQLITE_OK
    }
    methods.pointee.xSectorSize = { _ in 4096 }
    // As on the file systems of deployments: a torn write spoils nothing beside what was written.
    methods.pointee.xDeviceCharacteristics = { _ in SQLITE_IOCAP_POWERSAFE_OVERWRITE }
}

private func fillLocks(_ methods: UnsafeMutablePointer<sqlite3_io_methods>) {
    methods.pointee.xLock = { file, level in
        guard let opened = opened(file) else { return SQLITE_MISUSE }
        return opened.disk.withLock { opened.disk.raise(opened, to: level) ? SQLITE_OK : SQLITE_BUSY }
    }
    methods.pointee.xUnlock = { file, level in
        guard let opened = opened(file) else { return SQLITE_MISUSE }
        opened.disk.withLock { opened.disk.lower(opened, to: level) }
        return SQLITE_OK
    }
    methods.pointee.xCheckReservedLock = { file, result in
        guard let opened = opened(file) else { return SQLITE_MISUSE }
        result?.pointee = opened.disk.withLock { opened.disk.isReserved(opened.path) } ? 1 : 0
        return SQLITE_OK
    }
}

private func fillMemory(_ methods: UnsafeMutablePointer<sqlite3_io_methods>) {
    methods.pointee.xShmMap = { file, region, bytes, makes, result in
        guard let opened = opened(file) else { return SQLITE_MISUSE }
        return opened.disk.withLock {
            let memory = opened.memory ?? opened.disk.sharedMemory(opened.path, life: opened.life)
            opened.memory = memory
            result?.pointee = memory.region(Int(region), bytes: Int(bytes), makes: makes != 0).map {
                UnsafeMutableRawPointer($0)
            }
            return SQLITE_OK
        }
    }
    methods.pointee.xShmLock = { file, first, count, flags in
        guard let opened = opened(file) else { return SQLITE_MISUSE }
        return opened.disk.withLock {
            let memory = opened.memory ?? opened.disk.sharedMemory(opened.path, life: opened.life)
            opened.memory = memory
            let numbers = Int(first)..<Int(first + count)
            let exclusively = flags & SQLITE_SHM_EXCLUSIVE != 0
            let holder = ObjectIdentifier(opened)
            if flags & SQLITE_SHM_UNLOCK != 0 {
                memory.unlock(numbers, exclusively: exclusively, by: holder)
                return SQLITE_OK
            }
            return memory.lock(numbers, exclusively: exclusively, by: holder) ? SQLITE_OK : SQLITE_BUSY
        }
    }
    methods.pointee.xShmBarrier = { _ in }
    methods.pointee.xShmUnmap = { file, _ in
        guard let opened = opened(file) else { return SQLITE_MISUSE }
        opened.disk.withLock {
            opened.memory?.leave(ObjectIdentifier(opened))
            opened.memory = nil
        }
        return SQLITE_OK
    }
}
