/// What stands in a cell in the place of what the cell is for.
package enum CellFiller {
    /// Whether a cell holds a formula that was saved in the place of its result, or what a spreadsheet shows where there is
    /// none: =A2, #REF!, ####. No honest text does.
    package static func isFormula(_ cell: String) -> Bool {
        let text = CellText.plain(cell)
        if text.hasPrefix("=") { return true }
        return errors.contains(text.uppercased()) || text.count > 2 && text.allSatisfy { $0 == "#" }
    }

    private static let errors: Set<String> = [
        "#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!",
    ]
}
