/// What a pack says of a figure beside its form: who states it, and which other figures stand in a fixed relation to it.
package struct FigureTerms: Hashable, Sendable {
    /// A figure with what it is called.
    package struct Named: Hashable, Sendable {
        package let fact: FactID
        package let chinese: String
        package let english: String

        package init(fact: FactID, chinese: String, english: String) {
            self.fact = fact
            self.chinese = chinese
            self.english = english
        }
    }

    package let figure: Named
    /// The clause that reads it, or whose words say whose it is.
    package let clause: ClauseID
    /// The departments that may state it; nil = the document names nobody, and anybody may.
    package let statedBy: [DepartmentID]?
    /// What it is a part of, the nearest first: it exceeds none of these.
    package let wholes: [Named]
    /// What is a part of it: none of these exceeds it.
    package let parts: [Named]

    package init(figure: Named, clause: ClauseID, statedBy: [DepartmentID]?, wholes: [Named], parts: [Named]) {
        self.figure = figure
        self.clause = clause
        self.statedBy = statedBy
        self.wholes = wholes
        self.parts = parts
    }

    /// Whether the department may state it: one that the pack names, one that answers for it, or a key of none, which copies
    /// papers of whole offices.
    func isStated(by department: DepartmentID) -> Bool {
        guard let statedBy, KnownOffices.departments.contains(where: { $0.id == department }) else { return true }
        return statedBy.contains { department.answers(for: $0) }
    }

    /// - Throws: `figureOwner` with the departments that may; a retry helps with a key of one of them only.
    func checkStater(_ department: DepartmentID) throws(Refusal) {
        guard let statedBy, !isStated(by: department) else { return }
        let named = statedBy.map(KnownOffices.name).joined(separator: "、")
        let called = statedBy.map(KnownOffices.englishName).joined(separator: ", ")
        throw Refusal(
            .figureOwner, field: "fact",
            detail: "\(figure.fact): \(statedBy.map(\.rawValue).joined(separator: ", ")); not \(department)",
            words: "\(figure.chinese)由\(named)登记，您是\(KnownOffices.name(of: department))",
            english: "\(figure.english): \(called); you are \(KnownOffices.englishName(of: department))", clause: clause
        )
    }
}

extension FactValue {
    /// More or less than others of its form: a count, thousandths, or fen; nil = it is no number.
    package var magnitude: Int64? {
        switch self {
        case .int(let number), .decimal(thousandths: let number): number
        case .money(let fen): fen.amount
        default: nil
        }
    }

    /// A number as people write it, money in yuan; empty for what is none.
    package var numberText: String {
        switch self {
        case .int(let number): "\(number)"
        case .decimal(let thousandths): Self.text(thousandths: thousandths)
        case .money(let fen): "\(fen)"
        default: ""
        }
    }

    /// 1049.5 for 1,049,500 thousandths.
    private static func text(thousandths: Int64) -> String {
        let magnitude = thousandths.magnitude
        var digits = String(magnitude % 1_000 + 1_000).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(thousandths < 0 ? "-" : "")\(magnitude / 1_000)" + (digits.isEmpty ? "" : ".\(digits)")
    }
}
