import CareDomain
import CareProjections
import CareWire

/// A JSON document of this tool: stable keys in English, whole numbers, days and times as text.
typealias JSON = CareProjections.JSONText

extension JSON {
    /// A code with its Chinese name.
    static func word(_ word: Care_V1_Word) -> JSON {
        .object([("code", .string(word.code)), ("text", .string(word.textZh))])
    }

    /// A day of the wire, or null.
    static func day(_ number: Int32, ifSet isSet: Bool = true) -> JSON {
        isSet ? .string(CivilDay(dayNumber: number).description) : .null
    }

    /// A count.
    static func count(_ number: UInt64) -> JSON { .int(Int64(clamping: number)) }

    /// An id of sixteen bytes.
    static func id(_ bytes: some Collection<UInt8>) -> JSON { .optional(Identifier128(bytes: bytes)?.description) }
}

extension String {
    /// A clause's number as typed, with the letters of its place in capitals: `cz-2.1` is CZ-2.1.
    var asClause: String { prefix(2).uppercased() + dropFirst(2) }
}

extension Care_V1_Word {
    /// What people call it: the Chinese name, or the code when there is none.
    var name: String { textZh.isEmpty ? code : textZh }
}

extension Collection<UInt8> {
    /// An id of sixteen bytes as its 26 characters; "?" for anything else.
    var idText: String { Identifier128(bytes: self)?.description ?? "?" }
}

/// The special-hardship status by its code, as people say it.
enum StatusWords {
    /// State of a file.
    static func state(_ code: String) -> String {
        switch code {
        case "active": "在档"
        case "closed": "已销档"
        case "absorbed": "已并户"
        case "registered_in_error": "误登"
        default: code
        }
    }

    static func chinese(_ code: String) -> String {
        switch code {
        case "bereaved": "失独"
        case "disabled_child": "伤残"
        case "": "-"
        default: code
        }
    }
}

/// Days of the wire as text.
enum DayText {
    static func of(_ number: Int32, ifSet isSet: Bool = true) -> String {
        isSet ? CivilDay(dayNumber: number).description : ""
    }
}
