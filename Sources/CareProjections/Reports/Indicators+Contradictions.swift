import CareDomain
import RuleEngine

extension Indicators {
    /// A figure that counted, with its statement; nil = it was counted.
    struct Told {
        let input: Input
        let figure: DutyBook.Figure?

        init(_ input: Input, _ figure: DutyBook.Figure?) {
            self.input = input
            self.figure = figure
        }

        /// Who says so, and where it stands.
        var source: Wording {
            guard let figure else { return Wording("档案计得", "counted from the records") }
            let number = figure.reference.sequence
            guard let department = figure.department else { return Wording("#\(number)", "#\(number)") }
            return Wording(
                "#\(number) \(KnownOffices.name(of: department))",
                "#\(number) \(KnownOffices.englishName(of: department))")
        }

        /// The figure with its value and source.
        var wording: Wording {
            let value = input.value.numberText
            return Wording(
                "\(input.title.chinese) \(value)（\(source.chinese)）",
                "\(input.title.english) \(value) (\(source.english))")
        }
    }

    /// A part that is more than its whole.
    struct Contradiction {
        let facts: Set<FactID>
        let wording: Wording

        init(_ part: Told, _ whole: Told) {
            facts = [part.input.fact, whole.input.fact]
            let (one, other) = (part.wording, whole.wording)
            wording = Wording(
                "数字矛盾：\(one.chinese)大于\(other.chinese)",
                "the figures contradict one another: \(one.english) is more than \(other.english)")
        }
    }

    /// Figures that cannot both be right, as the pack says what is a part of what. Of a village, figures of one period.
    static func contradictions(in told: [Told], _ version: RulePack, of root: EntityKind) -> [Contradiction] {
        told.flatMap { part in
            let wholes = version.wholes(of: part.input.fact)
            return told.compactMap { whole -> Contradiction? in
                guard wholes.contains(whole.input.fact), let number = part.input.value.magnitude,
                    let most = whole.input.value.magnitude, number > most,
                    root == .city || part.figure?.stated.period == whole.figure?.stated.period
                else { return nil }
                return Contradiction(part, whole)
            }
        }
    }
}

extension Indicators.Line {
    /// The same without a verdict where its clause reads figures that cannot both be right.
    func contradicted(by contradictions: [Indicators.Contradiction], _ version: RulePack) -> Self {
        guard !contradictions.isEmpty, state != .failed else { return self }
        let read = Set(version.reads(clause).facts.map { version.vocabulary.facts[$0].id })
        let own = contradictions.filter { !$0.facts.isDisjoint(with: read) }
        guard !own.isEmpty else { return self }
        return Self(
            clause: clause, title: title, state: .contradicted, measure: measure, unit: unit,
            reasons: own.map(\.wording))
    }
}
