import CareDomain

extension PackReader {
    /// A derived fact before it is checked.
    private struct Draft {
        let id: FactID
        let subject: EntityKind
        let title: Wording
        let place: YAMLValue
        /// Source texts joined by `&&`, each with its place.
        let parts: [(place: YAMLValue, tree: Syntax, source: String)]
        /// A rule's conditions are checked with the rule and must be bool.
        let isRule: Bool
    }

    /// Longest chain of derived facts that use one another.
    private static let longestChain = 12

    /// Reads derived facts from `definitions` and from rules that define one, and checks them in the order of use.
    func readDefinitions(_ items: [YAMLValue], rules: [YAMLValue]) {
        let drafts = items.compactMap(draft) + rules.compactMap(ruleDraft)
        let names = drafts.map(\.id)
        scope.declared = Set((items.compactMap(declared) + names).filter { scope.vocabulary.index(of: $0) == nil })
        for (index, draft) in drafts.enumerated() {
            if names[..<index].contains(draft.id) || scope.vocabulary.index(of: draft.id) != nil {
                document.note(
                    draft.place, "pack.repeated", Wording("\(draft.id) 重复", "\(draft.id) stands twice"),
                    Wording("换一个名字", "use another name"))
                return
            }
        }
        var heights: [FactID: Int] = [:]
        var open = drafts
        while !open.isEmpty {
            let pending = Set(open.map(\.id))
            guard let next = open.firstIndex(where: { uses(of: $0, among: pending).isEmpty }) else {
                let chain = open.map(\.id.rawValue).joined(separator: " → ")
                document.note(
                    open[0].place, "pack.cycle",
                    Wording("推导事实互相引用：\(chain)", "derived facts use one another in a circle: \(chain)"),
                    Wording("拆开循环", "break the circle"))
                return
            }
            let draft = open.remove(at: next)
            let height = 1 + (uses(of: draft, among: Set(heights.keys)).map { heights[$0] ?? 0 }.max() ?? 0)
            heights[draft.id] = height
            if height > Self.longestChain {
                document.note(
                    draft.place, "expression.too_large",
                    Wording("推导事实的引用链太长", "the chain of derived facts is too long"),
                    Wording("减少层次", "use fewer levels"))
                return
            }
            check(draft)
        }
    }

    /// The name of a derived fact, also of one that cannot be read.
    private func declared(_ item: YAMLValue) -> FactID? {
        guard case .mapping(let entries) = item.kind else { return nil }
        return entries.first { $0.key.text == "id" }?.value.text.flatMap { FactID($0) }
    }

    private func draft(_ item: YAMLValue) -> Draft? {
        guard let fields = document.fields(item, required: ["id", "zh", "en", "expr"]),
            let (id, subject) = name(fields["id"]), let title = document.wording(fields),
            let part = part(fields["expr"]!)
        else { return nil }
        return Draft(id: id, subject: subject, title: title, place: item, parts: [part], isRule: false)
    }

    private func ruleDraft(_ item: YAMLValue) -> Draft? {
        guard case .mapping(let entries) = item.kind else { return nil }
        func entry(_ name: String) -> YAMLValue? { entries.first { $0.key.text == name }?.value }
        guard let defines = entry("defines"), let (id, subject) = name(defines) else { return nil }
        var parts: [(YAMLValue, Syntax, String)] = []
        for condition in document.items(entry("conditions")) {
            guard case .mapping(let fields) = condition.kind,
                let text = fields.first(where: { $0.key.text == "expr" })?.value, let part = part(text)
            else { continue }
            parts.append(part)
        }
        let title = Wording(entry("zh")?.text ?? id.rawValue, entry("en")?.text ?? id.rawValue)
        return Draft(id: id, subject: subject, title: title, place: defines, parts: parts, isRule: true)
    }

    private func name(_ value: YAMLValue?) -> (FactID, EntityKind)? {
        document.parsed(value, Wording("household.… 或 person.… 的事实代码", "a fact code household.… or person.…")) { text in
            guard let id = FactID(text), let kind = EntityKind(rawValue: String(text.prefix { $0 != "." })) else {
                return nil
            }
            return (id, kind)
        }
    }

    private func part(_ value: YAMLValue) -> (YAMLValue, Syntax, String)? {
        guard let text = document.text(value) else { return nil }
        do throws(ExpressionIssue) {
            return (value, try Parser.parse(text), text)
        } catch {
            document.note(error, in: value)
            return nil
        }
    }

    private func uses(of draft: Draft, among names: Set<FactID>) -> Set<FactID> {
        var found: Set<FactID> = []
        for part in draft.parts { part.tree.collectFields(subject: draft.subject, into: &found) }
        return found.intersection(names)
    }

    private func check(_ draft: Draft) {
        var scope = scope
        scope.subject = draft.subject
        var failed = false
        for part in draft.parts {
            do throws(ExpressionIssue) {
                _ = try Checker.check(part.tree, source: part.source, in: scope, expected: draft.isRule ? .bool : nil)
            } catch {
                // A rule's conditions are noted once, when the rule itself is read.
                if !draft.isRule { document.note(error, in: part.place) }
                failed = true
            }
        }
        guard !failed, let first = draft.parts.first else { return }
        let tree = draft.parts.dropFirst().reduce(first.tree) { Syntax(.call("&&", [$0, $1.tree]), offset: 0) }
        let source = draft.parts.map { "(\($0.source))" }.joined(separator: " && ")
        do throws(ExpressionIssue) {
            let expression = try Checker.check(
                tree, source: draft.parts.count == 1 ? first.source : source, in: scope)
            definitions.append(Definition(id: draft.id, title: draft.title, expression: expression, rule: nil))
            self.scope.derived.append(
                CheckScope.Derived(
                    id: draft.id, subject: draft.subject, type: expression.type, cost: expression.cost))
        } catch {
            // Every part is in order, so it is the whole that is too large.
            document.note(error, in: draft.place)
        }
    }
}

extension Syntax {
    /// Facts that the fields read in this tree may name. Which kind of entity a macro variable is, is not known before
    /// checking, so a field of one counts for persons and incidents both.
    fileprivate func collectFields(subject: EntityKind, into found: inout Set<FactID>) {
        switch kind {
        case .literal, .identifier: break
        case .select(let operand, let field), .has(let operand, let field):
            let kinds: [EntityKind] =
                if case .identifier("readings") = operand.kind {
                    []
                } else if case .identifier(let name) = operand.kind, let kind = EntityKind(rawValue: name),
                    kind.root == kind
                {
                    [kind]
                } else if case .identifier("subject") = operand.kind {
                    [subject]
                } else if case .identifier("self") = operand.kind {
                    [subject]
                } else {
                    [.person, .incident]
                }
            for kind in kinds { found.insert(FactID(unchecked: "\(kind.rawValue).\(field)")) }
            operand.collectFields(subject: subject, into: &found)
        default: for child in children { child.collectFields(subject: subject, into: &found) }
        }
    }
}
