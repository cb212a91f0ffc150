import CareDomain
import CaseImport

extension InventedHistory {
    private static let needKinds = [
        "need_visit", "need_housekeeping", "need_farming", "need_serious_illness", "need_psychological", "need_errands",
        "need_checkup", "need_other",
    ]

    /// Visits of every year: most feasts, now and then without occasion, and the yearly needs form.
    mutating func visit() {
        for year in family.registeredOn.year...days.last.year {
            for (code, percent) in [
                ("spring_festival", 85), ("dragon_boat", 30), ("mid_autumn", 55), ("double_ninth", 40),
            ] {
                guard random.chance(percent) else { continue }
                guard let feast = Festival.named(Code(unchecked: code))?.day(year: year) else { continue }
                visit(kind: "holiday", holiday: code, on: feast - Int32(random.number(0...6)))
            }
            if random.chance(60),
                let day = CivilDay(year: year, month: random.number(3...12), day: random.number(1...28))
            {
                visit(kind: "routine", on: day)
            }
            if random.chance(40), let day = CivilDay(year: year, month: 7, day: random.number(1...31)) {
                visit(kind: "needs", on: day)
            }
        }
    }

    private mutating func visit(kind: String, holiday: String? = nil, on day: CivilDay) {
        let isAlone = family.parents(on: day).isEmpty && !family.child.isAlive(on: day)
        guard day > family.registeredOn, day <= days.last, !isAlone else { return }
        let slot = HelperPosts.slots[random.number(1...3)]
        let post = random.number(0...(slot.posts - 1))
        let visitor = posts.holders(place: family.place, slot: slot, post: post).last { $0.from <= day }
        var record = VisitRecorded(
            kind: Code(unchecked: kind), holiday: holiday.map { Code(unchecked: $0) }, visitor: visitor?.helper.id)
        if let visitor {
            record.sealed = [
                SealedPart(subject: visitor.helper.id, details: PersonalDetails(name: visitor.details.name))
            ]
        }
        if kind == "needs" { fillForm(&record, on: day) }
        let needs = needs(percent: kind == "needs" ? 70 : 12, on: day)
        let reported = day + lag()
        let visit = RecordVisit(visit: record, needs: needs)
        guard let noted = note(.recordVisit(visit), on: day, reportedOn: reported) else { return }
        for place in needs.indices {
            follow(need: EventSource(command: noted.command, place: place + 1), from: noted.reportedOn)
        }
        if needs.isEmpty, random.rare(6) { recordTwice(visit, on: day, after: noted.reportedOn) }
    }

    private mutating func fillForm(_ record: inout VisitRecorded, on day: CivilDay) {
        record.form = Code(unchecked: "needs-2021")
        func answer(_ field: String, _ value: FactValue) -> FormAnswer {
            FormAnswer(field: Code(unchecked: field), value: value)
        }
        let size = family.parents(on: day).count + (family.child.isAlive(on: day) ? 1 : 0)
        record.answers = [
            answer("family_size", .int(Int64(size))),
            answer("family_type", Self.code(family.child.isAlive(on: day) ? "disabled_child" : "bereaved")),
            answer("has_pension", .bool(random.chance(45))),
            answer("has_medical_insurance", .bool(random.chance(97))),
            answer("has_special_assistance", .bool(random.chance(80))),
            answer("joined_free_checkup", .bool(random.chance(65))),
        ]
    }

    private mutating func needs(percent: Int, on day: CivilDay) -> [NeedRaised] {
        guard random.chance(percent) else { return [] }
        var needs: [NeedRaised] = []
        for _ in 0..<random.number(1...3) {
            let kind = Code(unchecked: random.pick(Self.needKinds))
            guard !needs.contains(where: { $0.kind == kind }) else { continue }
            let text = PersonalDetails(text: random.pick(["希望有人陪同就医", "农忙时缺人手", "想找人说说话", "家中老人需要照料"]))
            needs.append(
                NeedRaised(
                    kind: kind, items: random.number(1...2),
                    sealed: [SealedPart(subject: speaker(on: day), details: text)]))
        }
        return needs
    }

    private mutating func follow(need: EventSource, from day: CivilDay) {
        guard random.chance(90) else { return }
        let outcomes = ["on_the_spot", "relayed", "in_progress", "not_possible"]
        let answered = NeedAnswered(
            need: EventReference(sequence: 0),
            by: DepartmentID(unchecked: random.pick(["dept.civil_affairs", "dept.fp"])),
            outcome: Code(unchecked: random.pick(outcomes)))
        let answerDay = day + Int32(random.number(1...40))
        guard note(.answerNeed(answered), on: answerDay, sources: [.need: need]) != nil else { return }
        guard random.chance(85) else { return }
        let closed = NeedClosed(need: EventReference(sequence: 0), reason: Code(unchecked: "settled"))
        note(.closeNeed(closed), on: answerDay + Int32(random.number(0...80)), sources: [.need: need])
    }

    /// Two colleagues typed the same visit; one of the two records is taken back.
    private mutating func recordTwice(_ visit: RecordVisit, on day: CivilDay, after reported: CivilDay) {
        guard let again = note(.recordVisit(visit), on: day, reportedOn: reported + 3) else { return }
        let correction = Correction(corrects: EventReference(sequence: 0), reason: Code(unchecked: "duplicate"))
        note(
            .withdraw, on: day, reportedOn: again.reportedOn + 20, correction: correction,
            sources: [.corrects: EventSource(command: again.command)])
    }
}
