import CareDomain
import CareWire
import MessageBus

/// 指导数与资助 in a run: two units, the one within the other, have few places and grant them to the same families, sometimes in
/// the same second; grants are taken back, and places let go whose grant seems never to end.
final class Granter {
    static let year = 2024
    static let projects = ["PL-3", "PL-4"].compactMap(ClauseID.init)
    static let units = ["431002", "431000"].compactMap(DivisionCode.init)

    private(set) var commands: [CommandID: UnitCommand] = [:]
    private let errands: Errands
    private let idSeed: UInt64
    private let limit: Int

    init(random: SeededRandom, errands: Errands) {
        var random = random
        self.errands = errands
        idSeed = random.next()
        limit = random.chance(500) ? random.number(5...24) : 0
    }

    /// Whether a grant of this command, its end, or what a clerk did about it gave an event that command.
    func isBehind(_ command: CommandID) -> Bool {
        commands.keys.contains { id in
            let decisive = CommandID.derived(id, "grant")
            return [decisive, CommandID.derived(decisive, "abandon", 0), CommandID.derived(id, "revoke")]
                .contains(command)
        }
    }

    /// The next command of a clerk, or one that was answered before; nil when there is nothing to do.
    /// - Parameters:
    ///   - households: Those that were registered.
    ///   - read: A unit as the log has it now; nil while nobody can be asked.
    func next(
        for clerk: MachineName, _ households: [HouseholdID], today: CivilDay, _ random: inout SeededRandom,
        read: (DivisionCode) -> UnitStanding?
    ) -> Errands.Entry? {
        guard commands.count < limit, !households.isEmpty else { return nil }
        // Only what has its answer: of two intakes asked for the same at a time one may refuse what the other records.
        let answered = commands.keys.filter { errands.entry($0)?.answer != nil }
        if random.chance(80), !answered.isEmpty { return errands.entry(random.one(of: answered.sorted())) }
        let unit = random.one(of: Self.units)
        guard let standing = read(unit) else { return nil }
        let command = UnitCommand(
            id: CommandID(Identifier128(high: idSeed, low: UInt64(commands.count + 1))), unit: unit,
            occurredOn: today, action: action(standing, households, &random))
        guard let bytes = try? UnitCodec.encode(command) else { return nil }
        let entry = Errands.Entry(
            id: command.id, method: .submitUnit, bytes: bytes, clerk: clerk,
            label: String("\(command.action)".prefix { $0 != "(" }))
        commands[command.id] = command
        errands.add(entry)
        return entry
    }

    private func action(
        _ unit: UnitStanding, _ households: [HouseholdID], _ random: inout SeededRandom
    ) -> UnitAction {
        guard !unit.year(Self.year).numbers.isEmpty else {
            let numbers = Self.projects.map { GuidanceSet.Number(clause: $0, places: random.number(1...2)) }
            return .setGuidance(GuidanceSet(year: Self.year, numbers: numbers))
        }
        let confirmed = unit.order.filter {
            if case .confirmed? = unit.places[$0]?.state { true } else { false }
        }
        let reserved = unit.order.filter { unit.places[$0]?.state == .reserved }
        let reason = Code(unchecked: "moved")
        if !reserved.isEmpty, random.chance(400) {
            return .expire(GrantEnd(grant: random.one(of: reserved), reason: reason))
        }
        if !confirmed.isEmpty, random.chance(250) {
            return .release(GrantEnd(grant: random.one(of: confirmed), reason: reason))
        }
        return .give(
            GrantOrder(
                household: random.one(of: households), clause: random.one(of: Self.projects), subject: .household,
                year: Self.year))
    }
}
