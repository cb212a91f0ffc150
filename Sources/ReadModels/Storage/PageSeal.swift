import Foundation
import GRDB
import GRDBSQLite

/// Seals the pages of a read model, and looks at the seal whenever SQLite reads a page of the file.
///
/// SQLite keeps no checksums of its own: a byte that changed on the disk is a wrong list, without a word. So the last
/// eight bytes of each page, which SQLite is told to leave free, hold a checksum over the rest of it and its place. It is
/// set when a page is written to the file and compared when one is read; a page that does not agree is a failed read
/// (`SQLITE_IOERR_DATA`), never an answer. What stands in the write-ahead log has SQLite's own checksums, looked at when
/// it is opened. See decision 0003.
///
/// `@unchecked Sendable`: `damage` and `report` are touched only while `lock` is held.
final class PageSeal: @unchecked Sendable {
    /// Bytes of a page.
    static let pageBytes = 8192
    /// Bytes at the end of each page that SQLite leaves alone.
    static let sealBytes = 8

    private let lock = NSLock()
    private var isDamaged = false
    private var report: (@Sendable () -> Void)?

    /// Whether a page was met whose seal is broken.
    var hasMetDamage: Bool { lock.withLock { isDamaged } }

    /// Tells once when damage is met, at once when that was before. Called on whichever thread reads; must not wait.
    func onDamage(_ report: @escaping @Sendable () -> Void) {
        let isLate = lock.withLock {
            self.report = report
            return isDamaged
        }
        if isLate { report() }
    }

    /// Notes damage that SQLite itself met.
    func noteDamage() {
        let report = lock.withLock { () -> (@Sendable () -> Void)? in
            defer { isDamaged = true }
            return isDamaged ? nil : self.report
        }
        report?()
    }

    /// Lets a connection that was just opened write and read sealed pages.
    /// - Throws: `ReadModelError` with `unusable` for a file whose pages have no room for a seal.
    func attach(_ db: Database) throws {
        var pointer: UnsafeMutablePointer<sqlite3_file>?
        guard sqlite3_file_control(db.sqliteConnection, "main", SQLITE_FCNTL_FILE_POINTER, &pointer) == SQLITE_OK,
            let file = pointer, let methods = file.pointee.pMethods, SealedFiles.take(file, methods, self)
        else { throw ReadModelError(.storage, "the pages cannot be sealed") }
        var size: sqlite3_int64 = 0
        guard methods.pointee.xFileSize(file, &size) == SQLITE_OK else {
            throw ReadModelError(.storage, "the file has no readable length")
        }
        if size == 0 {
            var reserved = Int32(Self.sealBytes)
            sqlite3_file_control(db.sqliteConnection, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved)
            try db.execute(sql: "PRAGMA page_size = \(Self.pageBytes)")
            return
        }
        try withUnsafeTemporaryAllocation(byteCount: 100, alignment: 8) { header in
            // Bytes 16 and 17 of a database are the length of its pages, byte 20 what is left free in each.
            guard methods.pointee.xRead(file, header.baseAddress, 100, 0) == SQLITE_OK,
                Int(header[16]) << 8 | Int(header[17]) == Self.pageBytes, header[20] == Self.sealBytes
            else { throw ReadModelError(.unusable, "the beginning of the file is damaged, or of another time") }
        }
    }

    // MARK: The seal of one page

    /// Checksum over a page's bytes before the seal and its place in the file.
    ///
    /// Four sums beside each other, so that the processor need not wait for each product. Every step is reversible, so
    /// a change within one of the sums is always seen, any other but for one in 2^64.
    static func checksum(of page: UnsafeRawPointer, at offset: Int64) -> UInt64 {
        let prime: UInt64 = 0x9E37_79B1_85EB_CA87
        let words = (pageBytes - sealBytes) / 8
        var sums = (UInt64(bitPattern: offset), UInt64(1), UInt64(2), UInt64(3))
        var place = 0
        while place + 4 <= words {
            let four = page + place * 8
            sums.0 = (sums.0 ^ four.loadUnaligned(as: UInt64.self)) &* prime
            sums.1 = (sums.1 ^ four.loadUnaligned(fromByteOffset: 8, as: UInt64.self)) &* prime
            sums.2 = (sums.2 ^ four.loadUnaligned(fromByteOffset: 16, as: UInt64.self)) &* prime
            sums.3 = (sums.3 ^ four.loadUnaligned(fromByteOffset: 24, as: UInt64.self)) &* prime
            // Products move a change upwards only; this brings it down again.
            sums = (sums.0 ^ sums.0 >> 29, sums.1 ^ sums.1 >> 29, sums.2 ^ sums.2 >> 29, sums.3 ^ sums.3 >> 29)
            place += 4
        }
        var sum = ((sums.0 &* prime ^ sums.1) &* prime ^ sums.2) &* prime ^ sums.3
        while place < words {
            sum = (sum ^ (page + place * 8).loadUnaligned(as: UInt64.self)) &* prime
            place += 1
        }
        return sum ^ sum >> 31
    }

    /// Whether a page agrees with its seal. One that was never written holds nothing but zeros.
    static func isWhole(_ page: UnsafeRawPointer, at offset: Int64) -> Bool {
        let seal = (page + (pageBytes - sealBytes)).loadUnaligned(as: UInt64.self)
        if seal == checksum(of: page, at: offset) { return true }
        return seal == 0 && UnsafeRawBufferPointer(start: page, count: pageBytes).allSatisfy { $0 == 0 }
    }
}

/// The open files whose pages are sealed, and how SQLite reads and writes them.
private enum SealedFiles {
    private static let lock = NSLock()
    // Behind `lock`.
    nonisolated(unsafe) private static var seals: [UnsafeMutablePointer<sqlite3_file>: PageSeal] = [:]
    // Set once, behind `lock`, before any file has the sealed methods; only read after that.
    nonisolated(unsafe) private static var engine: UnsafePointer<sqlite3_io_methods>?
    nonisolated(unsafe) private static var sealed: UnsafePointer<sqlite3_io_methods>?

    /// SQLite's `SQLITE_IOERR_DATA`: what a checksum of a page says.
    private static let damaged: Int32 = SQLITE_IOERR | 32 << 8

    /// Puts the seal between SQLite and a file that it has opened.
    /// - Returns: false when the file is not one of the engine that the others are of.
    static func take(
        _ file: UnsafeMutablePointer<sqlite3_file>, _ methods: UnsafePointer<sqlite3_io_methods>, _ seal: PageSeal
    ) -> Bool {
        lock.withLock {
            if engine == nil {
                engine = methods
                var own = methods.pointee
                own.xRead = read
                own.xWrite = write
                own.xClose = close
                // Version 2 has no memory mapping: every page comes by way of `xRead`.
                own.iVersion = min(own.iVersion, 2)
                let place = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
                place.initialize(to: own)
                sealed = UnsafePointer(place)
            }
            guard methods == engine, let sealed else { return false }
            file.pointee.pMethods = sealed
            seals[file] = seal
            return true
        }
    }

    private static let read:
        @convention(c) (
            UnsafeMutablePointer<sqlite3_file>?, UnsafeMutableRawPointer?, Int32, sqlite3_int64
        ) -> Int32 = { file, bytes, count, offset in
            guard let engine, let file, let bytes else { return SQLITE_MISUSE }
            let result = engine.pointee.xRead(file, bytes, count, offset)
            guard result == SQLITE_OK, isPage(count, offset), !PageSeal.isWhole(bytes, at: offset) else {
                return result
            }
            let seal = lock.withLock { seals[file] }
            seal?.noteDamage()
            return damaged
        }

    private static let write:
        @convention(c) (UnsafeMutablePointer<sqlite3_file>?, UnsafeRawPointer?, Int32, sqlite3_int64) -> Int32 = {
            file, bytes, count, offset in
            guard let engine, let file, let bytes else { return SQLITE_MISUSE }
            guard isPage(count, offset) else { return engine.pointee.xWrite(file, bytes, count, offset) }
            // On a copy: the page belongs to SQLite.
            return withUnsafeTemporaryAllocation(byteCount: PageSeal.pageBytes, alignment: 8) { page in
                let body = PageSeal.pageBytes - PageSeal.sealBytes
                page.copyMemory(from: UnsafeRawBufferPointer(start: bytes, count: body))
                guard let base = page.baseAddress else { return SQLITE_NOMEM }
                page.storeBytes(of: PageSeal.checksum(of: base, at: offset), toByteOffset: body, as: UInt64.self)
                return engine.pointee.xWrite(file, base, count, offset)
            }
        }

    private static let close: @convention(c) (UnsafeMutablePointer<sqlite3_file>?) -> Int32 = { file in
        guard let engine, let file else { return SQLITE_MISUSE }
        _ = lock.withLock { seals.removeValue(forKey: file) }
        return engine.pointee.xClose(file)
    }

    private static func isPage(_ count: Int32, _ offset: sqlite3_int64) -> Bool {
        Int(count) == PageSeal.pageBytes && offset % sqlite3_int64(PageSeal.pageBytes) == 0
    }
}
