/// The text of a file, for telling the place of a byte within one of its scalars.
struct SourceLines {
    private let lines: [[Character]]

    init(_ source: String) {
        lines = source.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
    }

    /// The place in the file of a byte of a scalar: the same character that is neither blank nor before it in both.
    ///
    /// Blanks are skipped on both sides, because YAML folds lines and strips indentation.
    func place(of offset: Int, in value: YAMLValue) -> (line: Int, column: Int) {
        guard let text = value.text else { return (value.line, value.column) }
        let before = String(decoding: text.utf8.prefix(offset), as: UTF8.self)
        var wanted = before.filter { !$0.isWhitespace }.count
        var line = value.line - 1
        guard lines.indices.contains(line) else { return (value.line, value.column) }
        var column = value.column - 1
        if let opening = lines[line].dropFirst(column).first {
            if opening == "\"" || opening == "'" { column += 1 }
            if opening == "|" || opening == ">" {
                line += 1
                column = 0
            }
        }
        while lines.indices.contains(line) {
            while column < lines[line].count {
                if !lines[line][column].isWhitespace {
                    if wanted == 0 { return (line + 1, column + 1) }
                    wanted -= 1
                }
                column += 1
            }
            line += 1
            column = 0
        }
        return (value.line, value.column)
    }
}
