/// A short stable code of lower-case letters, digits, `_`, `-` and `.`: the common check behind the code types here.
enum CodeText {
    static func isValid(_ text: some StringProtocol, maximumLength: Int = 64) -> Bool {
        var text = String(text)
        return text.withUTF8 { isValid($0, maximumLength) }
    }

    private static func isValid(_ bytes: UnsafeBufferPointer<UInt8>, _ maximumLength: Int) -> Bool {
        guard !bytes.isEmpty, bytes.count <= maximumLength else { return false }
        for byte in bytes {
            switch byte {
            case 97...122, 48...57, UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."): continue
            default: return false
            }
        }
        return true
    }
}

/// A code type: one validated string that means one thing and crosses borders only as itself.
package protocol CodeValue: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The code as written.
    var rawValue: String { get }
    /// Makes the code without checks; for values known to be valid.
    init(unchecked rawValue: String)
}

extension CodeValue {
    /// Makes a code of 1 to 64 lower-case letters, digits, `_`, `-`, `.`; `nil` for anything else.
    package init?(_ text: some StringProtocol) {
        guard CodeText.isValid(text) else { return nil }
        self.init(unchecked: String(text))
    }

    package var description: String { rawValue }
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A department or organisation kind of the catalogue, `dept.civil_affairs` or `org.township`.
package struct DepartmentID: CodeValue {
    package let rawValue: String
    package init(unchecked rawValue: String) { self.rawValue = rawValue }
}

/// A rule pack, `chenzhou-2014`.
package struct PackID: CodeValue {
    package let rawValue: String
    package init(unchecked rawValue: String) { self.rawValue = rawValue }
}

/// A fact of the vocabulary, `person.birth_date`, `household.dibao`.
package struct FactID: CodeValue {
    package let rawValue: String
    package init(unchecked rawValue: String) { self.rawValue = rawValue }
}

/// A kind of pairing slot; Chenzhou's four are `department`, `cadre`, `party_member`, `volunteer`. Data of the pack.
package struct PairingKind: CodeValue {
    package let rawValue: String
    package init(unchecked rawValue: String) { self.rawValue = rawValue }
}

/// A dated value that a deployment or a document sets, `cz.low_income_line`.
package struct ParameterID: CodeValue {
    package let rawValue: String
    package init(unchecked rawValue: String) { self.rawValue = rawValue }
}

/// A code that a pack or a form defines and the domain only carries: reason, need, visit form, incident kind, holiday.
package struct Code: CodeValue {
    package let rawValue: String
    package init(unchecked rawValue: String) { self.rawValue = rawValue }
}
