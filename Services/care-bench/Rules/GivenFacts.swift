import CareDomain
import Foundation
import RuleEngine

/// Facts of families from a table, one family a row, so that the same facts can be given to other software.
///
/// Comma-separated, without quotes. A column is named by the fact: `household.grade` (true on all days). `household.low_income:from`
/// and the `household.low_income:to` after it are a stretch of days on which a yes-or-no fact holds, `to` being the first day
/// without it; there may be several. Dates are written 2014-01-01, yes and no 1 and 0; an empty field is not on record.
struct GivenFacts {
    /// A table that cannot be read.
    struct Refused: Error, CustomStringConvertible {
        let line: Int
        let what: String

        var description: String { "the table of facts, line \(line): \(what)" }
    }

    private enum Column {
        case value(FactDefinition)
        case from(FactID)
        case to
    }

    /// Of each family's row, without the heading.
    let rows: [Substring]
    private let columns: [Column]

    init(path: String, vocabulary: FactVocabulary) throws {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let lines = text.split(separator: "\n")
        guard let heading = lines.first else { throw Refused(line: 1, what: "empty") }
        columns = try heading.split(separator: ",").map { name throws(Refused) in
            if name.hasSuffix(":to") { return .to }
            let isFrom = name.hasSuffix(":from")
            let fact = FactID(unchecked: String(isFrom ? name.dropLast(5) : name))
            guard let place = vocabulary.index(of: fact) else {
                throw Refused(line: 1, what: "the pack has no fact \(fact.rawValue)")
            }
            return isFrom ? .from(fact) : .value(vocabulary.facts[place])
        }
        rows = Array(lines.dropFirst())
    }

    /// The families of some rows.
    func families(_ places: Range<Int>) throws(Refused) -> [(id: HouseholdID, facts: FactBase)] {
        var families: [(id: HouseholdID, facts: FactBase)] = []
        for place in places { families.append((Self.household(place), try facts(place))) }
        return families
    }

    private static func household(_ place: Int) -> HouseholdID {
        HouseholdID(Identifier128(high: 1, low: UInt64(place)))
    }

    private func facts(_ place: Int) throws(Refused) -> FactBase {
        let fields = rows[place].split(separator: ",", omittingEmptySubsequences: false)
        guard fields.count == columns.count else {
            throw Refused(line: place + 2, what: "\(fields.count) fields, not \(columns.count)")
        }
        var facts = FactBase()
        var from: (fact: FactID, day: CivilDay)?
        for (column, field) in zip(columns, fields) {
            switch column {
            case .value(let definition):
                guard !field.isEmpty else { continue }
                let value = try value(field, definition, line: place + 2)
                var start = Self.beginning
                if case .day(let day) = value, definition.nature == .event { start = day }
                facts.statements.append(Self.statement(definition.id, value, DayPeriod(start: start)))
            case .from(let fact):
                from = field.isEmpty ? nil : (fact, try day(field, line: place + 2))
            case .to:
                guard let stretch = from else { continue }
                from = nil
                let end = field.isEmpty ? nil : try day(field, line: place + 2)
                facts.statements.append(
                    Self.statement(stretch.fact, .bool(true), DayPeriod(start: stretch.day, end: end)))
            }
        }
        return facts
    }

    private func value(
        _ field: Substring, _ definition: FactDefinition, line: Int
    ) throws(Refused) -> FactValue {
        switch definition.type {
        case .bool where field == "0" || field == "1": return .bool(field == "1")
        case .int:
            if let number = Int64(field) { return .int(number) }
        case .date: return .day(try day(field, line: line))
        default: break
        }
        throw Refused(line: line, what: "\(field) is no \(definition.id.rawValue)")
    }

    private func day(_ field: Substring, line: Int) throws(Refused) -> CivilDay {
        guard let day = CivilDay(parsing: field) else { throw Refused(line: line, what: "\(field) is no day") }
        return day
    }

    private static let beginning = CivilDay(dayNumber: -40_000)

    private static func statement(_ fact: FactID, _ value: FactValue, _ period: DayPeriod) -> FactStatement {
        FactStatement(
            fact: fact, subject: .household, value: value, period: period, recordedAt: Moment(microseconds: 0),
            source: EventReference(sequence: 1))
    }
}
