import CareDomain
import CareProjections
import EventLog
import GRDB

/// Keeps a read model current: takes what the log or the feed brings and writes the households that changed.
///
/// Used by one thread. A household's rows are a function of its whole stream, so an event delivered twice, or a batch
/// that overlaps the last one, changes nothing; a gap is filled from the log. Recently touched households stay folded in
/// memory, so that following the head does not read streams again.
package final class ReadModelApplier {
    /// What one batch did.
    package struct Outcome: Hashable, Sendable {
        /// Households whose rows were written.
        package var households = 0
        /// Events that were new.
        package var events = 0
    }

    private struct Folded {
        var history: HouseholdHistory
        var rows: HouseholdRows
        var hid: Int64
    }

    private let file: ReadModelFile
    private let reader: any EventLogReader
    private let words: CarePolicyWords
    private let fingerprint: String
    /// Two generations of folded households: the older is dropped whole when the younger is full.
    private var young: [HouseholdID: Folded] = [:]
    private var old: [HouseholdID: Folded] = [:]
    private let capacity: Int

    /// - Parameters:
    ///   - file: The read model; nobody else writes it.
    ///   - reader: The log, for streams that are not in memory. Used by the applier's thread only.
    ///   - words: Words and readings of the published packs.
    ///   - capacity: How many folded households may stay in memory.
    /// - Throws: `ReadModelError` with `unusable` when the rows were made with other words: rebuild.
    package init(
        file: ReadModelFile, reader: any EventLogReader, words: CarePolicyWords, capacity: Int = 8192
    ) throws {
        self.file = file
        self.reader = reader
        self.words = words
        self.capacity = max(2, capacity)
        fingerprint = words.fingerprint
        if let made = try file.checkpoint(), made.wordsFingerprint != fingerprint {
            throw ReadModelError(.unusable, "the rows were made with other pack versions")
        }
    }

    /// Where to go on reading the log.
    package func cursor() throws -> LogCursor { try file.checkpoint()?.cursor ?? .start }

    /// Takes a batch in, rows and checkpoint in one transaction.
    ///
    /// - Parameters:
    ///   - events: Events of any streams in order; those of other streams only move the cursor.
    ///   - cursor: Where the log stands after the batch.
    /// - Throws: `ReadModelError` with `storage` or `log`; nothing of the batch is then in the file, and the same batch
    ///   may be sent again.
    @discardableResult
    package func apply(_ events: [StoredEvent], cursorAfter cursor: LogCursor) throws -> Outcome {
        var order: [HouseholdID] = []
        var batches: [HouseholdID: [KnownEvent?]] = [:]
        for event in events {
            guard let household = Self.household(of: event) else { continue }
            if batches[household] == nil { order.append(household) }
            batches[household, default: []].append(RecordedHouseholdEvent.known(event, sealed: .skip))
        }
        var outcome = Outcome()
        var written: [HouseholdID: Folded] = [:]
        do {
            try file.pool.write { db in
                let writer = RowWriter(db)
                for household in order {
                    guard let folded = try write(household, batches[household] ?? [], writer, &outcome) else {
                        continue
                    }
                    written[household] = folded
                }
                try ReadModelFile.write(
                    .init(cursor: cursor, packVersions: words.packVersions, wordsFingerprint: fingerprint), db)
            }
        } catch let error as EventLogError {
            throw ReadModelError(.log, "a stream cannot be read", underlying: error)
        } catch {
            throw ReadModelError(.storage, "a batch cannot be written", underlying: error)
        }
        // Only what is committed may stay in memory.
        for (household, folded) in written { remember(folded, household) }
        return outcome
    }

    /// Reads the log from the checkpoint to its present end.
    /// - Parameter batch: How many events one transaction takes.
    /// - Returns: Where it ended.
    @discardableResult
    package func catchUp(batch: Int = 8192) throws -> LogCursor {
        var cursor = try self.cursor()
        while true {
            let slice: LogSlice
            do {
                slice = try reader.readAll(after: cursor, limit: batch, filter: ReadFilter(categories: [.household]))
            } catch { throw ReadModelError(.log, "the log cannot be read", underlying: error) }
            if slice.cursor != cursor { try apply(slice.events, cursorAfter: slice.cursor) }
            cursor = slice.cursor
            if slice.isAtHead { return cursor }
        }
    }

    private static func household(of event: StoredEvent) -> HouseholdID? {
        event.record.withUnsafeBytes { bytes in
            guard let header = try? RecordHeader(parsing: bytes) else { return nil }
            return RecordedHouseholdEvent.household(streamNamed: header.name(in: bytes))
        }
    }

    /// Writes one household; nil when the batch brought nothing new.
    private func write(
        _ household: HouseholdID, _ events: [KnownEvent?], _ writer: RowWriter, _ outcome: inout Outcome
    ) throws -> Folded? {
        if var folded = young[household] ?? old[household], Self.append(events, to: &folded.history) {
            guard folded.history.lastSequence > folded.rows.lastSequence else { return nil }
            outcome.events += Int(folded.history.lastSequence - folded.rows.lastSequence)
            outcome.households += 1
            let rows = rows(of: folded.history, unread: folded.rows.unread)
            try writer.update(rows, from: folded.rows, hid: folded.hid)
            folded.rows = rows
            return folded
        }
        let place = try writer.place(of: household)
        // All of it was there already, unless some of it cannot be read: then the stream says.
        if let place, events.allSatisfy({ $0.map { $0.reference.sequence <= place.lastSequence } ?? false }) {
            return nil
        }
        guard let loaded = try LoadedHousehold(household, from: reader, sealed: .skip) else { return nil }
        let history = loaded.history
        if let place, history.lastSequence <= place.lastSequence { return nil }
        outcome.events += Int(history.lastSequence - (place?.lastSequence ?? 0))
        outcome.households += 1
        let rows = rows(of: history, unread: loaded.unread)
        if let place {
            try writer.replace(rows, hid: place.hid)
            return Folded(history: history, rows: rows, hid: place.hid)
        }
        return Folded(history: history, rows: rows, hid: try writer.insert(rows))
    }

    /// Appends what follows without a gap; false when the stream must be read from the log.
    private static func append(_ events: [KnownEvent?], to history: inout HouseholdHistory) -> Bool {
        for event in events {
            guard let event, event.reference.sequence <= history.lastSequence + 1 else { return false }
            history.append(event)
        }
        return true
    }

    private func rows(of history: HouseholdHistory, unread: [HouseholdRows.UnreadEvent]) -> HouseholdRows {
        var rows = HouseholdRows(history.household, lastSequence: history.lastSequence, words: words)
        rows.unread = unread
        return rows
    }

    /// Makes the rows of households anew from their streams, for instance because this program reads more than the one
    /// that wrote them. One transaction.
    /// - Throws: `ReadModelError` with `storage` or `log`; nothing was changed then.
    package func remake(_ households: [HouseholdID]) throws {
        do {
            try file.pool.write { db in
                let writer = RowWriter(db)
                for household in households {
                    young[household] = nil
                    old[household] = nil
                    guard let place = try writer.place(of: household),
                        let loaded = try LoadedHousehold(household, from: reader, sealed: .skip)
                    else { continue }
                    try writer.replace(rows(of: loaded.history, unread: loaded.unread), hid: place.hid)
                }
            }
        } catch let error as EventLogError {
            throw ReadModelError(.log, "a stream cannot be read", underlying: error)
        } catch {
            throw ReadModelError(.storage, "rows cannot be written", underlying: error)
        }
    }

    private func remember(_ folded: Folded, _ household: HouseholdID) {
        young[household] = folded
        guard young.count >= capacity / 2 else { return }
        old = young
        young = [:]
    }
}
