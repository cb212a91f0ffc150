import CareDomain

extension PackDifference {
    /// Everything that two versions say differently, their ``changes`` and what only their files tell, in the order of the parts; then by
    /// id and field.
    package static func all(from old: RulePack, to new: RulePack) -> [Change] {
        let changes = PackDifference(from: old, to: new).changes
        let places = Dictionary(uniqueKeysWithValues: Part.allCases.enumerated().map { ($1, $0) })
        func key(_ change: Change) -> (Int, String, String) { (places[change.part] ?? 0, change.id, change.field) }
        return (changes + others(from: old, to: new, beside: changes)).sorted { key($0) < key($1) }
    }

    /// What the files say differently and no change tells: texts of conditions and choices, evidence, scores, numbers of photos, English
    /// words, and whatever a later program adds. Found in the files themselves, so that nothing that differs can be left out.
    ///
    /// None of it changes an answer that is computed today, so none is a cause of what a replay finds.
    /// - Parameter changes: those told already.
    private static func others(from old: RulePack, to new: RulePack, beside changes: [Change]) -> [Change] {
        guard old.bytes != new.bytes, let before = try? YAMLValue.read(old.bytes, file: "").root,
            let after = try? YAMLValue.read(new.bytes, file: "").root
        else { return [] }
        let (one, two) = (before.scalars, after.scalars)
        return Set(one.keys).union(two.keys).sorted { $0.lexicographicallyPrecedes($1) }.compactMap { path in
            guard one[path] != two[path] else { return nil }
            let place = Place(path, in: new)
            guard !changes.contains(where: place.isTold) else { return nil }
            return Change(
                part: place.part, id: place.id, field: place.field.joined(separator: "."), before: one[path],
                after: two[path])
        }
    }

    /// Of which item a text of a file is which field.
    private struct Place {
        let part: Part
        let id: String
        let field: [String]

        init(_ path: [String], in pack: RulePack) {
            let parts: [String: Part] = [
                "facts": .fact, "parameters": .parameter, "readings": .reading, "definitions": .definition,
                "rules": .rule, "interactions": .interaction, "indexations": .indexation,
                "declarations": .declaration, "applications": .workflow,
            ]
            if let part = path.first.flatMap({ parts[$0] }), path.count > 2 {
                (self.part, id, field) = (part, path[1], Array(path.dropFirst(2)))
            } else if path.first == "guidance", let guidance = pack.guidance {
                (part, id, field) = (.declaration, guidance.clause.rawValue, Array(path.dropFirst()))
            } else {
                (part, id, field) = (.pack, pack.id.rawValue, path)
            }
        }

        /// Whether a change is about the same field; words beside what is computed are told by no change but that of the title.
        func isTold(by change: Change) -> Bool {
            guard change.part == part, change.id == id else { return false }
            guard !change.field.isEmpty else { return true }
            guard let first = field.first, let last = field.last else { return true }
            let isWords = last.hasSuffix("zh") || last.hasSuffix("en")
            return change.heads.contains(first) && (field.count == 1 || !isWords)
        }
    }
}

extension PackDifference.Change {
    /// Keys of the item in the file of which the field is made.
    fileprivate var heads: Set<String> {
        let head = String(field.prefix { $0 != "." && $0 != "[" && $0 != " " })
        return switch head {
        case "title": ["zh"]
        case "value": ["values"]
        case "hours", "hourly_rate", "delivered": ["amount"]
        case "issuer", "dated": ["document"]
        default: [head]
        }
    }
}

extension YAMLValue {
    /// Every text by the keys that lead to it, in lists by the `clause` or `id` of the item or its number from 0; a list of nothing but
    /// texts is one text.
    var scalars: [[String]: String] {
        var found: [[String]: String] = [:]
        collect([], &found)
        return found
    }

    private func collect(_ path: [String], _ found: inout [[String]: String]) {
        switch kind {
        case .scalar(let text): found[path] = text
        case .mapping(let entries):
            for (key, value) in entries { value.collect(path + [key.text ?? ""], &found) }
            if entries.isEmpty { found[path] = "{}" }
        case .sequence(let items):
            let texts = items.compactMap(\.text)
            guard texts.count < items.count else {
                found[path] = texts.joined(separator: ", ")
                return
            }
            var names: Set<String> = []
            for (index, item) in items.enumerated() {
                let name = item.name.flatMap { names.insert($0).inserted ? $0 : nil } ?? "\(index)"
                item.collect(path + [name], &found)
            }
        }
    }

    private var name: String? {
        guard case .mapping(let entries) = kind else { return nil }
        return entries.first { $0.key.text == "clause" || $0.key.text == "id" }?.value.text
    }
}
