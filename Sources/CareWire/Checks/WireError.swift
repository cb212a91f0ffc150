/// Bytes or values that the wire contract does not allow: which field, and what is wrong with it.
///
/// Never carries a value of the message, so it may be logged. Sending the same bytes again gives the same error.
package struct WireError: Error, Hashable, Sendable {
    /// Stable numbers; users and programs may rely on them.
    package enum Code: Int, Hashable, Sendable, CaseIterable {
        /// Not a message of this kind at all.
        case malformed = 1001
        /// An event type this version does not know.
        case unknownKind = 1002
        /// A payload version this version does not know.
        case unsupportedVersion = 1003
        /// A field that must be set is not, or is empty.
        case missing = 1004
        /// Not the fixed number of bytes; `limit` says how many.
        case wrongLength = 1005
        /// Longer than allowed; `limit` in bytes.
        case tooLong = 1006
        /// More elements than allowed; `limit` says how many.
        case tooMany = 1007
        /// Not a code, division or clause of the right form.
        case invalidCode = 1008
        /// A number of an enumeration that this version does not know.
        case unknownEnum = 1009
        /// A number or day outside of its range.
        case outOfRange = 1010
        /// A sealed part that was not open to the writer cannot be written.
        case unreadablePart = 1011
        /// The same element stands in a list more than once.
        case repeated = 1012
    }

    package let code: Code
    /// Path of the field, `members[1].birth_date`; empty when it is the whole message.
    package let field: String
    /// The limit that was passed, the number asked for, or the unknown number; nil when none applies.
    package let limit: Int64?

    /// An error about one field.
    package init(_ code: Code, _ field: String = "", limit: Int64? = nil) {
        self.code = code
        self.field = field
        self.limit = limit
    }

    /// `CARE-1001`
    package var stableCode: String { "CARE-\(code.rawValue)" }

    /// Trying again never helps: the bytes stay what they are.
    package var isRetriable: Bool { false }

    /// Whether a reader of the log may step over the event: it was written by a newer version.
    package var isSkippable: Bool { code == .unknownKind || code == .unsupportedVersion }

    /// The same error, seen from the message that contains the field's message.
    func within(_ parent: String) -> WireError {
        WireError(code, field.isEmpty ? parent : "\(parent).\(field)", limit: limit)
    }
}

extension WireError: CustomStringConvertible {
    /// The sentence for the user in Chinese.
    package var chineseText: String {
        let place = field.isEmpty ? "" : "（\(field)）"
        let number = limit.map { " \($0) " } ?? ""
        switch code {
        case .malformed: return "内容无法解读\(place)，请核对报文格式"
        case .unknownKind: return "不认识的事件类型\(number)\(place)，请升级程序"
        case .unsupportedVersion: return "事件版本\(number)过新\(place)，请升级程序"
        case .missing: return "缺少必填内容\(place)"
        case .wrongLength: return "长度不对\(place)，应为\(number)字节"
        case .tooLong: return "内容过长\(place)，最多\(number)字节"
        case .tooMany: return "数量过多\(place)，最多\(number)项"
        case .invalidCode: return "代码格式不对\(place)"
        case .unknownEnum: return "不认识的选项\(number)\(place)，请升级程序或核对"
        case .outOfRange: return "数值或日期超出范围\(place)"
        case .unreadablePart: return "不可见的敏感内容不能写入\(place)"
        case .repeated: return "同样的内容给了不止一次\(place)，每项只写一次"
        }
    }

    /// The same in English.
    package var englishText: String {
        let place = field.isEmpty ? "" : " (\(field))"
        let number = limit.map { " \($0)" } ?? ""
        switch code {
        case .malformed: return "the content cannot be read\(place); check the message format"
        case .unknownKind: return "unknown event type\(number)\(place); update the program"
        case .unsupportedVersion: return "event version\(number) is too new\(place); update the program"
        case .missing: return "a required value is missing\(place)"
        case .wrongLength: return "wrong length\(place); it must be\(number) bytes"
        case .tooLong: return "too long\(place); at most\(number) bytes"
        case .tooMany: return "too many\(place); at most\(number)"
        case .invalidCode: return "not a code of the right form\(place)"
        case .unknownEnum: return "unknown choice\(number)\(place); update the program or check"
        case .outOfRange: return "a number or day is out of range\(place)"
        case .unreadablePart: return "a sealed part that is not open cannot be written\(place)"
        case .repeated: return "the same thing is given more than once\(place); give each once"
        }
    }

    package var description: String { "\(stableCode): \(englishText)" }
}
