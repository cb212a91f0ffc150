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
        if let filler = place.filler(original, mayBePlaceholder: mayBePlaceholder) { throw filler }
        // ="张三" is 张三; other texts stay as they were written.
        let text = original.hasPrefix("=") ? cell : original
        switch self {
        case .text, .unit:
            return .text(text)
        case .reason:
            guard text.count(where: { !$0.isWhitespace }) >= Self.shortestReason else { throw place.problem(.noReason) }
            return .text(text)
        case .name:
            return .text(PersonName.closed(text))
        case .label:
            return .text(cell)
        case .number:
            if let damage = CellDamage.inspect(cell) {
                throw place.problem(.damagedNumber, hint: CellHint(same: damage.chinese))
            }
            return .text(cell)
        case .day:
            let text = CellText.day(original)
            guard let day = CivilDay(parsing: text), day.year >= 1900 else { throw place.noDay(text) }
            return .day(day)
        case .household:
            guard let id = HouseholdID(cell) else { throw place.problem(.wrongForm, hint: .householdID) }
            return .household(id)
        case .division:
            guard let code = DivisionCode(cell) else { throw place.problem(.wrongForm, hint: .division) }
            return .division(code)
        case .idNumber:
            return .idNumber(try place.idNumber(original))
        case .words(let words):
            guard let word = words.first(where: { $0.chinese == original || $0.chinese == cell }) else {
                throw place.problem(.unknownWord, hint: CellHint(same: words.map(\.chinese).joined(separator: "、")))
            }
            return .code(word.code)
        }
    }

    /// Signs of a reason: 是, 不是 and 有此事 are none.
    private static let shortestReason = 4

    /// Whether 无 and the like may be an answer.
    private var mayBePlaceholder: Bool {
        switch self {
        case .text, .words: true
        case .reason, .unit, .name, .label, .number, .day, .household, .division, .idNumber: false
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

    /// What is wrong with a cell that holds something else than what it is for; nil where it does not.
    /// - Parameter mayBePlaceholder: whether 无 and the like may be an answer.
    func filler(_ cell: String, mayBePlaceholder: Bool) -> CellProblem? {
        if CellFiller.isFormula(cell) { return problem(.formula) }
        return mayBePlaceholder || !Placeholder.isAny(CellText.plain(cell)) ? nil : problem(.placeholder)
    }

    /// The ID number that a cell holds; blanks between its digits are left out.
    func idNumber(_ cell: String) throws(CellProblem) -> ResidentIDNumber {
        let text = CellText.plain(cell).filter { !$0.isWhitespace }
        do throws(ResidentIDNumber.Problem) {
            // One number in a thousand ends in zeros by itself; its check digit says so, and the roster as a whole is asked too.
            return try ResidentIDNumber(text)
        } catch {
            if let damage = CellDamage.inspect(text) {
                throw problem(.damagedNumber, hint: CellHint(same: damage.chinese))
            }
            throw problem(.idNumber, hint: .idNumber(error))
        }
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
            ?? problem(.wrongForm, hint: Self.isSerial(text) ? .daySerial : Self.open.contains(text) ? .openEnd : .day)
    }

    /// How offices write that something has no last day.
    private static let open: Set<String> = ["长期", "长期有效", "永久", "终身", "至今"]

    /// Whether it may be the number by which spreadsheets count days; 2014 and 201403 are none.
    private static func isSerial(_ text: String) -> Bool {
        text.utf8.count == 5 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
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
