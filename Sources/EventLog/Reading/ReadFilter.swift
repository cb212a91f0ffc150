/// Which events a reader wants. What is filtered out still moves the cursor.
package struct ReadFilter: Sendable, Hashable {
    /// Everything.
    package static let all = ReadFilter()

    /// Wanted event types; nil for all.
    package let kinds: Set<UInt32>?
    /// Wanted categories of streams; nil for all.
    package let categories: Set<StreamCategory>?
    private let categoryBits: UInt32

    /// A filter by type and category; both must match.
    package init(kinds: Set<UInt32>? = nil, categories: Set<StreamCategory>? = nil) {
        self.kinds = kinds
        self.categories = categories
        categoryBits = categories.map { $0.reduce(0) { $0 | $1.bit } } ?? .max
    }

    /// Whether events of this type pass.
    package func wants(kind: UInt32) -> Bool { kinds?.contains(kind) ?? true }

    /// Whether streams with this name pass.
    package func wants(streamNamed name: UnsafeRawBufferPointer) -> Bool {
        guard categoryBits != .max else { return true }
        guard let category = StreamCategory(ofName: name) else { return false }
        return categoryBits & category.bit != 0
    }
}
