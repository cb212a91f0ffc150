import CareDomain
import CareProjections
import GRDB

/// Which households a list or count may hold: those of a division on a day, among the divisions of the caller, whose
/// file is open on that day.
package struct ListScope: Sendable {
    /// Which files are meant. One registered in error is meant only where those are asked for.
    package enum Files: Sendable, Hashable {
        /// Open on the day: only these count.
        case open
        /// Closed, or gone into another household, by the day.
        case closed
        /// Gone into another household by the day.
        case absorbed
        /// All, for finding one by what names it.
        case all
        /// Registered in error, and nobody's file.
        case registeredInError
        /// All, those registered in error, too: for what was paid to them.
        case whatever

        var condition: String {
            switch self {
            // A file that was closed later was still open on the day.
            case .open: "(h.state = 'active' OR h.state IN ('closed', 'absorbed') AND h.state_since > :day)"
            case .closed: "(h.state IN ('closed', 'absorbed') AND h.state_since <= :day)"
            case .absorbed: "(h.state = 'absorbed' AND h.state_since <= :day)"
            case .all: "h.state <> 'registered_in_error'"
            case .registeredInError: "h.state = 'registered_in_error'"
            case .whatever: "1"
            }
        }
    }

    /// As of this day: division and status are those of the day.
    package var asOf: CivilDay
    /// Only households in this division; nil = all.
    package var division: DivisionCode?
    /// Divisions in which the caller may act.
    package var allowed: [DivisionCode]
    package var files = Files.open

    package init(asOf: CivilDay, division: DivisionCode? = nil, allowed: [DivisionCode]) {
        self.asOf = asOf
        self.division = division
        self.allowed = allowed
    }

    /// A common table expression `scope (hid, id, division, state, state_since, last_sequence)` with the
    /// households of the scope.
    var sql: String {
        let places =
            "(\(condition(allowed, "allowed"))) AND (\(division == nil ? "1" : condition([division!], "wanted")))"
        return sql(from: "division_periods d", places)
    }

    /// The same, of the households that have rows in a table, wherever they are registered: such rows say themselves to
    /// which place they belong.
    func sqlAnywhere(with table: String) -> String {
        sql(from: "(SELECT DISTINCT hid FROM \(table)) x CROSS JOIN division_periods d ON d.hid = x.hid", "1")
    }

    private func sql(from: String, _ places: String) -> String {
        """
        scope AS (
          SELECT h.hid, h.id, d.division, h.state, h.state_since, h.last_sequence
          FROM \(from) JOIN households h ON h.hid = d.hid
          WHERE d.day_from <= :day AND d.day_to > :day AND \(files.condition) AND \(places))
        """
    }

    /// The same, and `owed` with the families among them that are owed helpers on the day: by which duty and since when, and
    /// their status, the last one where the clause goes on after it.
    var owedSQL: String {
        sql + """
            ,
            owed AS (
              SELECT scope.*, COALESCE((SELECT s.kind FROM status_periods s WHERE s.hid = scope.hid
                  AND s.day_from <= :day ORDER BY s.day_from DESC LIMIT 1), 'bereaved') AS status,
                o.clause, o.day_from AS owed_from
              FROM scope JOIN owed_pairings o ON o.hid = scope.hid AND o.day_from <= :day AND o.day_to > :day)
            """
    }

    /// The same households, other files of them.
    func with(_ files: Files) -> ListScope {
        var scope = self
        scope.files = files
        return scope
    }

    var arguments: [String: (any DatabaseValueConvertible)?] {
        var arguments: [String: (any DatabaseValueConvertible)?] = ["day": Int64(asOf.dayNumber)]
        for (name, divisions) in [("allowed", allowed), ("wanted", division.map { [$0] } ?? [])] {
            for (index, division) in divisions.enumerated() {
                let prefix = division.prefix
                arguments["\(name)\(index)from"] = prefix
                arguments["\(name)\(index)to"] = Self.after(prefix)
            }
        }
        return arguments
    }

    /// The condition that a column holds a division within the one asked for; nil when none is asked for.
    func wanted(_ column: String) -> String? {
        division.map { "(\(condition([$0], "wanted", column)))" }
    }

    /// The condition that a column holds a division in which the caller may act.
    func allowed(_ column: String) -> String { "(\(condition(allowed, "allowed", column)))" }

    private func condition(_ divisions: [DivisionCode], _ name: String, _ column: String = "d.division") -> String {
        if divisions.isEmpty { return "0" }
        return divisions.indices.map { "(\(column) >= :\(name)\($0)from AND \(column) < :\(name)\($0)to)" }
            .joined(separator: " OR ")
    }

    /// The first text after all that begin with `prefix`; digits only, so ":" follows "9".
    static func after(_ prefix: String) -> String {
        var bytes = Array(prefix.utf8)
        guard let last = bytes.popLast() else { return ":" }
        return String(decoding: bytes + [last + 1], as: UTF8.self)
    }
}

extension DivisionCode {
    /// What all codes within this division begin with; the same reading as `isWithin`.
    var prefix: String {
        if self == .everywhere { return "" }
        var prefix = rawValue
        if prefix.count == 6 {
            while prefix.hasSuffix("00"), prefix.count > 2 { prefix.removeLast(2) }
        }
        return prefix
    }
}
