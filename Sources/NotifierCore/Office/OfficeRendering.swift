import CareDomain
import EventLog
import RuleEngine

/// A notice to an office, ready to be put into the form of a channel. Holds no names of families.
struct OfficeRendering {
    let stream: OfficeStream
    let entry: OfficeNotices.Entry
    let registry: PackRegistry?

    /// Id of the event that raised it: the same at every delivery, so that a receiver can drop what it has.
    private var eventID: String {
        let command = entry.command.value
        return EventID(of: AppendID(high: command.high, low: command.low), place: entry.place).description
    }

    private var heading: Wording {
        OfficeNotice.Kind(rawValue: entry.notice.kind.rawValue)?.wording
            ?? Wording(entry.notice.kind.rawValue, entry.notice.kind.rawValue)
    }

    /// What the clause is called.
    private var title: Wording? {
        guard let pack = entry.notice.pack, let clause = entry.notice.clause,
            let version = registry?.versions.last(where: { $0.pack.id == pack })?.pack
        else { return nil }
        return version.dutyItems(year: entry.notice.dueOn.year).first { $0.clause == clause }?.title
    }

    private var text: Wording {
        let notice = entry.notice
        var zh: [String] = []
        var en: [String] = []
        if let clause = notice.clause {
            zh.append(clause.rawValue + (title.map { " \($0.chinese)" } ?? ""))
            en.append(clause.rawValue + (title.map { " \($0.english)" } ?? ""))
        }
        if let period = notice.period {
            zh.append("\(period) 期")
            en.append("for \(period)")
        }
        if let amount = notice.amount {
            zh.append("应还 \(amount) 元")
            en.append("\(amount) yuan")
        }
        zh.append("期限 \(notice.dueOn)")
        en.append("due \(notice.dueOn)")
        zh.append("责任部门 \(notice.department)")
        en.append("by \(notice.department)")
        if let person = notice.person {
            zh.append("帮扶责任人 \(person)")
            en.append("helper \(person)")
        }
        return Wording(zh.joined(separator: "，"), en.joined(separator: ", "))
    }

    /// One line for people who watch the output.
    var line: String {
        "【\(heading.chinese)】\(stream.name) \(text.chinese) | \(entry.notice.kind): \(text.english)"
    }

    /// A CloudEvents 1.0 event in structured JSON mode; a repeated delivery has the same bytes.
    func cloudEvent(source: String) -> [UInt8] {
        let notice = entry.notice
        var data: [(name: String, value: JSONText)] = [
            ("stream", .string(stream.name)), ("kind", .string(notice.kind.rawValue)), ("key", .string(notice.key)),
            ("raised_on", .string(entry.on.description)), ("due_on", .string(notice.dueOn.description)),
            ("department", .string(notice.department.rawValue)),
        ]
        if case .duty(let division) = stream { data.append(("division", .string(division.rawValue))) }
        if let clause = notice.clause { data.append(("clause", .string(clause.rawValue))) }
        if let title { data.append(("clause_title", .string(title.chinese))) }
        if let pack = notice.pack { data.append(("pack", .string(pack.rawValue))) }
        if let period = notice.period { data.append(("period", .string(period.rawValue))) }
        if let amount = notice.amount { data.append(("amount_fen", .integer(amount.amount))) }
        if let person = notice.person { data.append(("person", .string(person.rawValue))) }
        data.append(("text_zh", .string(text.chinese)))
        data.append(("text_en", .string(text.english)))
        let event = JSONText.object([
            ("specversion", .string("1.0")), ("id", .string(eventID)), ("source", .string(source)),
            ("type", .string("guanhuai.notice.\(notice.kind)")), ("subject", .string(stream.name)),
            ("datacontenttype", .string("application/json")), ("data", .object(data)),
        ])
        return Array(event.text.utf8)
    }
}
