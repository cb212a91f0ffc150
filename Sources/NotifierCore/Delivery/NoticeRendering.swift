import CareDomain
import EventLog

/// One notice of one household, ready to be put into the form of a channel.
package struct NoticeRendering {
    /// As it was known when the notice was raised.
    package let household: Household
    package let notice: Notice
    /// Id of the event that raised it: the same at every delivery, so that a receiver can drop what it has.
    package let eventID: String
    package let policy: NoticePolicy?
    /// Whether names of the family may be shown. Helpers are named in any case (实名制).
    package let showsNames: Bool
    private let helpers: HelperNames

    /// - Parameter history: Of the household. Only what was known when the notice was raised counts, so that a delivery
    ///   says the same whenever it is rendered, also after names or places were put right.
    package init(
        history: HouseholdHistory, notice: Notice, eventID: String, policy: (Household) -> NoticePolicy?,
        showsNames: Bool
    ) {
        let then = HouseholdHistory(
            id: history.id, events: history.events.prefix { $0.reference <= notice.reference })
        household = then.household
        helpers = HelperNames(then.events)
        self.notice = notice
        self.eventID = eventID
        self.policy = policy(household)
        self.showsNames = showsNames
    }

    /// The name of a helper, or of a member where those may be shown; nil otherwise, and where it cannot be read.
    private func name(of person: PersonID) -> String? {
        if let name = helpers.outsideFamily(person) { return name }
        return showsNames ? household.member(person)?.details?.name : nil
    }

    /// One line for people who watch the output.
    package var line: String {
        let raised = notice.raised
        // A gap that ended without a helper was not filled.
        let isUnfilled = raised.kind == NoticeKind.gapClosed.code && raised.persons.isEmpty
        let kind = NoticeKind(rawValue: raised.kind.rawValue)?.chinese ?? raised.kind.rawValue
        let title = isUnfilled ? "结对不再要求" : kind
        let text = NoticeText(raised, policy: policy, names: name)
        let place = household.division(on: notice.raisedOn)?.rawValue ?? "-"
        // A right names its clause in the words themselves.
        let isNamed = raised.kind == NoticeKind.rightBegins.code
        let clause = isNamed ? "" : raised.clause.map { "（依据 \($0)）" } ?? ""
        return "【\(title)】\(place) 家庭 \(household.id) \(text.chinese)\(clause) | \(raised.kind): \(text.english)"
    }

    /// A CloudEvents 1.0 event in structured JSON mode (`application/cloudevents+json`).
    ///
    /// Members come in a fixed order and everything is as known when the notice was raised, so a repeated delivery has
    /// the same bytes, unless a published pack or the deployment calls something by another name since. Never holds ID
    /// numbers, telephones or addresses.
    ///
    /// - Parameter source: Value of the attribute `source`, a URI reference that names this deployment's notifier.
    package func cloudEvent(source: String) -> [UInt8] {
        let raised = notice.raised
        let text = NoticeText(raised, policy: policy, names: name)
        var data: [(name: String, value: JSONText)] = [
            ("household", .string(household.id.description)),
            ("kind", .string(raised.kind.rawValue)),
            ("key", .string(raised.key)),
            ("raised_on", .string(notice.raisedOn.description)),
        ]
        if case .person(let person) = raised.subject { data.append(("person", .string(person.description))) }
        if let dueOn = raised.dueOn { data.append(("due_on", .string(dueOn.description))) }
        if let division = household.division(on: notice.raisedOn) {
            data.append(("division", .string(division.rawValue)))
        }
        if let department = raised.department { data.append(("department", .string(department.rawValue))) }
        if let clause = raised.clause {
            data.append(("clause", .string(clause.rawValue)))
            if let title = policy?.clauseTitles[clause] { data.append(("clause_title", .string(title.chinese))) }
        }
        data.append(("details", .object(raised.details.map { ($0.field.rawValue, json($0.value)) })))
        data.append(("persons", .array(raised.persons.map { .string($0.description) })))
        let named = mentioned.compactMap { person in name(of: person).map { (person.description, JSONText.string($0)) }
        }
        if !named.isEmpty { data.append(("names", .object(named))) }
        data.append(("text_zh", .string(text.chinese)))
        data.append(("text_en", .string(text.english)))
        let event = JSONText.object([
            ("specversion", .string("1.0")),
            ("id", .string(eventID)),
            ("source", .string(source)),
            ("type", .string("guanhuai.notice.\(raised.kind)")),
            ("subject", .string("household-\(household.id)")),
            ("datacontenttype", .string("application/json")),
            ("data", .object(data)),
        ])
        return Array(event.text.utf8)
    }

    private var mentioned: [PersonID] {
        var persons: [PersonID] = []
        if case .person(let person) = notice.raised.subject { persons.append(person) }
        for person in notice.raised.persons where !persons.contains(person) { persons.append(person) }
        return persons
    }

    private func json(_ value: FactValue) -> JSONText {
        switch value {
        case .bool(let bool): .string(bool ? "true" : "false")
        case .int(let number): .integer(number)
        case .decimal(let thousandths): .object([("thousandths", .integer(thousandths))])
        case .code(let code): .string(code.rawValue)
        case .day(let day): .string(day.description)
        case .money(let fen): .object([("fen", .integer(fen.amount))])
        case .reference(let reference): .string(reference)
        }
    }
}
