import CareDomain

extension PackReader {
    func duty(_ value: YAMLValue, _ clause: ClauseID, _ title: Wording) -> Duty? {
        guard
            let fields = document.fields(
                value, required: ["owner", "due", "evidence_zh", "evidence_en"],
                optional: ["days", "month", "day", "from", "to"]),
            let owner = document.department(fields["owner"]),
            let evidence = document.wording(fields, "evidence_zh", "evidence_en")
        else { return nil }
        let byReading = dueByReading(fields["due"])
        return dueRule(fields, byReading).map {
            Duty(clause: clause, title: title, owner: owner, due: $0, dueByReading: byReading, evidence: evidence)
        }
    }

    /// `due: {reading: …, choices: {code: {due: mid_month, month: 10}, …}}`, one entry for each choice; nil where `due` is a
    /// word.
    func dueByReading(_ value: YAMLValue?) -> DueRule.ByReading? {
        guard let value, case .mapping = value.kind,
            let fields = document.fields(value, required: ["reading", "choices"]),
            let index = readingIndex(fields["reading"])
        else { return nil }
        var rules: [Code: DueRule] = [:]
        for (key, item) in document.entries(fields["choices"]) {
            guard let code = document.code(key),
                let parts = document.fields(
                    item, required: ["due"], optional: ["days", "month", "day", "from", "to"]),
                let rule = dueRule(parts, nil)
            else { continue }
            rules[code] = rule
        }
        guard Set(scope.readings[index].choices ?? []) == Set(rules.keys) else {
            document.note(
                value, "pack.due_choices",
                Wording("每个选项都要写一条期限，且只写这些选项", "each choice of the reading needs its due rule, and no other"),
                Wording(
                    "选项：\((scope.readings[index].choices ?? []).map(\.rawValue).joined(separator: "、"))",
                    "choices: \((scope.readings[index].choices ?? []).map(\.rawValue).joined(separator: ", "))"))
            return nil
        }
        return DueRule.ByReading(reading: index, rules: rules)
    }

    /// `due` with what it needs beside it: `days`, `month` and `day`, or `from` and `to` (11-20).
    /// - Parameter byReading: where a reading decides, the rule of its default.
    func dueRule(_ fields: DocumentReader.Fields, _ byReading: DueRule.ByReading?) -> DueRule? {
        if case .mapping? = fields["due"]?.kind {
            guard let byReading, case .code(let code) = scope.readings[byReading.reading].standard else { return nil }
            return byReading.rules[code]
        }
        let days = Int(document.int(fields["days"], 0...3660) ?? 7)
        let month = document.int(fields["month"], 1...12).map { Int($0) }
        let day = document.int(fields["day"], 1...31).map { Int($0) }
        let from = monthDay(fields["from"])
        let to = monthDay(fields["to"])
        return document.parsed(
            fields["due"],
            Wording(
                " always、holiday、within_days、quarter_end、half_year_end、month_end、month_begin、mid_month、by_day、year_end、"
                    + "confirmed_year_end 或 window（带 month、day、from、to）",
                "always, holiday, within_days, quarter_end, half_year_end, month_end, month_begin, mid_month, by_day, "
                    + "year_end, confirmed_year_end or window, with the month, day, from and to that it needs")
        ) { name -> DueRule? in
            switch name {
            case "always": .always
            case "holiday": .holiday(warnDays: days)
            case "within_days": .withinDays(days)
            case "quarter_end": .quarterEnd
            case "half_year_end": .halfYearEnd
            case "year_end": .yearEnd
            case "confirmed_year_end": .confirmedYearEnd
            case "month_end": month.map { .monthEnd(month: $0) }
            case "month_begin": month.map { .monthBegin(month: $0) }
            case "mid_month": month.map { .midMonth(month: $0) }
            case "by_day": month.flatMap { month in day.map { .byDay(month: month, day: $0) } }
            case "window": from.flatMap { from in to.map { .window(from: from, to: $0) } }
            default: nil
            }
        }
    }

    /// `11-20`
    func monthDay(_ value: YAMLValue?) -> DueRule.MonthDay? {
        document.parsed(value, Wording("月-日，如 11-20", "month-day, such as 11-20")) { text in
            // Any leap year, so that 29 February is a day.
            CivilDay(parsing: "2024-" + text).map { day in
                let (_, month, number) = day.components
                return DueRule.MonthDay(month: month, day: number)
            }
        }
    }

    func familyTypes(_ value: YAMLValue?) -> [FamilyType] {
        document.items(value).compactMap { item in
            guard let fields = document.fields(item, required: ["id", "zh", "en", "fact"]), !isUnread(fields["fact"]),
                let code = document.code(fields["id"]), let title = document.wording(fields),
                let fact = document.parsed(
                    fields["fact"], Wording("户的真假型推导事实", "a derived bool fact of the household"),
                    { text in
                        scope.derived.first { $0.id.rawValue == text && $0.subject == .household && $0.type == .bool }?
                            .id
                    })
            else { return nil }
            return FamilyType(code: code, title: title, fact: fact)
        }
    }

    /// Whether a derived fact is declared and could not be read; it is noted as what follows from that.
    private func isUnread(_ value: YAMLValue?) -> Bool {
        guard let value, let id = value.text.flatMap({ FactID($0) }), scope.declared.contains(id),
            !scope.derived.contains(where: { $0.id == id })
        else { return false }
        document.note(
            value, ExpressionIssue.follows,
            Wording("推导事实 \(id) 没有读成", "the derived fact \(id) could not be read"),
            Wording("先改正它的定义", "correct its definition first"))
        return true
    }

    func dutyCatalog(_ fields: DocumentReader.Fields, _ rules: [Rule]) -> DutyCatalog {
        let pairing = fields["pairing"].flatMap {
            document.fields(
                $0, required: ["clause", "kinds"], optional: ["distinct_persons", "real_name", "real_name_details"])
        }
        let visits = fields["visits"].flatMap {
            document.fields($0, required: ["kinds"], optional: ["clause", "forms", "needs"])
        }
        return DutyCatalog(
            duties: rules.compactMap(\.duty), pairingClause: dutyClause(pairing?["clause"], rules),
            pairingKinds: document.items(pairing?["kinds"]).compactMap(pairingKind),
            pairingNeedsDistinctPersons: pairing?["distinct_persons"].map { switchDefault($0) } ?? true,
            pairingAsks: switchDefault(pairing?["real_name"]) ? realNameDetails(pairing?["real_name_details"]) : [],
            guardian: fields["guardian"].flatMap(guardian),
            visitingClause: dutyClause(visits?["clause"], rules), visitKinds: labels(visits?["kinds"]),
            visitForms: document.items(visits?["forms"]).compactMap(visitForm), needKinds: labels(visits?["needs"]),
            holidays: document.items(fields["holidays"]).compactMap(holiday),
            notices: notices(fields["notices"], rules))
    }

    /// The clause of a rule of the pack that is a duty.
    private func dutyClause(_ value: YAMLValue?, _ rules: [Rule]) -> ClauseID? {
        document.parsed(value, Wording("本包中有 duty 的条款", "a clause of this pack with a duty")) { text in
            rules.first { $0.clause.rawValue == text && $0.duty != nil }?.clause
        }
    }

    private func notices(_ value: YAMLValue?, _ rules: [Rule]) -> NoticeRules {
        let fields = value.flatMap {
            document.fields($0, required: [], optional: ["right_begins", "certificate_review"])
        }
        let begins = fields?["right_begins"].flatMap { document.fields($0, required: ["days"]) }
        let review = fields?["certificate_review"].flatMap {
            document.fields($0, required: ["clause", "owner", "days"])
        }
        let clause = document.parsed(review?["clause"], Wording("本包的条款", "a clause of this pack")) { text in
            rules.first { $0.clause.rawValue == text }?.clause
        }
        var certificate: NoticeRules.CertificateReview?
        if let clause, let owner = document.department(review?["owner"]),
            let days = document.int(review?["days"], 1...3660)
        {
            certificate = .init(clause: clause, owner: owner, days: Int(days))
        }
        return NoticeRules(
            rightBeginsDays: Int(document.int(begins?["days"], 1...3660) ?? 60), certificateReview: certificate)
    }

    /// The default position of the named bool reading; false when none is named.
    private func switchDefault(_ value: YAMLValue?) -> Bool {
        let reading = document.parsed(value, Wording("已声明的真假型口径", "a declared bool reading")) { name in
            scope.readings.first { $0.id.rawValue == name && $0.choices == nil }
        }
        return reading?.standard == .bool(true)
    }

    /// What real names ask for beside the name; a pack that does not say it asks for the name alone.
    private func realNameDetails(_ value: YAMLValue?) -> HelperDetails {
        let details = document.items(value).compactMap { item in
            document.parsed(item, Wording("unit 或 contact", "unit or contact")) { text in
                HelperDetails(code: text).flatMap { $0 == .name ? nil : $0 }
            }
        }
        return details.reduce(.name) { $0.union($1) }
    }

    private func pairingKind(_ item: YAMLValue) -> PairingKindDefinition? {
        guard let fields = document.fields(item, required: ["id", "zh", "en", "personal"]),
            let code = document.code(fields["id"]), let title = document.wording(fields)
        else { return nil }
        return PairingKindDefinition(
            kind: PairingKind(unchecked: code.rawValue), title: title,
            isPersonal: document.bool(fields["personal"], else: true))
    }

    private func labels(_ value: YAMLValue?) -> [LabelledCode] {
        document.items(value).compactMap { item in
            guard let fields = document.fields(item, required: ["id", "zh", "en"]),
                let code = document.code(fields["id"]), let title = document.wording(fields)
            else { return nil }
            return LabelledCode(code: code, title: title)
        }
    }

    private func guardian(_ value: YAMLValue) -> GuardianRules? {
        guard
            let fields = document.fields(value, required: ["named_by", "relations", "states", "scopes"])
        else { return nil }
        return GuardianRules(
            namedBy: document.items(fields["named_by"]).compactMap(document.department),
            relations: labels(fields["relations"]), states: labels(fields["states"]), scopes: labels(fields["scopes"]))
    }

    private func holiday(_ item: YAMLValue) -> HolidayDefinition? {
        guard let fields = document.fields(item, required: ["id", "zh", "en"]),
            let code = document.parsed(
                fields["id"], Wording("历法表中的节日", "a festival of the calendar"),
                { text in Festival.all.first { $0.code.rawValue == text }?.code }),
            let title = document.wording(fields)
        else { return nil }
        return HolidayDefinition(code: code, title: title)
    }

    private func visitForm(_ item: YAMLValue) -> VisitFormDefinition? {
        guard let fields = document.fields(item, required: ["id", "zh", "en"], optional: ["fields"]),
            let code = document.code(fields["id"]), let title = document.wording(fields)
        else { return nil }
        return VisitFormDefinition(code: code, title: title, fields: labels(fields["fields"]))
    }
}
