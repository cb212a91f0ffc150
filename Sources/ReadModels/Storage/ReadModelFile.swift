import CareDomain
import CareProjections
import EventLog
import Foundation
import GRDB

/// A place in the log; GRDB has a protocol called Cursor.
package typealias LogCursor = EventLog.Cursor

/// One SQLite file with a read model: its rows, and how far in the log they come from.
///
/// Rows and checkpoint are committed together, so the file always equals the fold of the log up to its checkpoint. It
/// runs in WAL mode at synchronous NORMAL on purpose: after a power loss the last commits may be gone, rows and
/// checkpoint alike, and are read from the log again. What is set is read back and anything else is refused. Its pages
/// are sealed: damage is met as a failed read and told, never as a wrong row.
package final class ReadModelFile: Sendable {
    /// Where the rows come from.
    package struct Checkpoint: Hashable, Sendable {
        /// Everything before it is in the rows.
        package var cursor: LogCursor
        /// The pack versions whose words and readings made the rows.
        package var packVersions: [CarePolicyWords.PackVersion]
        /// Stands for all words and readings together; rows made by others do not compare.
        package var wordsFingerprint: String
    }

    package let path: String
    let pool: DatabasePool
    private let seal: PageSeal

    /// Opens a file, or makes an empty one.
    /// - Parameter maximumReaders: How many queries may run beside each other.
    /// - Throws: `ReadModelError` with `durability`, `storage`, or `unusable` for a file of another version.
    package init(path: String, maximumReaders: Int = 2) throws {
        self.path = path
        var configuration = Configuration()
        configuration.maximumReaderCount = maximumReaders
        configuration.label = "read-model"
        let seal = PageSeal()
        self.seal = seal
        configuration.prepareDatabase { db in
            try seal.attach(db)
            try db.execute(sql: "PRAGMA cache_size = -32000; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = OFF")
        }
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            try pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = NORMAL")
                try Self.assertDurability(db)
                if try !db.tableExists("meta") {
                    try db.inTransaction {
                        try ReadModelSchema.createTables(db)
                        try ReadModelSchema.createIndexes(db)
                        try Self.setVersion(db)
                        return .commit
                    }
                }
            }
        } catch let error as ReadModelError {
            throw error
        } catch {
            throw ReadModelError(.storage, "the file cannot be opened", underlying: error)
        }
        let version: Int
        do { version = try pool.read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 } } catch {
            throw ReadModelError(.storage, "the file cannot be read", underlying: error)
        }
        guard version == ReadModelSchema.version else {
            throw ReadModelError(
                .unusable, "schema version \(version), this program has \(ReadModelSchema.version)")
        }
    }

    /// Whether damage was met in it: what it says is not to be relied on, and it is to be built anew.
    package var isDamaged: Bool { seal.hasMetDamage }

    /// Tells once when damage is met, at once when that was before. Called on whichever thread reads; must not wait.
    package func onDamage(_ report: @escaping @Sendable () -> Void) { seal.onDamage(report) }

    /// Notes that the file is damaged.
    func noteDamage() { seal.noteDamage() }

    /// Copies what the write-ahead log holds into the file, as far as nobody needs it there. Not doing so loses nothing.
    func copyWriteAheadLog() {
        try? pool.writeWithoutTransaction { db in _ = try db.checkpoint(.passive) }
    }

    /// Looks whether a failed read or write means that the file is damaged, and notes it.
    package func note(_ error: any Error) {
        switch error {
        case let error as ReadModelError: if let underlying = error.underlying { note(underlying) }
        case let error as DatabaseError:
            // Damage behind whole seals, for instance in the write-ahead log while it was open.
            let code = error.resultCode
            if code == .SQLITE_CORRUPT || code == .SQLITE_NOTADB { seal.noteDamage() }
        default: break
        }
    }

    static func setVersion(_ db: Database) throws {
        try db.execute(sql: "PRAGMA user_version = \(ReadModelSchema.version)")
    }

    private static func assertDurability(_ db: Database) throws {
        let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? ""
        let synchronous = try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1
        // 1 = NORMAL; see the type's comment for why not FULL.
        guard mode == "wal", synchronous == 1 else {
            throw ReadModelError(.durability, "journal mode \(mode), synchronous \(synchronous); expected wal and 1")
        }
    }

    /// How far the rows come; nil in a new file.
    package func checkpoint() throws -> Checkpoint? {
        do { return try pool.read(Self.checkpoint) } catch {
            throw ReadModelError(.storage, "the checkpoint cannot be read", underlying: error)
        }
    }

    static func checkpoint(_ db: Database) throws -> Checkpoint? {
        func value(_ key: String) throws -> Data? {
            try Data.fetchOne(db, sql: "SELECT value FROM meta WHERE key = ?", arguments: [key])
        }
        guard let cursor = try value("cursor"), let versions = try value("packs"), let words = try value("words")
        else { return nil }
        return Checkpoint(
            cursor: try LogCursor(bytes: [UInt8](cursor)), packVersions: PackVersionText.read(versions),
            wordsFingerprint: String(decoding: words, as: UTF8.self))
    }

    static func write(_ checkpoint: Checkpoint, _ db: Database) throws {
        let values: [(String, Data)] = [
            ("cursor", Data(checkpoint.cursor.bytes)), ("packs", PackVersionText.write(checkpoint.packVersions)),
            ("words", Data(checkpoint.wordsFingerprint.utf8)),
        ]
        let statement = try db.cachedStatement(sql: "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)")
        for (key, value) in values { try statement.execute(arguments: [key, value]) }
    }

    /// Ends all connections; queries that still run finish first.
    package func close() throws {
        do { try pool.close() } catch {
            throw ReadModelError(.storage, "the file cannot be closed", underlying: error)
        }
    }
}

/// Pack versions as lines of text in the checkpoint.
enum PackVersionText {
    static func write(_ versions: [CarePolicyWords.PackVersion]) -> Data {
        let lines = versions.map { "\($0.pack) \($0.effectiveFrom.dayNumber) \(Self.hexadecimal($0.hash))" }
        return Data(lines.joined(separator: "\n").utf8)
    }

    static func read(_ data: Data) -> [CarePolicyWords.PackVersion] {
        String(decoding: data, as: UTF8.self).split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count == 3, let pack = PackID(parts[0]), let day = Int32(parts[1]) else { return nil }
            let digits = Array(parts[2].utf8)
            let hash = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
                UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
            }
            return .init(pack: pack, effectiveFrom: CivilDay(dayNumber: day), hash: hash)
        }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
