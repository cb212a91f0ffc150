import CareDomain
import CareWire
import MessageBus

/// 发放 in a run: families are named for batches, one clerk closes them, the other sends them to the bank, takes its
/// answers in and books what came back.
final class Cashier {
    private(set) var commands: [CommandID: PaymentCommand] = [:]
    private let errands: Errands
    private let idSeed: UInt64
    private let limit: Int
    /// Two of them pay the same month: whoever comes second must find it ordered.
    private let scopes: [BatchScope]

    init(random: SeededRandom, errands: Errands) {
        var random = random
        self.errands = errands
        idSeed = random.next()
        limit = random.chance(600) ? random.number(6...24) : 0
        scopes = ["2024-05", "2024-06", "2024-05..2024-06"].compactMap(PaymentPeriod.init(parsing:)).map {
            BatchScope(division: People.division, period: $0, number: random.number(1...2))
        }
    }

    /// Whether somebody sent a command about the batch.
    func knows(_ batch: BatchID) -> Bool { commands.values.contains { $0.batch == batch } }

    /// The next command of a clerk, or one that was answered before; nil when there is nothing to do.
    /// - Parameters:
    ///   - households: Those that were registered.
    ///   - read: A batch as the log has it now; nil while nobody can be asked.
    func next(
        for clerk: MachineName, _ households: [HouseholdID], today: CivilDay, _ random: inout SeededRandom,
        read: (BatchID) -> PaymentBatch?
    ) -> Errands.Entry? {
        guard commands.count < limit, !households.isEmpty else { return nil }
        // Only what has its answer: of two intakes asked for the same at a time one may refuse what the other records.
        let answered = commands.keys.filter { errands.entry($0)?.answer != nil }
        if random.chance(80), !answered.isEmpty { return errands.entry(random.one(of: answered.sorted())) }
        let scope = random.one(of: scopes)
        let id = BatchID.derived(from: scope)
        guard let action = action(clerk, scope, read(id), households, &random) else { return nil }
        let command = PaymentCommand(
            id: CommandID(Identifier128(high: idSeed, low: UInt64(commands.count + 1))), batch: id, occurredOn: today,
            action: action)
        guard let bytes = try? PaymentCodec.encode(command) else { return nil }
        let entry = Errands.Entry(
            id: command.id, method: .submitPayment, bytes: bytes, clerk: clerk,
            label: String("\(command.action)".prefix { $0 != "(" }))
        commands[command.id] = command
        errands.add(entry)
        return entry
    }

    private func action(
        _ clerk: MachineName, _ scope: BatchScope, _ batch: PaymentBatch?, _ households: [HouseholdID],
        _ random: inout SeededRandom
    ) -> PaymentAction? {
        guard let batch, batch.closedAt != nil else {
            if clerk == .clerk, batch?.members.isEmpty == false, random.chance(500) { return .close }
            guard clerk == .clerk || random.chance(300) else { return nil }
            let some = households.filter { _ in random.chance(700) }
            return .prepare(scope, households: some.isEmpty ? households : some)
        }
        // Who closed it does not pay, and is told so now and then.
        guard clerk == .secondClerk || random.chance(100) else { return random.chance(200) ? .close : nil }
        let paid = batch.lines.filter { if case .paid = $0.state { true } else { false } }
        if !paid.isEmpty, random.chance(350) {
            return .recordReturn(line: random.one(of: paid).number, reason: Code(unchecked: "account_closed"))
        }
        if let waiting = batch.lines.first(where: \.isToBeSent), random.chance(150) {
            return .reverse(line: waiting.number, reason: Code(unchecked: "wrong_family"))
        }
        if random.chance(600), let answer = answer(batch, &random) { return .takeAnswer(answer) }
        return .issue
    }

    /// What the bank says of a file that it was sent, or of some of its lines.
    private func answer(_ batch: PaymentBatch, _ random: inout SeededRandom) -> BankAnswer? {
        guard !batch.files.isEmpty else { return nil }
        let file = random.one(of: batch.files)
        var entries = file.entries.filter { entry in
            if case .inTransit(file.number)? = batch.lines.first(where: { $0.number == entry.line })?.state {
                true
            } else {
                false
            }
        }
        if entries.count > 1, random.chance(300) { entries.removeLast() }
        guard !entries.isEmpty else { return nil }
        let lines = entries.enumerated().map { place, entry in
            BankAnswer.Line(
                row: place + 2,
                reference: BankReference(batch: batch.id, file: file.number, line: entry.line).description,
                amount: entry.amount, failure: random.chance(250) ? Code(unchecked: "account_unknown") : nil)
        }
        return BankAnswer(
            file: file.number, lines: lines, declaredCount: lines.count,
            declaredTotal: lines.map(\.amount).reduce(.zero, +))
    }
}
