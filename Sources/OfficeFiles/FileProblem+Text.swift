extension FileProblem {
    var chinesePlace: String {
        var place = ""
        if let row {
            place = "第 \(row) 行"
            if let line, line != row { place += "（文件第 \(line) 行）" }
        } else if let line {
            place = "文件第 \(line) 行"
        }
        if let column { place += (place.isEmpty ? "" : " ") + "\(Self.columnLetters(column)) 列" }
        return place.isEmpty ? "" : place + "："
    }

    var englishPlace: String {
        var parts: [String] = []
        if let row { parts.append("row \(row)") }
        if let line, line != row { parts.append("line \(line)") }
        if let column { parts.append("column \(Self.columnLetters(column))") }
        return parts.isEmpty ? "" : parts.joined(separator: ", ") + ": "
    }

    private var expectedText: String { expected.map(String.init) ?? "?" }
    private var foundText: String { found.map(String.init) ?? "?" }

    var chineseWhat: String {
        switch kind {
        case .empty: "文件是空的。请检查是否选错了文件"
        case .tooLarge: "文件有 \(foundText) 字节，超过上限 \(expectedText) 字节。请拆成几个文件"
        case .workbookXLSX: "这是 xlsx 工作簿，请在表格软件里另存为 CSV（UTF-8）再导入"
        case .workbookXLS: "这是旧版 xls 工作簿，请在表格软件里另存为 CSV（UTF-8）再导入"
        case .utf16: "文件是 UTF-16 编码（“Unicode 文本”）。请另存为 CSV UTF-8 再导入"
        case .binary: "文件里有二进制内容，不是文本文件。请检查是否选错了文件"
        case .unknownEncoding: "文字既不是 UTF-8 也不是 GB18030。请另存为 CSV UTF-8 再导入"
        case .brokenUTF8: "UTF-8 文字在这里损坏（文件可能被截断）。请重新导出这个文件"
        case .unclosedQuote: "这一格开头的引号一直没有结束。请补上另一个引号"
        case .textAfterQuote: "引号结束之后还有文字。一格里的引号要写成两个（\"\"）"
        case .quoteInPlainCell: "格子中间出现单个引号。请把整格用引号括起来，里面的引号写成两个（\"\"）"
        case .raggedRow: "这一行有 \(foundText) 格，表头有 \(expectedText) 格。请检查是否多了或少了逗号"
        case .tooManyColumns: "超过 \(expectedText) 列。请删去多余的列"
        case .tooManyRows: "超过 \(expectedText) 行。请拆成几个文件"
        case .cellTooLong: "这一格超过 \(expectedText) 字节。请缩短内容"
        case .emptyHeading: "这一列有内容但没有表头。请补上表头或删去这一列"
        case .repeatedHeading: "表头“\(subject ?? "")”出现了两次。请改掉其中一个"
        case .fullWidthCommas: "表头用的是中文逗号（，）。请改为英文逗号（,）"
        case .lineTooLong: "这一行超过 \(expectedText) 字节。一行只写一条命令"
        case .halfWrittenLine: "最后一行没有写完。请补全这一行或删去它"
        }
    }

    var englishWhat: String {
        switch kind {
        case .empty: "the file is empty; check that it is the right one"
        case .tooLarge: "the file has \(foundText) bytes, more than the limit of \(expectedText); split it"
        case .workbookXLSX: "this is an xlsx workbook; save it as CSV (UTF-8) in the spreadsheet program first"
        case .workbookXLS: "this is an old xls workbook; save it as CSV (UTF-8) in the spreadsheet program first"
        case .utf16: "the file is UTF-16 (\"Unicode text\"); save it as CSV UTF-8"
        case .binary: "the file holds binary data, not text; check that it is the right one"
        case .unknownEncoding: "the text is neither UTF-8 nor GB18030; save it as CSV UTF-8"
        case .brokenUTF8: "the UTF-8 text is damaged here (the file may have been cut); export it again"
        case .unclosedQuote: "the quote that opens this cell never ends; add the closing quote"
        case .textAfterQuote: "there is text after the closing quote; write a quote inside a cell twice (\"\")"
        case .quoteInPlainCell: "a bare quote stands inside a cell; quote the cell and double inner quotes (\"\")"
        case .raggedRow: "\(foundText) cells, but the heading has \(expectedText); look for extra or missing commas"
        case .tooManyColumns: "more than \(expectedText) columns; remove what is not needed"
        case .tooManyRows: "more than \(expectedText) rows; split the file"
        case .cellTooLong: "this cell has more than \(expectedText) bytes; shorten it"
        case .emptyHeading: "this column has content but no heading; add one or remove the column"
        case .repeatedHeading: "the heading \"\(subject ?? "")\" occurs twice; rename one"
        case .fullWidthCommas: "the heading uses full-width commas; use plain commas (,)"
        case .lineTooLong: "this line has more than \(expectedText) bytes; write one command per line"
        case .halfWrittenLine: "the last line was not written to its end; complete or remove it"
        }
    }
}
