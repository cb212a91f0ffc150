import CareDomain

extension FactsFile.Entry {
    /// Takes in from which other entry persons came: `{subject, on, recorded, learned}`. Persons of the same name are the same.
    mutating func takeOver(from item: YAMLValue, among entries: [FactsFile.Entry], _ reader: FactsReader) {
        let document = reader.document
        guard
            let fields = document.fields(item, required: ["subject", "on"], optional: ["recorded", "learned"]),
            let other = document.text(fields["subject"]), let day = document.day(fields["on"])
        else { return }
        guard let place = entries.firstIndex(where: { $0.name == other }), other != name,
            entries[place].facts.root == .household, facts.root == .household
        else {
            let families = entries.filter { $0.name != name && $0.facts.root == .household }.map(\.name)
            return document.note(
                fields["subject"] ?? item, "scenario.came_from",
                Wording("\(other) 不是文件中的另一户", "\(other) is no other family of the file"),
                families.isEmpty
                    ? Wording("先写出迁出的那一户", "write the family that was left")
                    : Wording(
                        "可用：\(families.joined(separator: "、"))", "there are: \(families.joined(separator: ", "))"))
        }
        let source = Self.file(place)
        let learned = document.day(fields["learned"])
        let recorded = document.day(fields["recorded"]) ?? learned ?? day
        facts.arrivals.append(
            FileArrival(source: source, day: day, recordedAt: FactsReader.startOfDay(recorded), learnedOn: learned))
        facts.others[source] = entries[place].renamed(as: names, place: place)
    }

    /// The id that the file of the entry at this place has for those that came from it.
    static func file(_ place: Int) -> HouseholdID { HouseholdID(Identifier128(high: 0, low: UInt64(place + 1))) }

    /// The facts with the persons called as another entry calls those of the same names.
    private func renamed(as others: [String: RuleSubject], place: Int) -> FactBase {
        var subjects: [RuleSubject: RuleSubject] = [:]
        for (index, name) in names.keys.sorted().enumerated() {
            guard let own = names[name], case .person = own else { continue }
            let same = others[name].flatMap { if case .person = $0 { $0 } else { nil } }
            let nobodyHere = PersonID(Identifier128(high: UInt64(place + 1), low: UInt64(index + 1)))
            subjects[own] = same ?? .person(nobodyHere)
        }
        var renamed = facts
        for index in renamed.statements.indices {
            let subject = renamed.statements[index].subject
            renamed.statements[index].subject = subjects[subject] ?? subject
        }
        for index in renamed.awards.indices {
            let subject = renamed.awards[index].subject
            renamed.awards[index].subject = subjects[subject] ?? subject
        }
        return renamed
    }
}
