import CareDomain
import CareProjections
import GRDB

/// Which part of a list is wanted.
package struct ListPage: Sendable, Hashable {
    /// Most entries of one part.
    package static let largest = 1000
    /// How many entries, 1 to 1000.
    package var size: Int
    /// After the entry with this key; nil = from the beginning.
    package var after: Key?

    /// Place of an entry: household, then sequence and place within it, where a household has several.
    package struct Key: Sendable, Hashable {
        package var household: String
        package var sequence: Int64
        package var ordinal: Int64

        package init(household: String, sequence: Int64 = 0, ordinal: Int64 = 0) {
            self.household = household
            self.sequence = sequence
            self.ordinal = ordinal
        }

        /// `<household>.<sequence>.<ordinal>`
        package var text: String { "\(household).\(sequence).\(ordinal)" }

        /// Reads `text`; nil for anything else.
        package init?(text: String) {
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 3, HouseholdID(parts[0]) != nil, let sequence = Int64(parts[1]),
                let ordinal = Int64(parts[2])
            else { return nil }
            self.init(household: String(parts[0]), sequence: sequence, ordinal: ordinal)
        }
    }

    package init(size: Int = 100, after: Key? = nil) {
        self.size = min(max(1, size), Self.largest)
        self.after = after
    }

    /// The wanted part of a list of which all entries are at hand, in its order.
    func part<Entry: Sendable>(of entries: [Entry], household: (Entry) -> HouseholdID) -> ListPart<Entry> {
        let rest = after.map { after in entries.drop { household($0).description <= after.household } } ?? entries[...]
        let part = rest.prefix(size)
        let next = part.count < rest.count ? part.last.map { Key(household: household($0).description) } : nil
        return ListPart(entries: Array(part), total: entries.count, next: next)
    }

    /// A condition on `id` and the given columns that skips what came before.
    func condition(_ columns: [String]) -> String {
        guard after != nil else { return "1" }
        let names = ["id"] + columns
        let values = [":after_id", ":after_sequence", ":after_ordinal"].prefix(names.count)
        return "(\(names.joined(separator: ", "))) > (\(values.joined(separator: ", ")))"
    }

    func arguments(_ columns: [String]) -> [String: (any DatabaseValueConvertible)?] {
        // One more than wanted tells whether there is a next part.
        var arguments: [String: (any DatabaseValueConvertible)?] = ["limit": size + 1]
        if let after {
            arguments["after_id"] = after.household
            if columns.count > 0 { arguments["after_sequence"] = after.sequence }
            if columns.count > 1 { arguments["after_ordinal"] = after.ordinal }
        }
        return arguments
    }
}

/// Part of a list with its size as a whole.
package struct ListPart<Entry: Sendable>: Sendable {
    package var entries: [Entry]
    /// How many there are in all parts together.
    package var total: Int
    /// Key of the last entry, when more follow.
    package var next: ListPage.Key?
}
