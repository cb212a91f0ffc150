import CareDomain
import CareProjections
import GRDB

/// Writes the rows of households. Lives inside one write block of one connection.
struct RowWriter {
    private let db: Database

    init(_ db: Database) { self.db = db }

    /// The number and last sequence of a household in this file; nil when it has no rows yet.
    func place(of household: HouseholdID) throws -> (hid: Int64, lastSequence: UInt64)? {
        let sql = "SELECT hid, last_sequence FROM households WHERE id = ?"
        guard let row = try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [household.description])
        else { return nil }
        return (row[0], UInt64(bitPattern: row[1] as Int64))
    }

    /// Writes the rows of a household that has none.
    /// - Returns: Its number.
    @discardableResult
    func insert(_ rows: HouseholdRows) throws -> Int64 {
        let hid = try insertSummary(rows)
        try insertAll([(hid, rows)])
        return hid
    }

    /// Writes the rows of households that have none, table by table.
    func insert(_ households: [HouseholdRows]) throws {
        try insertAll(try households.map { (try insertSummary($0), $0) })
    }

    private func insertSummary(_ rows: HouseholdRows) throws -> Int64 {
        var binder = try RowBinder(
            db,
            """
            INSERT INTO households (id, state, state_since, registered_on, last_sequence)
            VALUES (?, ?, ?, ?, ?)
            """)
        binder.text(rows.household.description)
        binder.text(rows.summary.state.rawValue)
        binder.day(rows.summary.stateSince)
        binder.day(rows.summary.registeredOn)
        binder.sequence(rows.lastSequence)
        try binder.run()
        return db.lastInsertedRowID
    }

    /// Puts the rows of a household in the place of those that are there, whatever they are.
    func replace(_ rows: HouseholdRows, hid: Int64) throws {
        try updateSummary(rows, hid)
        for table in ReadModelSchema.tables {
            var binder = try RowBinder(db, table.deleteSQL)
            binder.int(hid)
            try binder.run()
        }
        try insertAll([(hid, rows)])
    }

    /// Writes only what differs between the rows that are there and the new ones.
    func update(_ rows: HouseholdRows, from old: HouseholdRows, hid: Int64) throws {
        try updateSummary(rows, hid)
        try update(rows.archiveNumbers, from: old.archiveNumbers, hid)
        try update(rows.divisions, from: old.divisions, hid)
        try update(rows.statuses, from: old.statuses, hid)
        try update(rows.members, from: old.members, hid)
        try update(rows.slots, from: old.slots, hid)
        try update(rows.owedPairings, from: old.owedPairings, hid)
        try update(rows.tenures, from: old.tenures, hid)
        try update(rows.needs, from: old.needs, hid)
        try update(rows.planItems, from: old.planItems, hid)
        try update(rows.entitlements, from: old.entitlements, hid)
        try update(rows.visits, from: old.visits, hid)
        try update(rows.handOuts, from: old.handOuts, hid)
        try update(rows.mergers, from: old.mergers, hid)
        try update(rows.origins, from: old.origins, hid)
        try update(rows.notices, from: old.notices, hid)
        try update(rows.unrecordedDeaths, from: old.unrecordedDeaths, hid)
        try update(rows.differences, from: old.differences, hid)
        try update(rows.sharedMonths, from: old.sharedMonths, hid)
        try update(rows.sharedRuns, from: old.sharedRuns, hid)
        try update(rows.unread, from: old.unread, hid)
    }

    private func updateSummary(_ rows: HouseholdRows, _ hid: Int64) throws {
        var binder = try RowBinder(
            db,
            """
            UPDATE households SET state = ?, state_since = ?, registered_on = ?, last_sequence = ?
            WHERE hid = ?
            """)
        binder.text(rows.summary.state.rawValue)
        binder.day(rows.summary.stateSince)
        binder.day(rows.summary.registeredOn)
        binder.sequence(rows.lastSequence)
        binder.int(hid)
        try binder.run()
    }

    private func insertAll(_ households: [Numbered]) throws {
        try insert(of: households) { $0.archiveNumbers }
        try insert(of: households) { $0.divisions }
        try insert(of: households) { $0.statuses }
        try insert(of: households) { $0.members }
        try insert(of: households) { $0.slots }
        try insert(of: households) { $0.owedPairings }
        try insert(of: households) { $0.tenures }
        try insert(of: households) { $0.needs }
        try insert(of: households) { $0.planItems }
        try insert(of: households) { $0.entitlements }
        try insert(of: households) { $0.visits }
        try insert(of: households) { $0.handOuts }
        try insert(of: households) { $0.mergers }
        try insert(of: households) { $0.origins }
        try insert(of: households) { $0.notices }
        try insert(of: households) { $0.unrecordedDeaths }
        try insert(of: households) { $0.differences }
        try insert(of: households) { $0.sharedMonths }
        try insert(of: households) { $0.sharedRuns }
        try insert(of: households) { $0.unread }
    }

    /// A household's number in this file, and its rows.
    private typealias Numbered = (hid: Int64, rows: HouseholdRows)

    /// Writes the rows of one table, household by household.
    private func insert<R: ReadModelRow>(of households: [Numbered], _ rows: (HouseholdRows) -> [R]) throws {
        let count = households.reduce(0) { $0 + rows($1.rows).count }
        guard count > 0 else { return }
        let atOnce = ReadModelSchema.Table.rowsAtOnce
        var single = try RowBinder(db, R.table.insertSQL)
        var many = count < atOnce ? single : try RowBinder(db, R.table.insertManySQL)
        var left = count / atOnce * atOnce
        for household in households {
            for row in rows(household.rows) {
                guard left > 0 else {
                    single.int(household.hid)
                    row.bind(to: &single)
                    try single.run()
                    continue
                }
                many.int(household.hid)
                row.bind(to: &many)
                left -= 1
                if left % atOnce == 0 { try many.run() }
            }
        }
    }

    private func insert<R: ReadModelRow>(_ rows: [R], _ hid: Int64) throws {
        guard !rows.isEmpty else { return }
        var binder = try RowBinder(db, R.table.insertSQL)
        for row in rows {
            binder.int(hid)
            row.bind(to: &binder)
            try binder.run()
        }
    }

    private func update<R: ReadModelRow>(_ rows: [R], from old: [R], _ hid: Int64) throws {
        guard rows != old else { return }
        // Usually something was added at the end or one row changed: walk the common beginning first.
        var common = 0
        while common < rows.count, common < old.count, rows[common] == old[common] { common += 1 }
        let kept = Set(rows[common...])
        let known = Set(old[common...])
        var remover = try RowBinder(db, R.table.deleteOneSQL)
        for row in old[common...] where !kept.contains(row) {
            remover.int(hid)
            row.bindKey(to: &remover)
            try remover.run()
        }
        try insert(rows[common...].filter { !known.contains($0) }, hid)
    }
}
