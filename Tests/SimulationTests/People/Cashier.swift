import CareDomain
import CareWire

/// 发放 in a run: families are named for batches, one clerk closes them, the other sends them to the bank, takes its
/// answers in and books what came back. What was asked and what was answered is kept, for the checks.
final class Cashier {
    /// What a clerk was told.
    enum Answer: Hashable {
        case recorded(first: UInt64, last: UInt64, recordedAt: Int64)
        /// Refused for good, by this code.
        case refused(String)
    }

    /// One payment command of a clerk.
    struct Entry {
        let command: PaymentCommand
        let bytes: [UInt8]
        let clerk: MachineName
        var answer: Answer?

        /// The name of the case.
        var label: String { String("\(command.action)".prefix { $0 != "(" }) }
    }

    private(set) var entries: [Entry] = []
    private var places: [CommandID: Int] = [:]
    private let idSeed: UInt64
    private let limit: Int
    /// Two of them pay the same month: whoever comes second must find it ordered.
    private let scopes: [BatchScope]

    init(random: SeededRandom) {
        var random = random
        idSeed = random.next()
        limit = random.chance(600) ? random.number(6...24) : 0
        scopes = ["2024-05", "2024-06", "2024-05..2024-06"].compactMap(PaymentPeriod.init(parsing:)).map {
            BatchScope(division: People.division, period: $0, number: random.number(1...2))
        }
    }

    func entry(_ id: CommandID) -> Entry? { places[id].map { entries[$0] } }

    /// Commands of a clerk that have no answer yet.
    func open(of clerk: MachineName) -> [Entry] { entries.filter { $0.clerk == clerk && $0.answer == nil } }

    /// Whether somebody sent a command about the batch.
    func knows(_ batch: BatchID) -> Bool { entries.contains { $0.command.batch == batch } }

    /// Takes an answer in.
    /// - Returns: What is wrong with it, when it is not the one that was given before.
    func take(_ answer: Answer, to id: CommandID) -> String? {
        guard let place = places[id] else { return "an answer to a payment command that nobody sent" }
        if case .recorded? = entries[place].answer {
            return entries[place].answer == answer
                ? nil : "\(entries[place].label) \(id): \(String(describing: entries[place].answer)), then \(answer)"
        }
        entries[place].answer = answer
        return nil
    }

    /// The next command of a clerk, or one that was answered before; nil when there is nothing to do.
    /// - Parameters:
    ///   - households: Those that were registered.
    ///   - read: A batch as the log has it now; nil while nobody can be asked.
    func next(
        for clerk: MachineName, _ households: [HouseholdID], today: CivilDay, _ random: inout SeededRandom,
        read: (BatchID) -> PaymentBatch?
    ) -> Entry? {
        guard entries.count < limit, !households.isEmpty else { return nil }
        if random.chance(80), !entries.isEmpty { return random.one(of: entries) }
        let scope = random.one(of: scopes)
        let id = BatchID.derived(from: scope)
        guard let action = action(clerk, scope, read(id), households, &random) else { return nil }
        let command = PaymentCommand(
            id: CommandID(Identifier128(high: idSeed, low: UInt64(entries.count + 1))), batch: id, occurredOn: today,
            action: action)
        guard let bytes = try? PaymentCodec.encode(command) else { return nil }
        let entry = Entry(command: command, bytes: bytes, clerk: clerk)
        places[command.id] = entries.count
        entries.append(entry)
        return entry
    }

    private func action(
        _ clerk: MachineName, _ scope: BatchScope, _ batch: PaymentBatch?, _ households: [HouseholdID],
        _ random: inout SeededRandom
    ) -> PaymentAction? {
        guard let batch, batch.closedAt != nil else {
            if clerk == .clerk, batch?.members.isEmpty == false, random.chance(500) { return .close }
            let some = households.filter { _ in random.chance(700) }
            return .prepare(scope, households: some.isEmpty ? households : some)
        }
        // Who closed it does not pay, and is told so now and then.
        guard clerk == .secondClerk || random.chance(100) else { return random.chance(200) ? .close : nil }
        let paid = batch.lines.filter { if case .paid = $0.state { true } else { false } }
        if !paid.isEmpty, random.chance(200) {
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
