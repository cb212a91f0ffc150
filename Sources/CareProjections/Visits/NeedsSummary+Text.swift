extension NeedsSummary {
    /// Title of the form.
    package static let title = "博山区计生特殊家庭需求情况汇总表"
    /// Headings of the first and the last column, which have no group of their own.
    package static let unitHeading = "单位"
    package static let remarksHeading = "备注"

    /// The upper row of the headings, one cell for each printed column: a group stands over its first column.
    package static var groupHeadings: [String] {
        var last = ""
        let groups = Column.allCases.map { column in
            defer { last = column.group }
            return column.group == last ? "" : column.group
        }
        return [unitHeading] + groups + [remarksHeading]
    }

    /// The lower row of the headings, word for word as printed.
    package static var headings: [String] { [""] + Column.allCases.map(\.heading) + [""] }
}

extension NeedsSummary.Column {
    /// Heading of the column, word for word as printed: 享受 stands twice in the document (BS-Q8).
    package var heading: String {
        switch self {
        case .visitedHouseholds: "走访户数"
        case .withoutSpecialAssistance: "未享受享受特扶户数"
        case .withoutComprehensivePolicy: "未享受综合保险户数"
        case .withoutFreeCheckup: "未参加免费查体户数"
        case .dibaoHouseholds: "低保户数"
        case .wubaoHouseholds: "五保户数"
        case .needVisit: "走访慰问"
        case .needHousekeeping: "家政服务"
        case .needFarming: "助农帮扶"
        case .needSeriousIllness: "大病救助"
        case .needPsychological: "心理慰藉"
        case .needErrands: "家务代办"
        case .needAdoption: "送子服务"
        case .needFertility: "助孕帮扶"
        case .needCheckup: "查体方面"
        case .needOther: "其他需求"
        }
    }

    /// The heading as screens show it, without the doubled word.
    package var label: String { self == .withoutSpecialAssistance ? "未享受特扶户数" : heading }

    /// The heading above the heading.
    package var group: String { countsHouseholds ? "基本情况" : "家庭需求（条数）" }

    /// The column of a code, a printed heading or a label; nil for anything else.
    package init?(named text: String) {
        let found = Self.allCases.first { $0.rawValue == text || $0.heading == text || $0.label == text }
        guard let found else { return nil }
        self = found
    }
}

extension NeedsSummary.Row {
    /// Whether a form says anything about the cell.
    package func isAnswered(_ column: NeedsSummary.Column) -> Bool {
        column == .visitedHouseholds || openCount(column) < visited
    }

    /// What stands in a cell: the number; 未填 where every visited family left the question open; a dash where there is
    /// no form. A zero is always a counted zero.
    package func text(_ column: NeedsSummary.Column) -> String {
        if isAnswered(column) { return "\(count(column))" }
        return visited == 0 ? "—" : "未填"
    }

    /// What the numbers leave out; the forms themselves have no place for remarks.
    package var remarks: String {
        var parts: [String] = []
        if visited == 0, households > 0 { parts.append("无已签字的登记表") }
        for column in NeedsSummary.Column.allCases where openCount(column) > 0 {
            parts.append("\(column.label)：\(openCount(column)) 户未填")
        }
        if bothTypes > 0 { parts.append("家庭类型两项都勾 \(bothTypes) 户待核") }
        if unsignedForms > 0 { parts.append("未签字的登记表 \(unsignedForms) 张未计") }
        if closedHouseholds > 0 { parts.append("已销档 \(closedHouseholds) 户未计") }
        if incompleteHouseholds > 0 { parts.append("记录不全 \(incompleteHouseholds) 户未计") }
        return parts.joined(separator: "；")
    }

    /// The row's cells as printed, from the unit to the remarks.
    /// - Parameter name: What stands for the unit.
    package func cells(named name: String) -> [String] {
        [name] + NeedsSummary.Column.allCases.map(text) + [remarks]
    }
}
