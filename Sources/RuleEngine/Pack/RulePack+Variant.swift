import CareDomain

extension RulePack {
    /// The pack as it would be without some of its differences from another version: what tells whether they bring an answer
    /// about.
    /// - Returns: nil where the pack cannot be read without them.
    package func takingBack(_ changes: [PackDifference.Change], to old: RulePack) -> RulePack? {
        guard var own = try? YAMLValue.read(bytes, file: "").root,
            let other = try? YAMLValue.read(old.bytes, file: "").root
        else { return nil }
        // Another version than this one, by its hash as well.
        var name = bytes
        for change in changes {
            guard let path = change.path else { return nil }
            own = own.setting(path, to: other.entry(path))
            name += Array("\n# - \(change.part.rawValue) \(change.id) \(change.field)".utf8)
        }
        let reader = PackReader(DocumentReader(file: "", source: ""))
        let pack = reader.pack(own, bytes: name)
        return reader.document.issues.isEmpty ? pack : nil
    }
}

extension PackDifference.Change {
    /// Where what differs stands in the file, as `PackPlaces` names it: what is taken back together. nil where no one place
    /// holds it.
    package var path: [String]? {
        switch part {
        case .rule: ["rules", id] + fieldPath
        case .definition: ["definitions", id]
        case .parameter: ["parameters", id]
        case .reading: ["readings", id]
        case .fact: ["facts", id]
        case .interaction: ["interactions", id]
        case .pack: ["valid_to", "territory"].contains(field) ? [field] : nil
        case .indexation, .declaration, .workflow: nil
        }
    }

    private var fieldPath: [String] {
        let words = field.split(separator: ".", maxSplits: 1).map(String.init)
        return switch words.first {
        case nil: []
        case "conditions", "warnings": words
        case "hours", "hourly_rate", "delivered": ["amount"]
        case "title": ["zh"]
        case let first?: [first]
        }
    }
}

extension YAMLValue {
    /// A key and what it leads to, or an item of a list, which has no key.
    fileprivate typealias Entry = (key: YAMLValue?, value: YAMLValue)

    /// What a path leads to: keys of mappings, and in lists the `clause` or `id` of the item.
    fileprivate func entry(_ path: [String]) -> Entry? {
        guard let name = path.first, let found = child(name) else { return nil }
        return path.count == 1 ? found : found.value.entry(Array(path.dropFirst()))
    }

    private func child(_ name: String) -> Entry? {
        switch kind {
        case .scalar: nil
        case .mapping(let entries): entries.first { $0.key.text == name }.map { ($0.key, $0.value) }
        case .sequence(let items): items.first { $0.name == name }.map { (nil, $0) }
        }
    }

    /// The same with another entry at the end of a path; nil takes the one there away.
    fileprivate func setting(_ path: [String], to entry: Entry?) -> YAMLValue {
        guard let name = path.first else { return self }
        let new: Entry? =
            path.count == 1
            ? entry
            : child(name).map { ($0.key, $0.value.setting(Array(path.dropFirst()), to: entry)) }
        switch kind {
        case .scalar: return self
        case .mapping(var entries):
            let place = entries.firstIndex { $0.key.text == name }
            if let place {
                if let new { entries[place].value = new.value } else { entries.remove(at: place) }
            } else if let new, let key = new.key {
                entries.append((key, new.value))
            }
            return YAMLValue(kind: .mapping(entries), line: line, column: column)
        case .sequence(var items):
            let place = items.firstIndex { $0.name == name }
            if let place {
                if let new { items[place] = new.value } else { items.remove(at: place) }
            } else if let new {
                items.append(new.value)
            }
            return YAMLValue(kind: .sequence(items), line: line, column: column)
        }
    }

    /// The `clause` or `id` of an item.
    private var name: String? {
        guard case .mapping(let entries) = kind else { return nil }
        return entries.first { $0.key.text == "clause" || $0.key.text == "id" }?.value.text
    }
}
