import CareDomain

/// Makes the history of the archive page: every event that was known, with what put it right.
struct HistoryFold {
    let page: ArchiveFold

    init(_ page: ArchiveFold) { self.page = page }

    func lines() -> [CareArchive.HistoryLine] {
        let known = page.history.events.filter(page.question.knew)
        var correctedBy: [EventReference: UInt64] = [:]
        for event in known {
            if let correction = event.proposed.correction {
                correctedBy[correction.corrects] = event.reference.sequence
            }
        }
        return known.map { event in
            if page.withheld.sequences.contains(event.reference.sequence) { return withheld(event) }
            let correction = event.proposed.correction
            return CareArchive.HistoryLine(
                sequence: event.reference.sequence, kind: event.event.kindName, title: title(event),
                detail: detail(event.event), day: event.occurredOn, recordedAt: event.recordedAt,
                learnedOn: event.proposed.learnedOn, corrects: correction?.corrects.sequence,
                correctionReason: correction.map { page.label($0.reason) },
                correctionText: correction.flatMap { page.revealed($0.sealed) },
                correctedBy: correctedBy[event.reference])
        }
    }

    /// The place of an event of which nothing may be told, not even its kind and days: the numbers before and after it would
    /// show the gap anyway.
    private func withheld(_ event: KnownEvent) -> CareArchive.HistoryLine {
        CareArchive.HistoryLine(
            sequence: event.reference.sequence, kind: "Withheld", title: "本部门不可见的记录（遮）", detail: "",
            day: event.recordedAt.day, recordedAt: event.recordedAt)
    }

    private func title(_ event: KnownEvent) -> String {
        // Taking back nothing is how a reader marks an event that it cannot read.
        if case .withdrawn = event.event, event.proposed.correction == nil { return "无法读取的记录" }
        return event.event.chineseTitle
    }

    private func person(_ id: PersonID) -> String { page.subject(.person(id)).text }
    private func helper(_ id: PersonID) -> String { page.names.helper(id) ?? "" }
    private func joined(_ parts: [String?]) -> String {
        parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " ")
    }

    private func detail(_ event: HouseholdEvent) -> String {
        switch event {
        case .registered(let payload): page.words.chinese(payload.division)
        case .moved(let payload):
            joined([
                payload.kind == .registration ? "户籍" : "居住地", page.words.chinese(payload.division),
                payload.archiveNumber.map { "档案号 \($0)" },
            ])
        case .closed(let payload): page.words.chinese(payload.reason)
        case .registeredInError(let payload): page.words.chinese(payload.reason)
        case .merged(let payload): payload.side == .absorbed ? "并入 \(payload.other)" : "并来 \(payload.other)"
        case .split(let payload): payload.side == .remaining ? "分出 \(payload.other)" : "分自 \(payload.other)"
        case .commandAbandoned, .withdrawn, .childBorn, .childAdopted: ""
        case .incidentReported(let payload): page.words.chinese(payload.kind)
        case .factStated(let payload):
            joined([
                page.words.title(payload.fact), payload.value.map { page.text($0, of: payload.fact) } ?? "不再成立",
            ])
        case .personJoined, .personLeft, .personDetailsChanged, .personDied, .disabilityAssessed: personDetail(event)
        case .guardianNamed, .guardianConsented, .guardianNotarised, .guardianEnded: guardianDetail(event)
        case .pairingAssigned, .pairingHandedOver, .pairingEnded: pairingDetail(event)
        default: careDetail(event)
        }
    }

    private func personDetail(_ event: HouseholdEvent) -> String {
        switch event {
        case .personJoined(let payload): joined([person(payload.person), told(namesake: payload.namesake)])
        case .personLeft(let payload): joined([person(payload.person), page.words.chinese(payload.reason)])
        case .personDetailsChanged(let payload): joined([person(payload.person), told(namesake: payload.namesake)])
        case .personDied(let payload): person(payload.person)
        case .disabilityAssessed(let payload):
            joined([
                person(payload.person), payload.kind.map(page.words.chinese), Grades.chinese(payload.grade),
                payload.validThrough.map { "有效期至 \($0)" },
            ])
        default: ""
        }
    }

    /// That somebody said that it is another person; why stands in the sealed part.
    private func told(namesake: Bool?) -> String? { namesake == true ? "同名同日另有其人" : nil }

    private func guardianDetail(_ event: HouseholdEvent) -> String {
        switch event {
        case .guardianNamed(let payload):
            joined([person(payload.person), page.words.chinese(payload.namedBy), page.words.chinese(payload.relation)])
        case .guardianConsented(let payload): person(payload.person)
        case .guardianNotarised(let payload): joined([person(payload.person), "公证书 \(payload.certificate)"])
        case .guardianEnded(let payload): joined([person(payload.person), page.words.chinese(payload.reason)])
        default: ""
        }
    }

    private func pairingDetail(_ event: HouseholdEvent) -> String {
        switch event {
        case .pairingAssigned(let payload):
            joined([page.words.chinese(payload.kind), helper(payload.helper.id), payload.helper.unit])
        case .pairingHandedOver(let payload):
            joined([
                page.words.chinese(payload.kind), "\(helper(payload.from)) → \(helper(payload.to.id))",
                page.words.chinese(payload.reason),
            ])
        case .pairingEnded(let payload):
            joined([page.words.chinese(payload.kind), helper(payload.helper), page.words.chinese(payload.reason)])
        default: ""
        }
    }

    private func decisionDetail(_ decided: AwardDecided) -> String {
        var earlier: EventReference?
        if case .revoked(let event) = decided.outcome { earlier = event }
        return joined([
            decided.outcome.chinese, earlier.map { "第 \($0.sequence) 条" }, decided.clause.rawValue,
            page.subject(decided.subject).text,
            decided.outcome.amount.map { "\($0)元" }, page.words.chinese(decided.reason),
        ])
    }

    private func careDetail(_ event: HouseholdEvent) -> String {
        switch event {
        case .visitRecorded(let payload):
            joined([page.words.visit(payload.kind), payload.holiday.map(page.words.chinese)])
        case .needRaised(let payload): "\(page.words.need(payload.kind)) \(payload.items)项"
        case .needAnswered(let payload):
            joined([payload.by.map(page.words.chinese), page.words.chinese(payload.outcome)])
        case .needClosed(let payload): page.words.chinese(payload.reason)
        case .planItemOpened(let payload):
            joined([payload.clause?.rawValue, page.words.chinese(payload.department)])
        case .planItemDone(let payload): "第 \(payload.item.sequence) 条"
        case .goodsHandedOut(let payload): handOutDetail(payload)
        case .awardDecided(let payload): decisionDetail(payload)
        case .dueDecided, .paymentOrdered, .paymentConcluded: paymentDetail(event)
        case .application(let event):
            event.text(word: { page.words.applicationWord($0, for: nil) }, subject: { page.subject($0).text })
        case .determinationMade(let payload):
            joined([
                payload.clause.rawValue, page.words.title(payload.clause), page.subject(payload.subject).text,
                // What an employer bears waits for nobody's decision.
                payload.isBorneByOthers ? nil : Differences.chinese(of: payload),
            ])
        case .noticeRaised(let payload):
            joined(
                [page.kind(of: payload).chinese] + payload.persons.map(helper) + payload.details.map { page.text($0) })
        case .noticeDelivered(let payload):
            joined([page.words.chinese(payload.channel), payload.outcome.chinese])
        default: ""
        }
    }
}

extension HistoryFold {
    /// BS-3.2 2021 洗衣液×2，有签收单
    fileprivate func handOutDetail(_ handed: GoodsHandedOut) -> String {
        let goods: [String?] = handed.items.map { "\(page.words.chinese($0.goods))×\($0.count)" }
        let receipt: String =
            switch handed.receipt {
            case .slip: "有签收单"
            case .none(let reason): "无签收单：\(page.words.chinese(reason))"
            }
        let taker = handed.relation.map(page.words.chinese)
        return joined([handed.clause.rawValue, handed.period.rawValue] + goods + [taker, receipt])
    }

    fileprivate func paymentDetail(_ event: HouseholdEvent) -> String {
        switch event {
        case .dueDecided(let decided):
            return joined([
                decided.kind == .arrears ? "应补" : "多发", decided.clause.rawValue, decided.division?.rawValue,
                decided.months.isEmpty ? nil : decided.monthTexts.joined(separator: "、"),
                decided.isCarriedOut ? (decided.kind == .arrears ? "补发" : "追回") : "不再办理",
                page.words.chinese(decided.reason),
            ])
        case .paymentOrdered(let ordered):
            let total = ordered.lines.reduce(Fen.zero) { $0 + $1.amount }
            let lines = ordered.lines.map { line in
                let months = line.first == line.last ? "\(line.first)" : "\(line.first)…\(line.last)"
                return "\(line.clause) \(months) \(line.amount)元"
            }
            return joined(["共 \(total)元"] + lines)
        case .paymentConcluded(let concluded):
            let order = page.household.payments.orders.first { $0.reference == concluded.order }
            let isBack = order?.ordered.kind == .recovery
            let word = isBack ? concluded.outcome.chineseOfRecovery : concluded.outcome.chinese
            return joined(["第 \(concluded.order.sequence) 条", word, concluded.reason?.rawValue])
        default: return ""
        }
    }
}

/// Grades of disability in words.
enum Grades {
    /// 三级, or 无残疾 for 0.
    static func chinese(_ grade: Int) -> String {
        let digits = ["无残疾", "一级", "二级", "三级", "四级"]
        return digits.indices.contains(grade) ? digits[grade] : "\(grade)级"
    }
}

/// Differences between determinations in words.
enum Differences {
    /// 应补 600.00元, 多发 300.00元, or nil for none.
    static func chinese(_ difference: Fen) -> String? {
        if difference == .zero { return nil }
        return difference > .zero ? "应补 \(difference)元" : "多发 \(-difference)元"
    }

    /// The same of what a determination changed. What became less is no over-payment where some of its days are open, for want of
    /// a fact or a decision.
    static func chinese(of made: DeterminationMade) -> String? {
        let difference = made.difference
        return made.isOpenSomewhere && difference < .zero
            ? "减少 \(-difference)元（有待定的月份，未必多发）" : chinese(difference)
    }
}

extension HouseholdEvent {
    /// What the event is called on the page: 建档, 结对 …
    package var chineseTitle: String {
        switch self {
        case .registered: "建档"
        case .moved: "迁移"
        case .closed: "销档"
        case .registeredInError: "误登"
        case .merged: "并户"
        case .split: "分户"
        case .commandAbandoned: "放弃命令"
        case .personJoined: "成员加入"
        case .personLeft: "成员离户"
        case .personDetailsChanged: "成员信息变更"
        case .personDied: "死亡"
        case .childBorn: "生育"
        case .childAdopted: "收养"
        case .disabilityAssessed: "残疾评定"
        case .factStated: "事实陈述"
        case .incidentReported: "突发事件"
        case .guardianNamed: "指定监护人"
        case .guardianConsented: "本人同意监护"
        case .guardianNotarised: "监护公证"
        case .guardianEnded: "监护终止"
        case .pairingAssigned: "结对"
        case .pairingHandedOver: "结对交接"
        case .pairingEnded: "结对结束"
        case .visitRecorded: "走访"
        case .needRaised: "需求提出"
        case .needAnswered: "需求答复"
        case .needClosed: "需求办结"
        case .planItemOpened: "帮扶计划项"
        case .planItemDone: "帮扶计划项完成"
        case .goodsHandedOut: "实物发放"
        case .awardDecided: "待遇决定"
        case .dueDecided: "应补多发决定"
        case .paymentOrdered: "列入发放"
        case .paymentConcluded: "发放结果"
        case .application(let event): event.chineseTitle
        case .withdrawn: "撤回"
        case .determinationMade: "认定结果"
        case .noticeRaised: "提醒"
        case .noticeDelivered: "提醒送达"
        }
    }
}
