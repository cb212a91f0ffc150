import CareDomain
import CareProjections
import Foundation
import GRDB

/// The lists and counts of a read model.
///
/// Each call is one short read transaction on one state of the file, so that a list and its total agree and the writer
/// is never held up.
package struct ReadModelLists {
    private let file: ReadModelFile
    let words: CarePolicyWords

    /// - Parameter words: The words with which the rows were made.
    package init(_ file: ReadModelFile, words: CarePolicyWords) {
        self.file = file
        self.words = words
    }

    typealias Arguments = [String: (any DatabaseValueConvertible)?]

    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        do { return try file.pool.read(body) } catch {
            throw ReadModelError(.storage, "a list cannot be read", underlying: error)
        }
    }

    /// Which households are wanted by `households(_:_:)`. Conditions together; nil = no condition.
    package struct HouseholdFilter: Sendable {
        /// Status on the day.
        package enum Status: Sendable, Hashable {
            case kind(HardshipPeriod.Kind), any, none
            /// Whose file was closed or went into another household.
            case closed
            /// Whose file was registered in error.
            case registeredInError
        }

        package var status: Status?
        package var token: PersonToken?
        /// One that the file has on the day, or had before a move to another county.
        package var archiveNumber: String?
        /// Beginning of the id's characters.
        package var prefix: String?

        package init(
            status: Status? = nil, token: PersonToken? = nil, archiveNumber: String? = nil, prefix: String? = nil
        ) {
            self.status = status
            self.token = token
            self.archiveNumber = archiveNumber
            self.prefix = prefix
        }

        /// Who asks for one household by what names it finds it closed, too, and is told so; a list holds open files.
        var files: ListScope.Files {
            if status == .closed { return .closed }
            if status == .registeredInError { return .registeredInError }
            return token == nil && archiveNumber == nil && prefix == nil ? .open : .all
        }
    }

    /// Households by id.
    /// - Throws: `ReadModelError` with `storage`; a retry may help.
    package func households(
        _ scope: ListScope, _ filter: HouseholdFilter, _ page: ListPage = ListPage()
    ) throws -> ListPart<HouseholdEntry> {
        let scope = scope.with(filter.files)
        var conditions: [String] = []
        var arguments = scope.arguments
        switch filter.status {
        case .kind(let kind)?:
            conditions.append("s.kind = :status")
            arguments["status"] = kind.rawValue
        case .any?: conditions.append("s.kind IS NOT NULL")
        case HouseholdFilter.Status.none?: conditions.append("s.kind IS NULL")
        case .closed?, .registeredInError?, nil: break
        }
        if let token = filter.token {
            conditions.append("scope.hid IN (SELECT hid FROM members WHERE token = :token)")
            arguments["token"] = Data(token.value.bytes)
        }
        if let number = filter.archiveNumber {
            conditions.append(
                "scope.hid IN (SELECT hid FROM archive_numbers WHERE number = :number AND day_from <= :day)")
            arguments["number"] = number
        }
        if let prefix = filter.prefix {
            conditions.append("scope.id >= :prefix AND scope.id < :prefix_end")
            arguments["prefix"] = prefix
            arguments["prefix_end"] = prefix + "~"
        }
        let from = """
            FROM scope LEFT JOIN status_periods s ON s.hid = scope.hid AND s.day_from <= :day AND s.day_to > :day
              LEFT JOIN archive_numbers number
                ON number.hid = scope.hid AND number.day_from <= :day AND number.day_to > :day
            WHERE \(conditions.isEmpty ? "1" : conditions.joined(separator: " AND "))
            """
        let select = """
            SELECT scope.id AS id, scope.division, s.kind, s.unbroken_from, scope.state, scope.state_since,
              number.number, scope.last_sequence,
              (SELECT COUNT(*) FROM members m WHERE m.hid = scope.hid AND m.joined_on <= :day
                AND (m.left_on IS NULL OR m.left_on > :day) AND (m.died_on IS NULL OR m.died_on > :day)),
              (SELECT COUNT(*) FROM slot_periods p WHERE p.hid = scope.hid AND p.day_from <= :day AND p.day_to > :day
                AND \(ReadModelSchema.slotFilled))
            """
        return try list(scope.sql, select, from, [], page, arguments) { row in
            HouseholdEntry(
                household: row.household(0), division: row.division(1),
                status: (row[2] as String?).flatMap(HardshipPeriod.Kind.init), statusSince: row.day(3),
                state: row.state(4, since: 5, on: scope.asOf), archiveNumber: row[6], memberCount: row[8],
                filledSlots: row[9], lastSequence: UInt64(bitPattern: row[7] as Int64))
        }
    }

    /// How many households have rows.
    /// - Throws: `ReadModelError` with `storage`; a retry may help.
    package func householdCount() throws -> Int {
        try read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM households") ?? 0 }
    }

    /// One part of a list with its total.
    ///
    /// - Parameters:
    ///   - with: Common table expressions.
    ///   - select: Columns, the first one named `id`, then those of `order`.
    ///   - from: Tables and conditions.
    ///   - order: Columns that order the entries of one household.
    func list<Entry: Sendable>(
        _ with: String, _ select: String, _ from: String, _ order: [String], _ page: ListPage, _ arguments: Arguments,
        _ entry: (Row) -> Entry
    ) throws -> ListPart<Entry> {
        try read { db in
            let total =
                try Int.fetchOne(
                    db, sql: "WITH \(with) SELECT COUNT(*) \(from)", arguments: StatementArguments(arguments)) ?? 0
            let sql = """
                WITH \(with) SELECT * FROM (\(select) \(from)) WHERE \(page.condition(order))
                ORDER BY \((["id"] + order).joined(separator: ", ")) LIMIT :limit
                """
            let all = arguments.merging(page.arguments(order)) { first, _ in first }
            let rows = try Row.fetchAll(db, sql: sql, arguments: StatementArguments(all))
            let entries = rows.prefix(page.size)
            var next: ListPage.Key?
            if rows.count > page.size, let last = entries.last {
                next = ListPage.Key(
                    household: last["id"], sequence: order.isEmpty ? 0 : last[order[0]],
                    ordinal: order.count < 2 ? 0 : last[order[1]])
            }
            return ListPart(entries: entries.map(entry), total: total, next: next)
        }
    }
}

extension Row {
    func household(_ index: Int) -> HouseholdID {
        guard let household = HouseholdID(self[index] as String) else {
            preconditionFailure("ReadModelLists: households.id is written from a HouseholdID only")
        }
        return household
    }

    func division(_ index: Int) -> DivisionCode {
        guard let division = DivisionCode(self[index] as String) else {
            preconditionFailure("ReadModelLists: division_periods.division is written from a DivisionCode only")
        }
        return division
    }

    func day(_ index: Int) -> CivilDay? { (self[index] as Int32?).map { CivilDay(dayNumber: $0) } }

    /// A day that stands for "without end" comes out as nil.
    func openDay(_ index: Int) -> CivilDay? { day(index).flatMap { $0 == .distantFuture ? nil : $0 } }

    func person(_ index: Int) -> PersonID? { (self[index] as Data?).flatMap { PersonID(bytes: $0) } }

    func code<C: CodeValue>(_ index: Int) -> C? { (self[index] as String?).map { C(unchecked: $0) } }

    /// A file that was closed later was still open on the day.
    func state(_ index: Int, since: Int, on day: CivilDay) -> CareArchive.FileState {
        let state = CareArchive.FileState(rawValue: self[index]) ?? .absent
        if state == .closed || state == .absorbed, let since = self.day(since), day < since { return .active }
        return state
    }
}
