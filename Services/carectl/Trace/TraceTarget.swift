import CareDomain
import EventLog
import ServiceKit

/// What `carectl trace` was asked about, as typed.
enum TraceTarget: Hashable, Sendable {
    /// A place in the log: `#1200`. Not a bare number, which may be the beginning of a household's id.
    case position(UInt64)
    /// An event: `household-…/12`, or `HOUSEHOLD/12`.
    case event(StreamName, UInt64)
    /// 26 characters: a household, a command or an event.
    case id(Identifier128)
    /// A whole stream, `batch-…`.
    case stream(StreamName)
    /// The beginning of a household's id.
    case household(String)

    /// - Throws: `Failure` CARE-6275 for what is none of these.
    init(_ text: String) throws {
        let plain = text.lowercased()
        if plain.hasPrefix("#"), let position = UInt64(plain.dropFirst()) {
            self = .position(position)
        } else if let id = Identifier128(plain) {
            self = .id(id)
        } else if let slash = plain.lastIndex(of: "/"), let sequence = UInt64(plain[plain.index(after: slash)...]),
            sequence > 0, let stream = try? StreamNames.typed(String(plain[..<slash]))
        {
            self = .event(stream, sequence)
        } else if let stream = try? StreamName(plain) {
            self = .stream(stream)
        } else if plain.count < 26, !plain.isEmpty, plain.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) {
            self = .household(plain)
        } else {
            throw Failure(
                6275, UserText(zh: "不认得 \(text)", en: "\(text) is nothing that can be traced"),
                advice: UserText(
                    zh: "请给户编号、命令编号、事件编号、#位置，或 流/序号",
                    en: "give a household, a command's or event's id, #position, or STREAM/SEQUENCE"), exit: .usage)
        }
    }
}
