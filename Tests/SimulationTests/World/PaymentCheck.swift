import CareDomain
import CareProjections
import EventLog

extension Check {
    /// Every command about a payment batch that was acknowledged stands where it was said to; every batch adds up to
    /// nothing, is frozen once it was closed, agrees with the families' files, and no month of a right is ordered twice.
    func paid() throws {
        var places: [BatchID: [AppendID: [UInt64]]] = [:]
        for event in events where event.stream.category == .batch {
            guard let batch = BatchID(event.stream.key) else { continue }
            places[batch, default: [:]][event.appendID, default: []].append(event.sequence.rawValue)
        }
        guard let reader = try log?.makeReader() else { return }
        defer { reader.close() }
        var books = PaymentBooks()
        try books.catchUp(reader)
        for command in world.cashier.commands.values {
            guard let entry = world.errands.entry(command.id) else { continue }
            func place(_ id: Identifier128) -> [UInt64] {
                places[command.batch]?[AppendID(high: id.high, low: id.low)] ?? []
            }
            let others = books.entries[command.batch]?.batch.files.map(\.by).filter { $0 != command.id } ?? []
            for told in entry.toldOfOthers where !others.contains(where: { place($0.value) == Array(told) }) {
                world.fail("\(entry.label) \(command.id) was told of files at \(told), which are nobody else's")
            }
            guard case .recorded(let first, let last, _)? = entry.answer else { continue }
            // Whoever asks for what was done under another id is told where that stands.
            var found = place(command.id.value)
            if found.isEmpty, let earlier = books.entries[command.batch]?.batch.carriedOut(command.action) {
                found = place(earlier.value)
            }
            if found.isEmpty, case .issue = command.action {
                // Who asks for files once more is told of a run that made some.
                let runs = books.entries[command.batch]?.batch.files.map { place($0.by.value) } ?? []
                found = runs.first { $0 == Array(first...last) } ?? []
            }
            if found != Array(first...last) {
                world.fail(
                    "\(entry.label) \(command.id) was acknowledged at \(first)...\(last), stands at \(found)")
            }
        }
        let entries = books.order.compactMap { books.entries[$0] }
        for finding in Reconciliation(entries, household: { histories[$0]?.household }).findings {
            world.fail("the books: \(finding.code) in batch \(finding.batch), line \(finding.line)")
        }
        for entry in entries where entry.batch.closedAt != nil {
            if !entry.batch.isFrozen { world.fail("batch \(entry.batch.id) was closed and never frozen") }
            if !entry.batch.steps.isEmpty { world.fail("batch \(entry.batch.id) has not told the families") }
        }
    }
}
