extension PaymentBatch {
    /// The command that did already all that an action asks for, under whichever id and on whichever day it was sent: a step
    /// that is typed again on a later day is answered as done. nil = something of it was not done; once it is a command it
    /// stays that one.
    ///
    /// Returns and reversals are told apart by nothing but their ids: a line may come back twice.
    package func carriedOut(_ action: PaymentAction) -> CommandID? {
        switch action {
        case .prepare(let wanted, let households):
            return scope == wanted ? naming(of: households) : nil
        case .close: return closedBy
        case .takeAnswer(let answer): return answers.first { isSame($0.taken, as: answer) }?.by
        case .issue, .recordReturn, .reverse: return nil
        }
    }

    /// The command that made the latest files, while the bank has not answered all of their lines; nil = there is nothing that
    /// whoever asks for files once more can mean. Only where nothing new waits: then the same files are meant, which perhaps
    /// never reached the person who asked.
    package var openIssue: CommandID? {
        guard let last = files.last else { return nil }
        return files.contains { $0.by == last.by && unanswered(in: $0) > 0 } ? last.by : nil
    }

    /// How many lines of a file the bank has not answered.
    package func unanswered(in file: File) -> Int {
        file.entries.count { entry in
            lines.indices.contains(entry.line - 1) && lines[entry.line - 1].state == .inTransit(file: file.number)
        }
    }

    /// Number of the first file that the same command made.
    package func firstOfRun(_ file: File) -> Int { files.first { $0.by == file.by }?.number ?? file.number }

    /// Whether an answer says of the same lines of a file the same as one that was taken in, with right totals.
    private func isSame(_ taken: BankAnswerTaken, as answer: BankAnswer) -> Bool {
        guard taken.file == answer.file, taken.results.count == answer.lines.count,
            let file = files.first(where: { $0.number == answer.file })
        else { return false }
        var results: Set<BankAnswerTaken.Result> = []
        var total = Fen.zero
        for line in answer.lines {
            guard let entry = entry(line.reference, in: file), entry.amount == line.amount else { return false }
            results.insert(.init(line: entry.line, failure: line.failure))
            total += line.amount
        }
        return results == Set(taken.results) && answer.declaredCount == answer.lines.count
            && answer.declaredTotal == total
    }

    /// The line of a file that a reference names, as the bank gives it back.
    func entry(_ reference: String, in file: File) -> BankFileIssued.Entry? {
        let prefix = "\(BankReference.prefix(id))-\(file.number)-"
        guard reference.hasPrefix(prefix), let number = Int(reference.dropFirst(prefix.count)),
            BankReference(batch: id, file: file.number, line: number).description == reference
        else { return nil }
        return file.entries.first { $0.line == number }
    }
}
