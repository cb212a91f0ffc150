extension PaymentBatch {
    /// Lines of one file for the bank, at most.
    package static let linesPerFile = 1000
    /// Families named by one event, at most.
    package static let membersPerEvent = 4096

    /// Decides one command against what is known of the batch. Pure; a command that was carried out before never
    /// reaches this.
    package func decide(_ command: PaymentCommand, in context: BatchContext) -> BatchDecision {
        do throws(Refusal) {
            guard command.occurredOn <= context.today else {
                throw Refusal.future(command.occurredOn, today: context.today, field: "occurred_on")
            }
            return .events(try events(of: command, context))
        } catch {
            return .refused(error)
        }
    }

    private static let isClosed = Refusal(.batchState, detail: "已截止", english: "closed already")

    private func events(of command: PaymentCommand, _ context: BatchContext) throws(Refusal) -> [BatchEvent] {
        if case .prepare(let scope, let households) = command.action {
            return try prepare(scope, households, on: command.occurredOn)
        }
        guard scope != nil else { throw Refusal(.unknownBatch) }
        try checkSeparation(command.action, context)
        switch command.action {
        case .prepare: return []
        case .close:
            guard closedAt == nil else { throw Self.isClosed }
            guard !members.isEmpty else { throw Refusal(.batchEmpty) }
            if context.damaged.count > BatchClosed.most, let first = context.damaged.min() {
                throw Refusal(.earlierBatchDamaged, detail: first.description)
            }
            return [.closed(BatchClosed(damagedBatches: context.damaged.sorted()))]
        case .issue: return try issue(context)
        case .takeAnswer(let answer): return [.answerTaken(try take(answer))]
        case .recordReturn(let number, let reason):
            let line = try line(number)
            guard case .paid = line.state else { throw wrongState(line) }
            return [
                .returned(
                    LineReturned(
                        line: number, reason: reason, postings: .move(line.amount, from: .payable, to: .bank)))
            ]
        case .reverse(let number, let reason):
            let line = try line(number)
            guard isFrozen, line.isToBeSent else { throw wrongState(line) }
            let postings = line.ordered.line.postings.map { Posting($0.account, -$0.amount) }
            return [.reversed(LineReversed(line: number, reason: reason, postings: postings.condensed))]
        }
    }

    // MARK: Preparing

    private func prepare(
        _ wanted: BatchScope, _ households: [HouseholdID], on day: CivilDay
    ) throws(Refusal) -> [BatchEvent] {
        guard closedAt == nil else { throw Self.isClosed }
        if let scope, scope != wanted { throw Refusal(.batchScope) }
        guard wanted.number >= 1, wanted.number <= 999 else { throw Refusal(.batchScope, field: "number") }
        // A month is due as soon as the right holds on one of its days: a later one would be paid on a guess.
        guard wanted.period.first.firstDay <= day else {
            throw Refusal(.dayInFuture, field: "period", detail: wanted.period.description)
        }
        var seen = Set(members)
        let fresh = households.filter { seen.insert($0).inserted }
        guard !fresh.isEmpty else { throw Refusal(scope == nil ? .batchEmpty : .nothingToDo, field: "households") }
        var events: [BatchEvent] = scope == nil ? [.prepared(wanted)] : []
        var rest = fresh[...]
        while !rest.isEmpty {
            events.append(.membersNamed(Array(rest.prefix(Self.membersPerEvent))))
            rest = rest.dropFirst(Self.membersPerEvent)
        }
        return events
    }

    // MARK: Files

    private func issue(_ context: BatchContext) throws(Refusal) -> [BatchEvent] {
        guard isFrozen else {
            throw closedAt == nil
                ? Refusal(.batchState, detail: "未截止", english: "not closed yet")
                : Refusal(.batchState, detail: "未锁定", english: "not frozen yet")
        }
        let waiting = lines.filter(\.isToBeSent)
        var entries = waiting.compactMap { line in
            context.accounts[line.number].map {
                BankFileIssued.Entry(line: line.number, account: $0, amount: line.amount)
            }
        }[...]
        guard !entries.isEmpty else { throw nothingToIssue(waiting.count, context) }
        var events: [BatchEvent] = []
        while !entries.isEmpty {
            events.append(
                .fileIssued(
                    BankFileIssued(
                        file: files.count + events.count + 1, entries: Array(entries.prefix(Self.linesPerFile)))))
            entries = entries.dropFirst(Self.linesPerFile)
        }
        return events
    }

    /// Files that a refusal names at most: the latest.
    private static let mostFilesNamed = 5

    /// Why no file can be made, and which there are already.
    private func nothingToIssue(_ waiting: Int, _ context: BatchContext) -> Refusal {
        let without =
            waiting - context.held.count - context.open.count - context.onHold.count - context.scattered.count
            - context.twice.count - context.unproven - context.unnamed.reduce(0) { $0 + $1.lines.count }
        var (chinese, english) = causes(of: context, without: without)
        if !files.isEmpty {
            let latest = files.suffix(Self.mostFilesNamed)
            let zh = latest.map { "第 \($0.number) 个（\($0.issuedOn)，\($0.entries.count) 笔 \($0.total) 元）" }
            let en = latest.map { "\($0.number) (\($0.issuedOn), \($0.entries.count) lines, \($0.total) yuan)" }
            chinese.append("已有 \(files.count) 个文件：\(zh.joined(separator: "、"))，用 --file 再次取得")
            english.append("\(files.count) files are there: \(en.joined(separator: ", ")); print one again with --file")
        }
        guard !chinese.isEmpty else { return Refusal(.nothingToIssue) }
        let words = chinese.joined(separator: "；")
        return Refusal(.nothingToIssue, detail: words, english: english.joined(separator: "; "))
    }

    /// Why lines wait, each cause by itself.
    /// - Parameter without: How many have no account.
    private func causes(of context: BatchContext, without: Int) -> (chinese: [String], english: [String]) {
        var chinese: [String] = []
        var english: [String] = []
        if without > 0 {
            chinese.append("\(without) 笔没有账户")
            english.append("\(without) without an account")
        }
        if !context.held.isEmpty {
            let held = context.held.prefix(10).map { "\($0)" }
            let isTakenBack = scope?.kind == .recovery
            let (zh, en) =
                isTakenBack
                ? ("要收回的钱没有人收到", "nobody has received it") : ("多于现在应发", "more than is due now")
            chinese.append("\(context.held.count) 笔\(zh)而暂缓：第 \(held.joined(separator: "、")) 笔")
            english.append("\(context.held.count) held back as \(en): line \(held.joined(separator: ", "))")
        }
        if !context.open.isEmpty {
            let open = context.open.prefix(10).map { "\($0)" }
            chinese.append(
                "\(context.open.count) 笔待补事实、待查规则或待决定、应发多少还不知道而暂缓：第 \(open.joined(separator: "、")) 笔")
            english.append(
                "\(context.open.count) held back until a fact, a rule or a decision tells what is due: line "
                    + open.joined(separator: ", "))
        }
        if !context.onHold.isEmpty {
            let held = context.onHold.prefix(10).map { "\($0)" }
            chinese.append(
                "\(context.onHold.count) 笔有月份在暂缓期内（CARE-1455）：第 \(held.joined(separator: "、")) 笔，期满后再次 pay export 即送出")
            english.append(
                "\(context.onHold.count) with months that are held (CARE-1455): line \(held.joined(separator: ", ")); export again "
                    + "once the hold is over")
        }
        if !context.scattered.isEmpty {
            let lines = context.scattered.prefix(10).map { "\($0)" }
            chinese.append(
                "\(context.scattered.count) 笔的月份分属几个机构账户（CARE-1454）：第 \(lines.joined(separator: "、")) 笔")
            english.append(
                "\(context.scattered.count) whose months belong to several accounts (CARE-1454): line "
                    + lines.joined(separator: ", "))
        }
        if !context.twice.isEmpty {
            let lines = context.twice.prefix(10).map { "\($0)" }
            chinese.append(
                "\(context.twice.count) 笔的月份同一人在另一户也列了（CARE-1479）：第 \(lines.joined(separator: "、")) 笔")
            english.append(
                "\(context.twice.count) whose months were ordered for the same person in another file (CARE-1479): line "
                    + lines.joined(separator: ", "))
        }
        if !context.unnamed.isEmpty {
            let (zh, en) = (context.unnamed.map(\.chinese), context.unnamed.map(\.english))
            chinese.append("付给机构而收款账户编号还没有登记（CARE-1468）：\(zh.joined(separator: "；"))")
            english.append("waiting for the account of an institution (CARE-1468): \(en.joined(separator: "; "))")
        }
        if context.unproven > 0 {
            chinese.append("\(context.unproven) 笔的权利由一个已损坏的批次发过，先修复那一批")
            english.append("\(context.unproven) of rights that a damaged batch has paid; repair that batch first")
        }
        return (chinese, english)
    }

    /// The answer as an event, when every line of it is one that the bank was sent and has not answered, for the same
    /// sum, each once, and the bank's own totals agree.
    private func take(_ answer: BankAnswer) throws(Refusal) -> BankAnswerTaken {
        guard let file = files.first(where: { $0.number == answer.file }) else {
            throw Refusal(.unknownBankFile, field: "file", detail: "\(answer.file)")
        }
        var rows: [Int: Int] = [:]
        var results: [BankAnswerTaken.Result] = []
        var (paid, failed, total) = (Fen.zero, Fen.zero, Fen.zero)
        for line in answer.lines {
            let field = "rows[\(line.row)]"
            guard let entry = entry(line.reference, in: file) else {
                throw unknown(line, field)
            }
            let number = entry.line
            if let earlier = rows[number] {
                throw Refusal(
                    .lineTwice, field: field, detail: "第 \(earlier)、\(line.row) 行 \(line.reference)",
                    english: "rows \(earlier) and \(line.row), \(line.reference)")
            }
            rows[number] = line.row
            guard case .inTransit(file.number) = lines[number - 1].state else {
                throw answered(line, lines[number - 1], field)
            }
            guard line.amount == entry.amount else {
                throw Refusal(
                    .lineSum, field: field, detail: "第 \(line.row) 行 \(line.amount) ≠ \(entry.amount)",
                    english: "row \(line.row): \(line.amount) ≠ \(entry.amount)")
            }
            total += line.amount
            if line.failure == nil { paid += line.amount } else { failed += line.amount }
            results.append(.init(line: number, failure: line.failure))
        }
        guard answer.declaredCount == answer.lines.count, answer.declaredTotal == total else {
            throw Refusal(
                .answerTotals, field: "total",
                detail: "\(answer.declaredCount) 笔 \(answer.declaredTotal) ≠ \(answer.lines.count) 笔 \(total)",
                english: "\(answer.declaredCount) lines \(answer.declaredTotal) ≠ \(answer.lines.count) lines \(total)")
        }
        guard !results.isEmpty else { throw Refusal(.nothingToDo, field: "rows") }
        let postings: [Posting] =
            .move(paid, from: .bank, to: .transit) + .move(failed, from: .payable, to: .transit)
        return BankAnswerTaken(file: file.number, results: results, postings: postings.condensed)
    }

    /// A reference that is none of the file's: of another file of the batch it is said which, and what became of the line since.
    private func unknown(_ line: BankAnswer.Line, _ field: String) -> Refusal {
        guard
            let (file, entry) = files.lazy.compactMap({ file in self.entry(line.reference, in: file).map { (file, $0) }
            }).first
        else {
            return Refusal(
                .unknownReference, field: field, detail: "第 \(line.row) 行 \(line.reference)",
                english: "row \(line.row), \(line.reference)")
        }
        let (chinese, english) =
            sentAgain(entry.line, after: file) ?? ("请写 --file \(file.number)", "say --file \(file.number)")
        return Refusal(
            .referenceOfOtherFile, field: field,
            detail: "第 \(line.row) 行 \(line.reference) 属第 \(file.number) 个文件；\(chinese)",
            english: "row \(line.row), \(line.reference), is of file \(file.number); \(english)")
    }

    /// A line of the file that waits for no answer.
    private func answered(_ line: BankAnswer.Line, _ known: BatchLine, _ field: String) -> Refusal {
        let file = files.first { entry(line.reference, in: $0) != nil }
        let (chinese, english) = file.flatMap { sentAgain(known.number, after: $0) } ?? words(of: known)
        return Refusal(
            .lineState, field: field, detail: "第 \(line.row) 行 \(line.reference)：\(chinese)",
            english: "row \(line.row), \(line.reference): \(english)")
    }

    /// What to say of a line that a later file replaced in an earlier one: whatever the bank says of the earlier one now, only
    /// people can find out what it did with either.
    private func sentAgain(_ number: Int, after file: File) -> (chinese: String, english: String)? {
        guard let later = files.last(where: { $0.number > file.number && $0.entries.contains { $0.line == number } }),
            lines.indices.contains(number - 1)
        else { return nil }
        let (chinese, english) = words(of: lines[number - 1])
        return (
            "这一笔已由第 \(later.number) 个文件重送（\(chinese)），第 \(file.number) 个文件的回盘不再入账；请向银行核实两次各付了没有",
            "file \(later.number) replaced this line (\(english)) and no answer to file \(file.number) is booked any more; ask the bank "
                + "which of the two it paid"
        )
    }

    /// How far a line is, in words; money that is taken back is collected.
    private func words(of line: BatchLine) -> (chinese: String, english: String) {
        line.state.words(takesBack: scope?.kind == .recovery)
    }

    // MARK: Lines

    private func line(_ number: Int) throws(Refusal) -> BatchLine {
        guard lines.indices.contains(number - 1) else {
            throw Refusal(.unknownPaymentLine, field: "line", detail: "\(number)")
        }
        return lines[number - 1]
    }

    private func wrongState(_ line: BatchLine) -> Refusal {
        let (chinese, english) = words(of: line)
        return Refusal(
            .lineState, field: "line", detail: "第 \(line.number) 笔 \(chinese)",
            english: "line \(line.number) \(english)")
    }
}
