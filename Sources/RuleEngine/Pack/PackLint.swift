import CareDomain

/// What can be found in a loaded pack beyond what makes it unusable: things that a careful author would want to know.
package struct PackLint: Sendable {
    /// One finding.
    package struct Finding: Hashable, Sendable {
        /// Stable code.
        package let code: String
        /// Clause, parameter, reading or fact it is about.
        package let about: String
        package let problem: Wording
        package let advice: Wording
        /// Where it stands in the file, as `PackPlaces` has it.
        var path: [String] = []
        /// Byte within the expression there; nil = the whole.
        var offset: Int?
        /// Whether the pack cannot mean what it says; otherwise it is for the author to judge.
        package var isMistake = false
        /// Line and column, both from 1; nil where the file was not given.
        package var place: PackPlaces.Place?
    }

    let pack: RulePack
    let places: PackPlaces?
    private let known: Set<ClauseID>

    /// - Parameters:
    ///   - places: Where the items stand in the file; without it findings have no place.
    ///   - known: The clauses of the document where they are at hand; nil or empty = they are not.
    package init(_ pack: RulePack, places: PackPlaces? = nil, known: Set<ClauseID>? = nil) {
        self.pack = pack
        self.places = places
        self.known = known ?? []
    }

    /// All findings, by what they are about.
    package var findings: [Finding] {
        let all =
            rules() + expressions() + sumsTwice() + units() + exclusions() + parameters() + readings() + clauses()
            + facts()
            + workflows() + sight() + offices() + keys() + strangers() + standards() + monthChoices() + guidanceTwice()
            + tags() + figures()
        return all.map { finding in
            var placed = finding
            placed.place =
                finding.place
                ?? finding.offset.flatMap { places?.place(finding.path, offset: $0) } ?? places?.place(finding.path)
            return placed
        }.sorted { ($0.about, $0.code) < ($1.about, $1.code) }
    }

    /// The findings that a pack must not be published with, as issues of its file, by line and column.
    /// - Parameter name: File name for messages.
    package func mistakes(in name: String) -> [PackIssue] {
        findings.filter(\.isMistake).map { finding in
            PackIssue(
                file: name, line: finding.place?.line ?? 1, column: finding.place?.column ?? 1, code: finding.code,
                problem: Wording(
                    "\(finding.about)：\(finding.problem.chinese)", "\(finding.about): \(finding.problem.english)"),
                advice: finding.advice)
        }.sorted { ($0.line, $0.column, $0.code) < ($1.line, $1.column, $1.code) }
    }

    /// Sums that nobody pays.
    private func rules() -> [Finding] {
        pack.rules.flatMap { rule -> [Finding] in
            var found = [missingSum(rule)].compactMap { $0 } + unreachablePayers(rule)
            if rule.amount?.money != nil, rule.payers.isEmpty {
                found.append(
                    Finding(
                        code: "lint.no_payer", about: rule.clause.rawValue,
                        problem: Wording("没有写由谁承担", "no payer is written"),
                        advice: Wording("加上 payers", "add payers"), path: ["rules", rule.clause.rawValue]))
            }
            if rule.amount?.money != nil, rule.payee?.isAssumed == true {
                found.append(
                    Finding(
                        code: "lint.no_payee", about: rule.clause.rawValue,
                        problem: Wording(
                            "\(rule.kind.rawValue) 的钱付给谁没有写，按付给机构办、不进家庭的账户",
                            "a sum of kind \(rule.kind.rawValue) and no payee: it is taken to go to an institution, not the family"
                        ),
                        advice: Wording(
                            "写 payee: {zh: 机构名称, en: …, account: 参数}；付给本人的写 payee: person",
                            "write payee: {zh: …, en: …, account: PARAMETER}; payee: person where the person gets it"),
                        path: ["rules", rule.clause.rawValue]))
            }
            if let last = rule.payers.last, last.condition != nil {
                found.append(
                    Finding(
                        code: "lint.payer_gap", about: rule.clause.rawValue,
                        problem: Wording(
                            "payers 的最后一项带条件，可能无人承担", "the last payer has a condition, so there may be none"),
                        advice: Wording("最后一项不写 when", "leave when out of the last one"),
                        path: ["rules", rule.clause.rawValue, "payers", "\(rule.payers.count - 1)"]))
            }
            return found
        }
    }

    /// Kinds of clauses that give a sum; of waivers, loans and rules of funding a document may say only who bears them.
    private static let givesSum: Set<RuleKind> = [.cashEntitlement, .insurancePremium, .reimbursement, .projectFund]

    /// A clause that gives money and says no sum.
    private func missingSum(_ rule: Rule) -> Finding? {
        guard rule.amount == nil, Self.givesSum.contains(rule.kind) else { return nil }
        return Finding(
            code: "lint.no_amount", about: rule.clause.rawValue,
            problem: Wording(
                "\(rule.kind.rawValue) 给的是钱，却没有写金额：谁也不会得到发放",
                "\(rule.kind.rawValue) gives money, and no sum is written: nobody would be paid"),
            advice: Wording(
                "加上 amount；文件没有写数的，写 type: parameter 由部署设定",
                "add amount; where the document has no figure, write type: parameter"),
            path: ["rules", rule.clause.rawValue], isMistake: true)
    }

    /// Payers after one that bears in every case.
    private func unreachablePayers(_ rule: Rule) -> [Finding] {
        guard let always = rule.payers.firstIndex(where: { $0.condition == nil }) else { return [] }
        return rule.payers.indices.filter { $0 > always }.map { place in
            Finding(
                code: "lint.payer_unreachable", about: rule.clause.rawValue,
                problem: Wording(
                    "payers 的第 \(always + 1) 项不带条件，这一项永远轮不到",
                    "payer \(always + 1) has no condition, so this one never bears anything"),
                advice: Wording("把不写 when 的放在最后，或去掉这一项", "put the one without when last, or leave this one out"),
                path: ["rules", rule.clause.rawValue, "payers", "\(place)"], isMistake: true)
        }
    }

    /// Payers and departments that nobody knows: what is misspelt would be paid by no one.
    private func offices() -> [Finding] {
        let payers = KnownOffices.payers.map(\.id.rawValue)
        let departments = KnownOffices.departments.map(\.id.rawValue)
        func finding(_ code: String, _ about: String, _ name: String, _ known: [String], _ path: [String]) -> Finding? {
            guard !known.contains(name) else { return nil }
            return Finding(
                code: code, about: about, problem: Wording("不认识 \(name)", "\(name) is not known"),
                advice: Wording(
                    "核对拼写；可用：\(known.joined(separator: "、"))",
                    "check the spelling; there are: \(known.joined(separator: ", "))"), path: path, isMistake: true)
        }
        return pack.rules.flatMap { rule -> [Finding] in
            let about = rule.clause.rawValue
            let shares = rule.payers.enumerated().flatMap { place, payer in
                (payer.shares.map(\.payer) + payer.computed.map(\.payer)).compactMap {
                    let path = ["rules", about, "payers", "\(place)", "shares"]
                    return finding("lint.unknown_payer", about, $0.rawValue, payers, path)
                }
            }
            let office = rule.department.flatMap {
                finding("lint.unknown_department", about, $0.rawValue, departments, ["rules", about, "department"])
            }
            return shares + [office].compactMap { $0 }
        }
    }

    /// Days between two values of the same keys on which there is none.
    private func parameters() -> [Finding] {
        pack.parameters.flatMap { parameter -> [Finding] in
            Dictionary(grouping: parameter.values, by: \.keys).sorted { $0.key.lexicographicallyPrecedes($1.key) }
                .flatMap { keys, values -> [Finding] in
                    let ordered = values.sorted { $0.period.start < $1.period.start }
                    return zip(ordered, ordered.dropFirst()).compactMap { earlier, later in
                        guard let end = earlier.period.end, end < later.period.start else { return nil }
                        let name = "\(parameter.id)" + (keys.isEmpty ? "" : "[\(keys.joined(separator: ","))]")
                        return Finding(
                            code: "lint.parameter_gap", about: name,
                            problem: Wording(
                                "\(end) 至 \(later.period.start - 1) 没有值",
                                "no value from \(end) to \(later.period.start - 1)"),
                            advice: Wording("补上，或确认此间确实没有公布", "add it, or make sure that none was published"),
                            path: ["parameters", parameter.id.rawValue, "values"])
                    }
                }
        }
    }

    /// Values for a key that no expression asks for. The figures of an index are asked for by its standards.
    private func keys() -> [Finding] {
        let indexed = Set(pack.indexations.flatMap { [$0.index, $0.growth].compactMap { $0 } })
        return pack.parameters.filter { !indexed.contains($0.id) }.flatMap { parameter in
            pack.unaskedKeys(of: parameter).map { unasked in
                Finding(
                    code: "lint.unasked_key", about: parameter.id.rawValue,
                    problem: Wording(
                        "键 \(unasked.name) 没有“\(unasked.key)”，这个值没有规则用得到",
                        "no rule asks for \(unasked.name) \(unasked.key), so the value holds for nobody"),
                    advice: unasked.advice,
                    path: ["parameters", parameter.id.rawValue, "values", "\(unasked.value)", "keys"],
                    isMistake: unasked.isAsked)
            }
        }
    }

    /// Switches that change nothing.
    private func readings() -> [Finding] {
        var used = Set(pack.rules.flatMap(\.readings))
        for definition in pack.definitions { used.formUnion(definition.expression.readings) }
        for interaction in pack.interactions {
            used.formUnion([interaction.onlySameClause?.reading, interaction.letsPass?.when.reading].compactMap { $0 })
        }
        if let guidance = pack.guidance { used.formUnion([guidance.cap, guidance.mode, guidance.step]) }
        used.formUnion(pack.indexations.map(\.baseYear))
        used.formUnion(pack.indexations.compactMap(\.rounding))
        used.formUnion(pack.declarations.compactMap { $0.dueByReading?.reading })
        used.formUnion(pack.duties.duties.compactMap { $0.dueByReading?.reading })
        return pack.readings.enumerated().compactMap { index, reading in
            let isShared = ["month_rule", "rights_from", "age_attained"].contains(reading.id.rawValue)
            guard !used.contains(index), !isShared, reading.choices.map({ $0.count > 1 }) ?? true else { return nil }
            return Finding(
                code: "lint.unused_reading", about: reading.id.rawValue,
                problem: Wording("没有规则用到这个口径", "no rule uses this reading"),
                advice: Wording("在规则中使用，或说明由谁使用", "use it in a rule, or leave it to those who do"),
                path: ["readings", reading.id.rawValue])
        }
    }

    /// Clauses that the document does not have, where its clauses are at hand; a part belongs to its clause.
    private func strangers() -> [Finding] {
        guard !known.isEmpty else { return [] }
        let wholes = Set(known.map(\.whole))
        return Set(pack.clauses).filter { !known.contains($0) && !wholes.contains($0.whole) }.sorted().map { clause in
            Finding(
                code: "lint.unknown_clause", about: clause.rawValue,
                problem: Wording(
                    "随程序的 \(pack.id) 各版本都没有这一条", "no version of \(pack.id) of this program has the clause"),
                advice: Wording("核对编号；文件新增的条款可以保留", "check its number; a clause that the document added may stay"),
                path: ["rules", clause.rawValue])
        }
    }

    /// One clause in two places.
    private func clauses() -> [Finding] {
        let counts = Dictionary(pack.clauses.map { ($0, 1) }, uniquingKeysWith: +)
        return counts.filter { $0.value > 1 }.keys.sorted().map { clause in
            Finding(
                code: "lint.clause_twice", about: clause.rawValue,
                problem: Wording("条款在两处出现", "the clause stands in two places"),
                advice: Wording("只留一处", "keep one"), path: ["rules", clause.rawValue], isMistake: true)
        }
    }

    /// Vocabulary that nothing reads.
    private func facts() -> [Finding] {
        pack.unreadFacts.map { fact in
            Finding(
                code: "lint.unread_fact", about: fact.id.rawValue,
                problem: Wording("没有规则读取这个事实", "no rule reads this fact"),
                advice: Wording("若只供登记可以保留", "it may stay if it is only recorded"),
                path: ["facts", fact.id.rawValue])
        }
    }
}

extension RulePack {
    /// Every clause that stands in the pack, as often as it does.
    package var clauses: [ClauseID] {
        rules.map(\.clause) + declarations.map(\.clause) + interactions.map(\.clause) + indexations.map(\.clause)
            + capabilities.map(\.clause)
    }

    /// What lint finds in the pack with which it must not be published; a version published before is not looked at again.
    /// - Parameters:
    ///   - bytes: the file, for line and column.
    ///   - name: file name for messages.
    package func mistakes(in bytes: [UInt8], name: String) -> [PackIssue] {
        PackLint(self, places: PackPlaces(bytes: bytes, name: name)).mistakes(in: name)
    }
}
