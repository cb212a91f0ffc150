import CareDomain

/// 指标数据: who states a figure of a city or a village, and what it cannot exceed, as a pack declares it.
package struct FigureDefinition: Hashable, Sendable {
    package let fact: FactID
    /// The clause that reads it, or whose words say whose it is.
    package let clause: ClauseID
    /// The departments that may state it; nil = the document names nobody, and anybody may.
    package let statedBy: [DepartmentID]?
    /// The figure of which it is a part; nil = of none.
    package let whole: FactID?
    /// More than that it cannot be, in its own unit; nil = it has no bound.
    package let most: Int64?
}

extension PackReader {
    /// `figures`.
    func figures(_ value: YAMLValue?) -> [FigureDefinition] {
        var seen: Set<FactID> = []
        return document.items(value).flatMap { item -> [FigureDefinition] in
            guard
                let fields = document.fields(
                    item, required: ["clause", "facts"], optional: ["stated_by", "parts", "most"]),
                let clause = document.parsed(fields["clause"], Wording("条款编号", "a clause number"), { ClauseID($0) })
            else { return [] }
            let owners = fields["stated_by"].map { document.items($0).compactMap(knownDepartment) }
            let facts = document.items(fields["facts"]).compactMap { place -> FactID? in
                guard let fact = figure(place) else { return nil }
                if seen.insert(fact).inserted { return fact }
                document.note(
                    place, "pack.repeated", Wording("\(fact) 重复", "\(fact) stands twice"),
                    Wording("删去一处", "remove one"))
                return nil
            }
            let wholes = bounds(fields["parts"], of: facts) { part, place in whole(of: part, place) }
            let limits = bounds(fields["most"], of: facts) { _, place in document.int(place, 0 ... .max) }
            return facts.map {
                FigureDefinition(
                    fact: $0, clause: clause, statedBy: owners, whole: wholes[$0], most: limits[$0])
            }
        }
    }

    /// A fact that offices state of a division.
    private func figure(_ value: YAMLValue) -> FactID? {
        document.parsed(value, Wording("市或村的事实", "a fact about a city or a village")) { text in
            FactID(text).flatMap { scope.vocabulary[$0] }.flatMap { $0.isFigure ? $0.id : nil }
        }
    }

    /// What is written beside some of the facts of an entry.
    private func bounds<Bound>(
        _ value: YAMLValue?, of facts: [FactID], _ read: (FactID, YAMLValue) -> Bound?
    ) -> [FactID: Bound] {
        var found: [FactID: Bound] = [:]
        for (key, content) in document.entries(value) {
            let named = document.parsed(key, Wording("本项 facts 中的事实", "one of the entry's facts")) { text in
                facts.first { $0.rawValue == text }
            }
            if let named { found[named] = read(named, content) }
        }
        return found
    }

    /// What a part is a part of: counted or measured alike, and of the same kind of division.
    private func whole(of part: FactID, _ value: YAMLValue) -> FactID? {
        document.parsed(value, Wording("同类、同形式的另一事实", "another fact of the same kind and form")) { text in
            guard let part = scope.vocabulary[part], let whole = FactID(text).flatMap({ scope.vocabulary[$0] }),
                whole.isFigure, whole.id != part.id, whole.subject == part.subject, whole.type.isMeasured,
                whole.type.name == part.type.name
            else { return nil }
            return whole.id
        }
    }
}

extension FactDefinition {
    /// Whether offices state it of a division: a fact about a city or a village. Where that is, its own code says.
    package var isFigure: Bool { (subject == .city || subject == .village) && type != .division }

    /// Whether it is stated in the book of the division: what is about a village in the village's own, what is about a city in
    /// those of cities and counties.
    package func isStated(in division: DivisionCode) -> Bool {
        switch division.administrativeLevel {
        case .village: subject == .village
        case .township: false
        default: subject == .city
        }
    }
}

extension FactType {
    /// Whether its values are more or less than one another.
    fileprivate var isMeasured: Bool {
        switch self {
        case .int, .decimal, .money: true
        default: false
        }
    }
}

extension RulePack {
    /// What the pack says of a figure; nil where it declares nothing of it.
    package func figure(_ fact: FactID) -> FigureDefinition? { figures.first { $0.fact == fact } }

    /// What a figure is a part of, the nearest first, each once.
    package func wholes(of fact: FactID) -> [FactID] {
        var found: [FactID] = []
        var next = figure(fact)?.whole
        while let whole = next, !found.contains(whole) {
            found.append(whole)
            next = figure(whole)?.whole
        }
        return found
    }

    /// The same as the duty book asks for it, with what the figures are called.
    func figureTerms(_ fact: FactID) -> FigureTerms? {
        guard let figure = figure(fact), let title = vocabulary[fact]?.title else { return nil }
        func named(_ id: FactID) -> FigureTerms.Named {
            let title = vocabulary[id]?.title ?? Wording(id.rawValue, id.rawValue)
            return FigureTerms.Named(fact: id, chinese: title.chinese, english: title.english)
        }
        return FigureTerms(
            figure: .init(fact: fact, chinese: title.chinese, english: title.english), clause: figure.clause,
            statedBy: figure.statedBy, wholes: wholes(of: fact).map(named),
            parts: figures.filter { wholes(of: $0.fact).contains(fact) }.map { named($0.fact) })
    }

    /// Who states what, and of what it is a part, as texts, for comparing two versions.
    var figureFields: [String: String] {
        var fields: [String: String] = [:]
        for figure in figures {
            let parts: [String?] = [
                figure.clause.rawValue, figure.statedBy?.map(\.rawValue).joined(separator: " ") ?? "*",
                figure.whole.map { "part of \($0)" }, figure.most.map { "most \($0)" },
            ]
            fields["figures.\(figure.fact)"] = parts.compactMap { $0 }.joined(separator: "; ")
        }
        return fields
    }
}

extension PackRegistry {
    /// Who states a figure and what it cannot exceed, as the newest published version for the division says.
    package func figureTerms(_ fact: FactID, of pack: PackID, in division: DivisionCode) -> FigureTerms? {
        periods(of: pack).map(\.version.pack).last { $0.isFor(division) && $0.vocabulary[fact] != nil }?
            .figureTerms(fact)
    }
}

extension PackLint {
    /// Figures of which the pack does not say whose they are, and clauses that it does not have. A pack that says it of none
    /// was written before that was asked, or has no figures.
    func figures() -> [Finding] {
        guard !pack.figures.isEmpty else { return [] }
        let silent = pack.vocabulary.facts.filter { $0.isFigure && pack.figure($0.id) == nil }.map { fact in
            Finding(
                code: "lint.figure_owner", about: fact.id.rawValue,
                problem: Wording("没有写由谁登记", "nobody is named who states it"),
                advice: Wording(
                    "写进 figures；文件没有指明的，不写 stated_by",
                    "put it into figures, without stated_by where nobody is named"),
                path: ["facts", fact.id.rawValue], isMistake: true)
        }
        let clauses = Set(pack.clauses.map(\.whole))
        let strange = pack.figures.filter { !clauses.contains($0.clause.whole) }.map { figure in
            Finding(
                code: "lint.figure_clause", about: figure.fact.rawValue,
                problem: Wording("本包没有条款 \(figure.clause)", "the pack has no clause \(figure.clause)"),
                advice: Wording("核对 clause", "check clause"), path: ["figures"], isMistake: true)
        }
        let circles = pack.figures.filter { pack.wholes(of: $0.fact).contains($0.fact) }.map { figure in
            Finding(
                code: "lint.figure_circle", about: figure.fact.rawValue,
                problem: Wording("它是自己的一部分", "it is a part of itself"),
                advice: Wording("改正 parts", "correct parts"), path: ["figures"], isMistake: true)
        }
        return silent + strange + circles
    }
}
