import CareDomain

/// Where the items of a pack stand in its file.
package struct PackPlaces: Sendable {
    /// A line and a column, both from 1.
    package struct Place: Hashable, Sendable {
        package let line: Int
        package let column: Int
    }

    private let places: [[String]: Place]
    /// Texts, by their paths.
    private let texts: [[String]: YAMLValue]
    private let source: String
    /// Where tags of YAML's own stand.
    let tagged: [Place]

    /// Reads the places of a file; none when it cannot be read.
    package init(bytes: [UInt8], name: String) {
        var places: [[String]: Place] = [:]
        var texts: [[String]: YAMLValue] = [:]
        let read = try? YAMLValue.read(bytes, file: name)
        let root = read?.root
        if let root { Self.collect(root, [], &places, &texts) }
        self.places = places
        self.texts = texts
        source = read?.source ?? ""
        tagged = root?.tagged.map { Place(line: $0.line, column: $0.column) } ?? []
    }

    /// The place of what a path leads to: keys of mappings, and in lists the `clause` or `id` of the item or its number from 0.
    /// Where the end of the path is not written, the place of what holds it.
    package func place(_ path: [String]) -> Place? {
        var path = path
        while !path.isEmpty {
            if let place = places[path] { return place }
            path.removeLast()
        }
        return places[[]]
    }

    /// The place of a byte of the text that a path leads to; of what holds it where no text is written there.
    func place(_ path: [String], offset: Int) -> Place? {
        guard let text = texts[path] else { return place(path) }
        let (line, column) = SourceLines(source).place(of: offset, in: text)
        return Place(line: line, column: column)
    }

    /// Whether something is written at the end of a path.
    func has(_ path: [String]) -> Bool { places[path] != nil }

    private static func collect(
        _ value: YAMLValue, _ path: [String], _ places: inout [[String]: Place],
        _ texts: inout [[String]: YAMLValue]
    ) {
        if places[path] == nil {
            places[path] = Place(line: value.line, column: value.column)
            if value.text != nil { texts[path] = value }
        }
        switch value.kind {
        case .scalar: break
        case .mapping(let entries):
            for (key, content) in entries {
                if let name = key.text { collect(content, path + [name], &places, &texts) }
            }
        case .sequence(let items):
            for (index, item) in items.enumerated() {
                collect(item, path + [name(of: item) ?? "\(index)"], &places, &texts)
            }
        }
    }

    private static func name(of item: YAMLValue) -> String? {
        guard case .mapping(let entries) = item.kind else { return nil }
        return entries.first { $0.key.text == "clause" || $0.key.text == "id" }?.value.text
    }
}
