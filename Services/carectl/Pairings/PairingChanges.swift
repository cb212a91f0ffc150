import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import ServiceKit

/// Who a new helper is.
struct HelperOptions: ParsableArguments {
    @Option(
        help:
            "Real name of the helper; without it the slot does not count as filled. Not needed for one who helps others."
    )
    var name: String?

    @Option(help: "Work unit or department of the helper; otherwise the one of the helper's other pairings.")
    var unit: String?

    @Option(
        help:
            "Telephone of the helper. Also of one who helps others: other families' files do not give it away.")
    var phone: String?

    @Option(
        help: """
            Person id, when the helper is in the record already, as pairing load and pairing suggest print it; of an id that no \
            helper has a name is needed.
            """)
    var helper: String?

    /// The helper, and what only those with the right may read. The name and unit of somebody who helps other families are
    /// those of these pairings, as far as none is given.
    /// - Throws: `Failure` for an id that no pairing on record has, where no name is given either: it would stand for nobody.
    func helper(for command: CommandID, _ desk: Desk, on day: CivilDay) async throws -> (
        helper: Helper, sealed: [SealedPart]
    ) {
        let id = try helper.map(PersonID.typed) ?? PersonID.derived(from: command, place: 0)
        let isAsked = helper != nil && (name == nil || unit == nil)
        let known = isAsked ? try await Self.known(id, desk, on: day) : nil
        if isAsked, known == nil, name == nil { throw Self.unknown(id) }
        let name = name ?? known?.name
        let unit = unit ?? known?.unit
        let details = PersonalDetails(name: name, phone: phone)
        let sealed = details.isEmpty ? [] : [SealedPart(subject: id, details: details)]
        return (Helper(id: id, unit: unit, hasRealName: name != nil), sealed)
    }

    private static func unknown(_ helper: PersonID) -> Failure {
        Failure(
            3124,
            UserText(
                zh: "您能看到的各户里没有编号为 \(helper) 的结对人",
                en: "no helper of the families that you may see has the id \(helper)"),
            advice: UserText(
                zh: "用 carectl pairing load 核对编号；是新的结对人的，写明 --name 姓名 --unit 单位 --phone 电话",
                en: "check the id with carectl pairing load; of somebody new give --name NAME --unit UNIT --phone PHONE"
            ),
            exit: .problemsFound)
    }

    /// Name and unit of somebody who helps families of this key's on the day, otherwise today.
    private static func known(
        _ helper: PersonID, _ desk: Desk, on day: CivilDay
    ) async throws -> (name: String?, unit: String?)? {
        if let then = try await helping(helper, desk, on: day) { return then }
        return day == desk.today ? nil : try await helping(helper, desk, on: desk.today)
    }

    private static func helping(
        _ helper: PersonID, _ desk: Desk, on day: CivilDay
    ) async throws -> (name: String?, unit: String?)? {
        let query = Care_V1_HelperLoadQuery.with {
            $0.asOf = day.dayNumber
            $0.helper = helper.wireData
            $0.limit = 1
        }
        guard case .helperLoad(let list) = try await desk.line(to: .careArchive).ask(.helperLoad(query)) else {
            throw Failure.badAnswer
        }
        return list.entries.first.map { entry in
            (entry.name.isEmpty ? nil : entry.name, entry.unit.isEmpty ? nil : entry.unit)
        }
    }
}

extension PersonID {
    /// A person id as typed.
    static func typed(_ text: String) throws -> PersonID {
        guard let id = PersonID(text) else {
            throw Failure(
                6140, UserText(zh: "人员编号应是 26 位", en: "a person id has 26 characters"), exit: .usage)
        }
        return id
    }
}

extension PairingKind {
    /// A kind of slot as typed.
    static func typed(_ text: String) throws -> PairingKind {
        guard let kind = PairingKind(text) else {
            throw Failure(
                6141,
                UserText(
                    zh: "结对种类应是代码，如 department、cadre、party_member、volunteer",
                    en: "a kind is a code such as department, cadre, party_member, volunteer"), exit: .usage)
        }
        return kind
    }
}

/// `carectl pairing assign`
struct PairingAssign: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "assign",
        abstract: "Give a household a helper for one kind of pairing, or complete a helper's details.",
        discussion: """
            Where the document asks for real names with unit and contact, a slot of whose helper one of them is lacking does \
            not count as filled. Assign the same helper (the same name, or --helper) again with what was lacking: from that \
            day it is on record, and nothing is ended or begun.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var helper: HelperOptions

    @Argument(help: "Household id, or a beginning of it that is unique.")
    var household: String

    @Argument(help: "Kind of pairing, such as department, cadre, party_member, volunteer.")
    var kind: String

    @Option(help: "From this day; otherwise today.")
    var on: String?

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(on, option: "--on")
        let kind = try PairingKind.typed(kind)
        let id = CommandID.random()
        let (person, sealed) = try await helper.helper(for: id, desk, on: day)
        let target = try await desk.line(to: .careArchive).household(household, on: day)
        let command = HouseholdCommand(
            id: id, household: target, occurredOn: day,
            action: .assignHelper(PairingAssigned(kind: kind, helper: person, sealed: sealed)))
        try await desk.line(to: .intake).send(command, desk: desk)
    }
}

/// Whose slot changes.
struct SlotOptions: ParsableArguments {
    @Argument(help: "Household id, or a beginning of it that is unique.")
    var household: String

    @Argument(help: "Kind of pairing, such as department, cadre, party_member, volunteer.")
    var kind: String

    @Option(help: "From this day; otherwise today.")
    var on: String?

    @Option(help: "Why: \(RecordWords.codes(RecordWords.pairingEnds)).")
    var reason: String?

    @Option(help: "Person id of the present helper; only needed when the slot has several.")
    var from: String?

    /// The present holder of the slot, as the archive shows it.
    func holder(_ desk: Desk, on day: CivilDay) async throws -> (page: CareArchive, kind: PairingKind, person: PersonID)
    {
        let kind = try PairingKind.typed(kind)
        let page = try await desk.line(to: .careArchive).page(of: household, on: day)
        let slots = page.slots.filter { $0.kind.code == kind.rawValue }
        let helpers = slots.flatMap(\.helpers)
        if let from {
            return (page, kind, try PersonID.typed(from))
        }
        guard let first = helpers.first else {
            throw Failure(
                6142,
                UserText(
                    zh: "当日没有“\(slots.first?.kind.chinese ?? kind.rawValue)”结对人",
                    en: "there is no \(kind) helper on that day"),
                advice: UserText(zh: "用 carectl household show 核对", en: "see: carectl household show"),
                exit: .problemsFound)
        }
        guard helpers.count == 1 else {
            let list = helpers.map { "\($0.person) \($0.name ?? "")" }.joined(separator: "\n")
            throw Failure(
                6143,
                UserText(
                    zh: "有 \(helpers.count) 位结对人：\n\(list)\n", en: "there are \(helpers.count) helpers:\n\(list)\n"),
                advice: UserText(zh: "请用 --from 指明", en: "say which with --from"), exit: .usage)
        }
        return (page, kind, first.person)
    }

    func reason(otherwise fallback: String) throws -> Code {
        guard let code = Code(reason ?? fallback) else {
            throw Failure(
                6144, UserText(zh: "--reason 应是代码，如 transfer", en: "--reason must be a code such as transfer"),
                exit: .usage)
        }
        return code
    }
}

/// `carectl pairing handover`
struct PairingHandover: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "handover", abstract: "Pass a slot from its present helper to another, without a day between.",
        discussion: """
            The successor is somebody else: neither the present helper (the same id, or the same name with no other unit or \
            telephone) nor one who stands in the slot beside. Only from the day on which a pairing began may another id take \
            its place: that makes one of somebody who has two ids.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var slot: SlotOptions
    @OptionGroup var helper: HelperOptions

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(slot.on, option: "--on")
        let id = CommandID.random()
        let (page, kind, person) = try await slot.holder(desk, on: day)
        let (to, sealed) = try await helper.helper(for: id, desk, on: day)
        let handover = PairingHandedOver(
            kind: kind, from: person, to: to, reason: try slot.reason(otherwise: "transfer"), sealed: sealed)
        try await desk.line(to: .intake).send(
            HouseholdCommand(
                id: id, household: page.header.household, occurredOn: day, seen: page.seen,
                action: .handOverPairing(handover)), desk: desk)
    }
}

/// `carectl pairing end`
struct PairingEnd: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "end", abstract: "End a helper's pairing: the day is the first one without the helper.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var slot: SlotOptions

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(slot.on, option: "--on")
        let (page, kind, person) = try await slot.holder(desk, on: day - 1)
        let ended = PairingEnded(kind: kind, helper: person, reason: try slot.reason(otherwise: "left"))
        try await desk.line(to: .intake).send(
            HouseholdCommand(
                id: .random(), household: page.header.household, occurredOn: day, seen: page.seen,
                action: .endPairing(ended)), desk: desk)
    }
}

extension CareArchive {
    /// What the person had on the screen, so that a change in between is noticed.
    var seen: EventReference? {
        header.lastSequence > 0 ? EventReference(sequence: header.lastSequence) : nil
    }
}
