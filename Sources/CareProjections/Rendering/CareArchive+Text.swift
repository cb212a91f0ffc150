import CareDomain
import OfficeFiles
import RuleEngine

extension CareArchive {
    /// The page as text for a terminal or a plain file, in Chinese, columns by display width.
    /// - Parameter width: Columns of the terminal; nil for no limit.
    package func text(width: Int? = nil) -> String {
        var output = headerText
        output += section("家庭成员", memberTable, members.count, width)
        let addresses = members.count { $0.address != nil }
        if addresses > 0 { output += section("住址", addressTable, addresses, width) }
        output += section("享受待遇", entitlementTable, entitlements.count, width) + entitlementNotes
        output += section("待遇决定", awardTable, awards.count, width)
        output += section("借款与帮扶", loanTable, loans.count, width, isKept: keeps(.loan)) + loanNotes
        output += section("四个结对", slotTable, slots.count, width)
        output += section("监护人", guardianTable, guardians.count, width, isKept: keeps(.guardian))
        output += section("登记事项", factTable, facts.count, width)
        if facts.contains(where: { !$0.rivals.isEmpty }) {
            output += section("陈述不一致", rivalTable, facts.count { !$0.rivals.isEmpty }, width)
        }
        output += section("走访", visitTable, visits.count, width)
        output += section("需求", needTable, needs.count, width)
        output += section("帮扶计划", planTable, planItems.count, width)
        output += section("实物发放", handOutTable, handOuts.count, width)
        output += section("提醒", noticeTable, notices.count, width)
        output += section("变更记录", historyTable, history.count, width)
        return output
    }

    /// - Parameter isKept: Whether this department does not see what would stand here.
    private func section(
        _ title: String, _ table: TextTable, _ count: Int, _ width: Int?, isKept: Bool = false
    ) -> String {
        if count == 0 { return "\n【\(title)】\(isKept ? "遮（本部门不可见）" : "无")\n" }
        return "\n【\(title)】共 \(count) 条\n" + table.render(width: width)
    }

    private func keeps(_ record: OwnRecord) -> Bool {
        withheldFacts.contains { OwnRecord(FactID(unchecked: $0.code)) == record }
    }

    private var headerText: String {
        var lines = ["特殊困难家庭关怀档案", "户编号    \(header.household)"]
        if let number = header.archiveNumber { lines.append("档案号    \(DisplayWidth.printable(number))") }
        func place(_ text: String, _ area: Area?) -> String {
            text + (area.map { $0 == .urban ? "（城镇）" : "（农村）" } ?? "")
        }
        if let residence = header.residence {
            lines.append("户籍所在  \(place(header.divisionText, header.divisionArea))")
            lines.append("居住地    \(place(residence.text, residence.area))")
        } else {
            lines.append("所在区划  \(place(header.divisionText, header.area))")
        }
        var state = header.state.chinese
        if let since = header.stateSince { state += "，自 \(since)" }
        if header.state == .absent, let registered = header.registeredOn {
            state = "\(header.asOf) 尚未建档（\(registered) 建档）；以下是建档后登记的、当日的情况"
        }
        if let reason = header.stateReason { state += "，\(reason.chinese)" }
        lines.append("档案状态  \(state)")
        if let status = header.status {
            let basis = "依据第 \(status.restsOn) 条\(correction(of: status.restsOn))"
            var text = "\(status.kind.chinese)，自 \(status.since)（\(basis)）"
            if let until = status.until { text += "，至 \(until - 1) 止" }
            lines.append("家庭类别  \(text)")
        } else {
            lines.append("家庭类别  \(withoutStatus)")
        }
        lines += members.compactMap(\.unrecordedDeath).map { "提示      \($0)" }
        lines += members.compactMap(\.undatedAdoption).map { "提示      \($0)" }
        lines += possibleLaterChildren.map { "提示      \($0)" }
        lines.append("截至日期  \(header.asOf)")
        if let knownAt = header.knownAt {
            let basis = header.basis == .recorded ? "" : "（按来源获知日期，以来源申报为准）"
            lines.append(
                "知悉时点  \(knownAt.wallClock)\(basis)，共 \(header.lastSequence) 条中已知至第 \(header.lastKnownSequence) 条")
        }
        if header.learnedCount > 0 {
            lines.append("提示      当时还没有登记；按来源获知日期已有 \(header.learnedCount) 条，加 --basis learned 查看")
        }
        if isFenced { lines.append("警告      本户记录有损坏，已封存待修复，以下内容仅供参考") }
        if !unreadable.isEmpty {
            lines.append(
                "警告      有 \(unreadable.count) 条记录无法读取：第 \(unreadable.map(String.init).joined(separator: "、")) 条")
        }
        if !withheldFacts.isEmpty {
            lines.append("遮          本部门不可见（有没有登记都不显示）：\(withheldFacts.map(\.chinese).joined(separator: "、"))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The entry on which a line rests, and the latest that puts it right: 91→121.
    func basis(_ sequence: UInt64) -> String {
        latestCorrection(of: sequence).map { "\(sequence)→\($0)" } ?? "\(sequence)"
    }

    /// The same in a sentence; empty where nothing was put right.
    private func correction(of sequence: UInt64) -> String {
        latestCorrection(of: sequence).map { "，已由第 \($0) 条更正" } ?? ""
    }

    private func latestCorrection(of sequence: UInt64) -> UInt64? {
        history.first { $0.sequence == sequence }?.correctedBy
    }

    /// What is said of a family without the status on the day. What nobody wrote down is not known, and no "no".
    private var withoutStatus: String {
        if header.state == .absent, header.registeredOn == nil { return "不详：没有登记" }
        let children = members.filter { $0.role == .onlyChild }
        let stated = facts.contains { $0.fact.code == FactID.onlyChildStatus.rawValue }
        // Of grades that are kept from the reader nobody knows whether there are any.
        let isKept = withheldFacts.contains { $0.code == "person.disability_grade" }
        let isTold = stated || isKept || children.contains { $0.standing == .died || $0.disability != nil }
        let certified = facts.first { $0.fact.code == "household.special_family" && $0.value == .bool(true) }
        if let certified {
            let basis = "依据第 \(certified.sequence) 条\(correction(of: certified.sequence))"
            return "计划生育特殊家庭（凭认定），自 \(certified.since)（\(basis)）"
                + (isTold ? "" : "；没有登记失独或伤残")
        }
        if let told = children.compactMap(\.fatalIncident).first {
            return "未认定失独：独生子女的去世尚未登记（见第 \(told.sequence) 条）"
        }
        if members.contains(where: \.isAdoptionUndated) { return "待补：收养子女的收养日期没有登记（见提示）" }
        if children.isEmpty, !stated, members.contains(where: { $0.role == .adoptedChild && $0.standing == .died }) {
            return "不属失独：去世的是收养子女，档案里没有登记独生子女；依法收养的唯一子女按独生子女认定的，请把身份更正为独生子女"
        }
        if children.isEmpty, !stated { return "不详：档案里没有登记独生子女" }
        return isTold ? "当日不属于特殊困难家庭" : "当日没有登记失独或伤残"
    }

    private var memberTable: TextTable {
        var table = TextTable([
            .init("身份"), .init("姓名"), .init("性别"), .init("身份证号"), .init("出生日期"), .init("年龄", .right),
            .init("电话"), .init("残疾"), .init("状态"), .init("依据", .right),
        ])
        for line in members {
            table.append([
                line.role.chinese, line.name ?? "-", line.sex.map { $0 == .female ? "女" : "男" } ?? "-",
                line.idNumber ?? "-", line.birthDate?.description ?? "-", line.age.map(String.init) ?? "-",
                line.phone ?? "-", line.disability?.chinese ?? "",
                line.standing.chinese + (line.standingSince.map { " \($0)" } ?? "")
                    + (line.fatalIncident == nil ? "" : "（去世未登记）")
                    + (line.isAdoptionUndated ? "（收养日期未登记）" : ""), basis(line.joinedBy),
            ])
        }
        return table
    }

    /// Where members live; addresses are on the page only when it is revealed.
    private var addressTable: TextTable {
        var table = TextTable([.init("身份"), .init("姓名"), .init("住址", mayShrink: true)])
        for line in members {
            if let address = line.address {
                table.append([line.role.chinese, line.name ?? "-", DisplayWidth.printable(address)])
            }
        }
        return table
    }

    private var slotTable: TextTable {
        var table = TextTable([
            .init("结对"), .init("姓名"), .init("单位", mayShrink: true), .init("电话"), .init("自"), .init("依据", .right),
        ])
        for line in slots {
            if !line.isFilled, !line.isIncomplete {
                let since = line.missingSince.map { "自 \($0)" } ?? ""
                let last = line.lastHelper?.name.map { "（前任 \($0)）" } ?? ""
                // Where nobody has to be there, nobody is missing.
                let isGap = line.missingSince != nil
                table.append([line.kind.chinese, (isGap ? "缺" : "当日不要求") + last, "", "", since, ""])
            }
            for helper in line.helpers {
                let name = helper.hasRealName ? helper.name ?? "-" : "未实名"
                table.append([
                    line.kind.chinese, name + Self.remark(on: helper, in: line), helper.unit ?? "-",
                    helper.phone ?? "-", "\(helper.since)", basis(helper.sequence),
                ])
            }
        }
        return table
    }

    /// Why somebody in a slot does not fill it.
    private static func remark(on helper: SlotLine.Helper, in line: SlotLine) -> String {
        if line.isFilled { return "" }
        guard line.isIncomplete, helper.hasRealName, !helper.lacking.isEmpty else { return "（不计）" }
        return "（资料不全：\(helper.lacking.lackingChinese)）"
    }

    private var guardianTable: TextTable {
        var table = TextTable([
            .init("被监护人"), .init("监护人"), .init("关系"), .init("指定单位"), .init("状态"), .init("自"),
            .init("公证书"), .init("职责", mayShrink: true), .init("公证费"), .init("依据", .right),
        ])
        for line in guardians {
            let since: CivilDay? =
                switch line.state {
                case .named: line.namedOn
                case .consented: line.consentedOn
                case .active: line.notarisedOn
                case .ended: line.endedOn
                }
            let state = line.state.chinese + (line.endReason.map { "（\($0.chinese)）" } ?? "")
            table.append([
                line.member.text, line.guardianName ?? "-", line.relation.chinese, line.namedBy.chinese,
                state, since?.description ?? "", line.certificate ?? "",
                line.scopes.map(\.chinese).joined(separator: "、"),
                line.feeWaived.map { $0 ? "免除" : "未免除" } ?? "", basis(line.sequence),
            ])
        }
        return table
    }

    /// The last day of what no longer holds on `end`: what 至 means.
    private static func last(_ end: CivilDay?) -> String { end.map { "\($0 - 1)" } ?? "" }

    private var factTable: TextTable {
        var table = TextTable([
            .init("事项", mayShrink: true), .init("对象"), .init("内容", mayShrink: true), .init("自"), .init("至"),
            .init("来源"), .init("依据", .right),
        ])
        for line in facts {
            table.append([
                line.fact.chinese, line.subject.text, line.valueText, "\(line.since)", Self.last(line.until),
                line.source.chinese, basis(line.sequence),
            ])
        }
        return table
    }

    /// 说法不一的事项并列：采用的在前，不采用的在后，各注来源和部门。
    private var rivalTable: TextTable {
        var table = TextTable([
            .init("事项", mayShrink: true), .init("对象"), .init("内容", mayShrink: true), .init("自"), .init("至"),
            .init("来源"), .init("部门"), .init("取舍"), .init("依据", .right),
        ])
        for line in facts where !line.rivals.isEmpty {
            table.append([
                line.fact.chinese, line.subject.text, line.valueText, "\(line.since)", Self.last(line.until),
                line.source.chinese, line.department?.chinese ?? "", "采用", basis(line.sequence),
            ])
            for rival in line.rivals {
                table.append([
                    "", "", rival.valueText, "\(rival.since)", Self.last(rival.until), rival.source.chinese,
                    rival.department?.chinese ?? "",
                    rival.isBySource ? "不采用：来源先后在后" : "不采用：以较后的陈述为准", basis(rival.sequence),
                ])
            }
        }
        return table
    }

    private var visitTable: TextTable {
        var table = TextTable([
            .init("日期"), .init("方式"), .init("节日"), .init("走访人"),
            .init("表", mayShrink: true), .init("依据", .right),
        ])
        for line in visits {
            table.append([
                "\(line.day)", line.kind.chinese, line.holiday?.chinese ?? "", line.visitorName ?? "-",
                line.formText ?? line.form ?? "", basis(line.sequence),
            ])
        }
        return table
    }
}

extension CareArchive {
    fileprivate var needTable: TextTable {
        var table = TextTable([
            .init("需求"), .init("项数", .right), .init("提出"), .init("状态"), .init("最近答复", mayShrink: true),
            .init("办结"), .init("依据", .right),
        ])
        for line in needs {
            let answer = line.answers.last.map { "\($0.day) \($0.by?.chinese ?? "") \($0.outcome.chinese)" } ?? ""
            let closed = line.closedOn.map { "\($0) \(line.closedFor?.chinese ?? "")" } ?? ""
            table.append([
                line.kind.chinese, "\(line.items)", "\(line.raisedOn)",
                line.state.chinese + (line.isVisitWithdrawn ? "（走访记录已撤回）" : ""), answer, closed,
                basis(line.sequence),
            ])
        }
        return table
    }

    /// Whom a line is about is told where there are claims: other items are the family's.
    fileprivate var planTable: TextTable {
        let hasClaims = planItems.contains { $0.subject != nil }
        var columns: [TextTable.Column] = [
            .init("条款"), .init("名称", mayShrink: true), .init("责任部门"), .init("开列"), .init("期限"), .init("完成"),
            .init("依据", .right),
        ]
        if hasClaims { columns.insert(.init("对象"), at: 2) }
        var table = TextTable(columns)
        for line in planItems {
            let isLate = line.isOverdue && line.doneOn == nil
            let state = [line.doneOn?.description, isLate ? "逾期" : nil, line.isGroundless ? "依据已撤回" : nil]
            var cells = [
                line.clause?.rawValue ?? "", line.title, line.department.chinese, "\(line.openedOn)",
                line.dueOn?.description ?? "", state.compactMap { $0 }.joined(separator: " "), basis(line.sequence),
            ]
            if hasClaims { cells.insert(line.subject?.text ?? "", at: 2) }
            table.append(cells)
        }
        return table
    }

    fileprivate var noticeTable: TextTable {
        var table = TextTable([
            .init("提醒"), .init("对象"), .init("说明", mayShrink: true), .init("提出"), .init("期限"), .init("责任部门"),
            .init("送达", mayShrink: true), .init("依据", .right),
        ])
        for line in notices {
            let deliveries = line.outcomes.map { "\($0.channel.chinese)\($0.outcome.chinese)" }
            let people = line.people.map(\.text).joined(separator: " → ")
            let details = (line.details.map(\.chinese) + [people]).filter { !$0.isEmpty }
            table.append([
                line.kind.chinese, line.subject.text, details.joined(separator: " "),
                "\(line.raisedOn)", line.dueOn?.description ?? "",
                line.department?.chinese ?? "", deliveries.joined(separator: "、"), basis(line.sequence),
            ])
        }
        return table
    }

    fileprivate var historyTable: TextTable {
        var table = TextTable([
            .init("序号", .right), .init("发生日期"), .init("登记时间"), .init("事项"), .init("内容", mayShrink: true), .init("更正"),
        ])
        for line in history {
            var marks: [String] = []
            if let corrects = line.corrects {
                let reasons = [line.correctionReason?.chinese, line.correctionText].compactMap { $0 }
                marks.append("更正第 \(corrects) 条" + (reasons.isEmpty ? "" : "：" + reasons.joined(separator: " ")))
            }
            if let correctedBy = line.correctedBy { marks.append("已由第 \(correctedBy) 条更正") }
            table.append([
                "\(line.sequence)", "\(line.day)", line.recordedAt.wallClock, line.title, line.detail,
                marks.joined(separator: "，"),
            ])
        }
        return table
    }
}

extension CareArchive.NoticeLine {
    /// How it stands on each channel: the last outcome there.
    fileprivate var outcomes: [Delivery] {
        deliveries.enumerated().filter { place, delivery in
            !deliveries[(place + 1)...].contains { $0.channel == delivery.channel }
        }.map(\.element)
    }
}

extension CareArchive.Disability {
    /// 智力三级，证至 2023-02-28，证号 …
    fileprivate var chinese: String {
        let parts = [
            (kind?.chinese ?? "") + Grades.chinese(grade), validThrough.map { "证至 \($0)" },
            certificateNumber.map { "证号 \($0)" },
        ]
        return parts.compactMap { $0 }.joined(separator: "，")
    }
}

extension CivilDay {
    /// Whether the day only stands for "since always".
    var isFarPast: Bool { dayNumber < -300_000 }
}

extension CareArchive {
    /// Of each other member who may be a child of the couple, while the family counts as one whose only child died or is disabled:
    /// that nothing is on record of it, and what to do.
    package var possibleLaterChildren: [String] {
        guard let status = header.status else { return [] }
        let parents = members.filter(\.role.isParent).map {
            LaterChild.Parent(role: $0.role, sex: $0.sex, birthDate: $0.birthDate)
        }
        return members.compactMap { member in
            guard member.role == .other, member.standing != .left, let birth = member.birthDate,
                birth <= header.asOf, LaterChild.isPossible(born: birth, of: parents)
            else { return nil }
            return "\(member.role.chinese)\(member.name.map { " \($0)" } ?? "") \(birth) 出生，年龄像是这对父母的子女，而没有登记生育、收养："
                + "是再生育的、独生子女的双胞胎，请登记生育；是收养的，身份改为收养子女；是孙辈或其他亲属的不必处理。现在按"
                + "\(status.kind.chinese)计算"
        }
    }
}

extension CareArchive.MemberLine {
    /// That the death is told by an accident alone, what follows, and what to do; nil where that is not so.
    package var unrecordedDeath: String? {
        fatalIncident.map { incident in
            "\(role.chinese)\(name.map { " \($0)" } ?? "") 的去世尚未登记：第 \(incident.sequence) 条记此人死于 \(incident.day) "
                + "的突发事件。登记去世（哪天、凭什么证明）之前按在世计算"
                + (role == .onlyChild ? "，不据此认定失独" : "")
        }
    }
    /// That the day of the adoption is not on record, what follows, and what to do; nil where that is not so.
    package var undatedAdoption: String? {
        guard isAdoptionUndated else { return nil }
        return "\(role.chinese)\(name.map { " \($0)" } ?? "") 的收养日期尚未登记：登记收养（哪天收养）之前，是否仍属失独、伤残待补，"
            + "不按没有收养计算"
    }
}
