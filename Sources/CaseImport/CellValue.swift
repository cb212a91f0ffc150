import CareDomain
import OfficeFiles

/// A cell as it was understood.
enum CellValue: Hashable, Sendable {
    case text(String)
    case day(CivilDay)
    case code(String)
    case household(HouseholdID)
    case division(DivisionCode)
    case idNumber(ResidentIDNumber)
}

extension CellForm {
    /// The value of a cell that is not empty.
    /// - Throws: what is wrong with it, and what should stand there.
    func value(of original: String, at place: CellPlace) throws(CellProblem) -> CellValue {
        let cell = CellText.plain(original)
        switch self {
        case .text:
            return .text(original)
        case .name:
            return .text(PersonName.closed(original))
        case .label:
            return .text(cell)
        case .number:
            if let damage = CellDamage.inspect(cell) {
                throw place.problem(.damagedNumber, hint: CellHint(same: damage.chinese))
            }
            return .text(cell)
        case .day:
            guard let day = CivilDay(parsing: cell), day.year >= 1900 else { throw place.noDay(cell) }
            return .day(day)
        case .household:
            guard let id = HouseholdID(cell) else { throw place.problem(.wrongForm, hint: .householdID) }
            return .household(id)
        case .division:
            guard let code = DivisionCode(cell) else { throw place.problem(.wrongForm, hint: .division) }
            return .division(code)
        case .idNumber:
            // One number in a thousand ends in zeros by itself; its check digit says so, and the roster as a whole is asked too.
            if let number = try? ResidentIDNumber(cell) { return .idNumber(number) }
            if let damage = CellDamage.inspect(cell) {
                throw place.problem(.damagedNumber, hint: CellHint(same: damage.chinese))
            }
            throw place.problem(.idNumber)
        case .words(let words):
            guard let word = words.first(where: { $0.chinese == original || $0.chinese == cell }) else {
                throw place.problem(.unknownWord, hint: CellHint(same: words.map(\.chinese).joined(separator: "、")))
            }
            return .code(word.code)
        }
    }
}

/// Where a cell stands, for messages.
package struct CellPlace: Hashable, Sendable {
    /// Row as a spreadsheet program numbers it.
    package let row: Int
    /// Column from 1; nil where the table lacks it.
    package let column: Int?
    package let heading: String

    func problem(_ kind: CellProblem.Kind, hint: CellHint? = nil) -> CellProblem {
        CellProblem(kind, row: row, column: column, heading: heading, hint: hint)
    }

    /// Takes down that a text is longer than the record holds; nil where it is not.
    /// - Parameter limit: Bytes; a Chinese character has three.
    func tooLong(_ text: String, limit: Int?) -> CellProblem? {
        guard let limit, text.utf8.count > limit else { return nil }
        return problem(.tooLong, hint: CellHint(same: "\(limit / 3)"))
    }

    /// Why a text is no day: there is none such, or it is written in another way.
    func noDay(_ text: String) -> CellProblem {
        NoSuchDay(parsing: text).map { problem(.noSuchDay, hint: CellHint($0.chinese, $0.english)) }
            ?? problem(.wrongForm, hint: .day)
    }
}

extension [String: CellPlace] {
    /// The cell behind a field, else behind the longest part of its path that is known.
    package func cell(of field: String) -> CellPlace? {
        var path = field[...]
        while !path.isEmpty {
            if let place = self[String(path)] { return place }
            path = path[..<(path.lastIndex { $0 == "." } ?? path.startIndex)]
        }
        return self[""]
    }
}
