import CareDomain
import CareWire
import RuleEngine

/// What the people of a run do: families register, at either intake and sometimes at both; facts, helpers, visits and
/// moves follow, and mistakes are put right.
final class People {
    static let division: DivisionCode = {
        guard let code = DivisionCode("431002") else { preconditionFailure("People.division: 431002 is a division") }
        return code
    }()

    /// The village in which everybody lives.
    static let home: DivisionCode = {
        guard let code = DivisionCode("431002001001") else { preconditionFailure("People.home: twelve digits") }
        return code
    }()

    private let ledger: Ledger
    private let persons: [String]
    private let families: Int
    private let commands: Int
    private var sent = 0
    private var registered = 0
    private var helpers: UInt64 = 0
    private let idSeed: UInt64
    let packBytes: [UInt8]
    var hasPack = false

    init(random: SeededRandom, ledger: Ledger) throws {
        var random = random
        self.ledger = ledger
        families = random.number(3...7)
        commands = random.number(15...50)
        // Fewer persons than places: the same one is registered twice now and then.
        persons = (0..<random.number(families...families * 3)).map { Self.idNumber($0) }
        idSeed = random.next()
        let pack = try RulePack.load(bytes: Array(PlayedPack.text.utf8), name: "played.yaml")
        let published = PackPublished(
            pack: pack.id, effectiveFrom: pack.validFrom, enactedOn: pack.dated, hash: pack.hash,
            bytes: Array(PlayedPack.text.utf8))
        packBytes = try PackCommand.publish(
            published, id: CommandID(Identifier128(high: idSeed, low: .max)), occurredOn: pack.validFrom
        ).serializedBytes()
    }

    /// An invented number of eighteen characters whose check digit holds.
    static func idNumber(_ number: Int) -> String {
        let birth = "19\(60 + number % 30)0\(1 + number % 9)1\(number % 10)"
        let body = Array("431002\(birth)\(100 + number)".utf8.map { Int($0) - 48 })
        return String(decoding: body.map { UInt8($0 + 48) } + [ResidentIDNumber.checkCharacter(body)], as: UTF8.self)
    }

    /// Whether a number is a man's: its last digit but one is odd.
    private static func isMale(_ number: String) -> Bool {
        number.dropLast().last?.wholeNumberValue.map { $0 % 2 == 1 } ?? false
    }

    private static func yearOfBirth(_ number: String) -> Int { Int(number.dropFirst(6).prefix(4)) ?? 0 }

    private func newID() -> CommandID {
        sent += 1
        return CommandID(Identifier128(high: idSeed, low: UInt64(sent)))
    }

    // MARK: What is sent next

    /// The next command of a clerk; nil when everything was said.
    func next(for clerk: MachineName, today: CivilDay, now: Int64, _ random: inout SeededRandom) -> Ledger.Entry? {
        guard sent < commands else { return nil }
        let known = ledger.recorded.filter { if case .registerHousehold = $0.command.action { true } else { false } }
        let isFirst = registered < families && (known.isEmpty || random.chance(400))
        guard isFirst || !known.isEmpty else { return nil }
        let command =
            isFirst
            ? registration(today, &random)
            : about(random.one(of: known).command, today, by: clerk, &random)
        return enter(command, clerk, now)
    }

    private func enter(_ command: HouseholdCommand, _ clerk: MachineName, _ now: Int64) -> Ledger.Entry? {
        guard let bytes = try? CommandCodec.encode(command) else { return nil }
        let entry = Ledger.Entry(command: command, bytes: bytes, clerk: clerk, firstSent: now)
        ledger.add(entry)
        return entry
    }

    /// One that was answered before.
    func answered(_ random: inout SeededRandom) -> Ledger.Entry? {
        let recorded = ledger.recorded
        return recorded.isEmpty ? nil : random.one(of: recorded)
    }

    /// A known command id with another content.
    func forgery(_ random: inout SeededRandom) -> Ledger.Entry? {
        guard var entry = answered(&random) else { return nil }
        entry.command.occurredOn = entry.command.occurredOn - 1
        guard let bytes = try? CommandCodec.encode(entry.command) else { return nil }
        entry.bytes = bytes
        ledger.forge(entry.command.id)
        return entry
    }

    private func registration(_ today: CivilDay, _ random: inout SeededRandom) -> HouseholdCommand {
        registered += 1
        let id = newID()
        var free = persons
        // The first of a sex is wife or husband; who comes after them the child, where they are young enough for it, else somebody else.
        let chosen = (0..<min(random.number(1...3), persons.count)).map { _ in
            free.remove(at: random.number(0...free.count - 1))
        }
        let parents = [chosen.first { Self.isMale($0) }, chosen.first { !Self.isMale($0) }].compactMap { $0 }
        let eldest = parents.map(Self.yearOfBirth).min() ?? 0
        let members = chosen.enumerated().map { place, number in
            let own: MemberRole = Self.isMale(number) ? .husband : .wife
            let other: MemberRole = Self.yearOfBirth(number) > eldest + 12 ? .onlyChild : .other
            return joined(number, id, place, parents.contains(number) ? own : other)
        }
        return HouseholdCommand(
            id: id, household: HouseholdID.derived(from: id), occurredOn: today - Int32(random.number(0...40)),
            action: .registerHousehold(
                RegisterHousehold(household: HouseholdRegistered(division: Self.home), members: members)))
    }

    private func joined(_ number: String, _ id: CommandID, _ place: Int, _ role: MemberRole) -> PersonJoined {
        let person = PersonID.derived(from: id, place: place)
        return PersonJoined(
            person: person, role: role,
            sealed: [SealedPart(subject: person, details: PersonalDetails(name: "某人", idNumber: number))])
    }

    // MARK: What is said of a household

    private func about(
        _ registration: HouseholdCommand, _ today: CivilDay, by clerk: MachineName, _ random: inout SeededRandom
    ) -> HouseholdCommand {
        let id = newID()
        var command = HouseholdCommand(
            id: id, household: registration.household, occurredOn: today - Int32(random.number(0...30)),
            action: .stateFact(poor(random.chance(700))))
        switch random.number(0...22) {
        case 0...4: break
        case 5...6: correct(&command, &random)
        case 7...10: command.action = .assignHelper(helper(&random))
        case 11...12: endPairing(&command, &random)
        case 13: command.action = .recordVisit(RecordVisit(visit: VisitRecorded(kind: Code(unchecked: "routine"))))
        case 14...15: command.action = .addPerson(joined(random.one(of: persons), id, 0, .other))
        case 16...17:
            command.action = .removePerson(
                PersonLeft(person: member(of: registration, &random), reason: Code(unchecked: "moved_out")))
        case 18:
            command.action = .recordDeath(PersonDied(person: member(of: registration, &random)))
        // The second clerk sends the money, and so does not say where it goes.
        case 19...21 where clerk != .secondClerk:
            command.action = .stateFact(account(member(of: registration, &random), id))
        case 19...21: break
        default: merge(&command, &random)
        }
        return command
    }

    private func poor(_ value: Bool) -> FactStated {
        FactStated(
            fact: FactID(unchecked: "household.poor"), subject: .household, value: .bool(value),
            source: Code(unchecked: "certificate"))
    }

    /// Where a person's money goes, by its reference.
    private func account(_ person: PersonID, _ id: CommandID) -> FactStated {
        FactStated(
            fact: .accountReference, subject: .person(person), value: .reference("acc-\(id)"),
            source: Code(unchecked: "form"))
    }

    private func helper(_ random: inout SeededRandom) -> PairingAssigned {
        helpers += 1
        let person = PersonID(Identifier128(high: 6, low: helpers))
        return PairingAssigned(
            kind: PairingKind(unchecked: random.chance(500) ? "cadre" : "volunteer"),
            helper: Helper(id: person, unit: "某街道办", hasRealName: true),
            sealed: [
                SealedPart(
                    subject: person,
                    details: PersonalDetails(name: "帮扶人\(helpers)", phone: "\(14_000_000_000 + helpers)"))
            ])
    }

    private func member(of registration: HouseholdCommand, _ random: inout SeededRandom) -> PersonID {
        guard case .registerHousehold(let register) = registration.action else {
            preconditionFailure("People.member: not a registration")
        }
        return random.one(of: register.members).person
    }

    /// A fact that was recorded was wrong: the new one takes its place.
    private func correct(_ command: inout HouseholdCommand, _ random: inout SeededRandom) {
        let facts = ledger.recorded.filter { entry in
            guard case .stateFact = entry.command.action else { return false }
            return entry.command.household == command.household
        }
        guard !facts.isEmpty, case .recorded(_, let first, _, _)? = random.one(of: facts).answer else { return }
        command.correction = Correction(
            corrects: EventReference(sequence: first), reason: Code(unchecked: "typing_error"))
    }

    private func endPairing(_ command: inout HouseholdCommand, _ random: inout SeededRandom) {
        let pairings = ledger.recorded.compactMap { entry -> PairingAssigned? in
            guard entry.command.household == command.household, case .assignHelper(let pairing) = entry.command.action
            else { return nil }
            return pairing
        }
        guard !pairings.isEmpty else { return }
        let pairing = random.one(of: pairings)
        command.action = .endPairing(
            PairingEnded(kind: pairing.kind, helper: pairing.helper.id, reason: Code(unchecked: "left")))
    }

    private func merge(_ command: inout HouseholdCommand, _ random: inout SeededRandom) {
        let others = ledger.recorded.filter { entry in
            guard case .registerHousehold = entry.command.action else { return false }
            return entry.command.household != command.household
        }
        guard !others.isEmpty else { return }
        command.action = .mergeHousehold(MergeHousehold(into: random.one(of: others).command.household))
    }
}
