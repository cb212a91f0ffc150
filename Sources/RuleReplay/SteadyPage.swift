import CareDomain
import Foundation
import RuleColumns

/// What a steady clause comes to, by the days on which it applies to a row: families share them far more often than not, for
/// whoever was there before the period counts from its beginning on.
///
/// Used by one thread at a time.
final class SteadyPage {
    let steady: SteadyClause
    /// What differs, each as in the row that came first; their months and payers are places of the page.
    private var rows: [BlockDifference.Row] = []
    private(set) var months: [DifferenceRun] = []
    /// Each payer by its place in `names`.
    private(set) var payers: [(payer: Int32, difference: Fen)] = []
    private(set) var names: [Code] = []
    private var slots: [Slot] = Array(repeating: .empty, count: 256)
    private var used = 0
    /// Rows of other days are worked out one by one once there are so many: memory stays bounded.
    private static let mostDays = 1 << 14

    private struct Slot {
        var days: Range<Int32>
        /// Place in `rows`, or `same`.
        var place: Int32

        static let empty = Slot(days: 0..<0, place: 0)
        static let same: Int32 = -1
    }

    /// What is known of rows with some days.
    enum Known {
        case nothing
        /// The sides say the same.
        case same
        /// Months and payers are places of the page.
        case differing(BlockDifference.Row)
    }

    init(_ steady: SteadyClause) { self.steady = steady }

    /// - Parameter days: never empty.
    func known(_ days: Range<Int32>) -> Known {
        let slot = slots[place(of: days)]
        if slot.days.isEmpty { return .nothing }
        return slot.place == Slot.same ? .same : .differing(rows[Int(slot.place)])
    }

    /// Notes what the rows with these days come to, which nobody knew.
    /// - Parameter row: what differs, last in `result`; nil = nothing.
    func note(_ days: Range<Int32>, _ row: BlockDifference.Row?, in result: BlockDifference) {
        guard used < Self.mostDays else { return }
        if used * 2 >= slots.count { grow() }
        used += 1
        slots[place(of: days)] = Slot(days: days, place: row == nil ? Slot.same : Int32(rows.count))
        guard var row else { return }
        let (firstMonth, firstPayer) = (Int32(months.count), Int32(payers.count))
        months += result.months[Int(row.months.lowerBound)..<Int(row.months.upperBound)]
        for (payer, sum) in result.payers[Int(row.payers.lowerBound)..<Int(row.payers.upperBound)] {
            payers.append((number(of: result.payerNames[Int(payer)]), sum))
        }
        row.months = firstMonth..<Int32(months.count)
        row.payers = firstPayer..<Int32(payers.count)
        rows.append(row)
    }

    private func number(of name: Code) -> Int32 {
        if let place = names.firstIndex(of: name) { return Int32(place) }
        names.append(name)
        return Int32(names.count - 1)
    }

    /// The slot of these days, or the free one where they belong.
    private func place(of days: Range<Int32>) -> Int {
        let key = UInt64(UInt32(bitPattern: days.lowerBound)) << 32 | UInt64(UInt32(bitPattern: days.upperBound))
        let mixed = key &* 0x9E37_79B9_7F4A_7C15
        var place = Int(truncatingIfNeeded: mixed >> 40) & (slots.count - 1)
        while !slots[place].days.isEmpty, slots[place].days != days { place = (place + 1) & (slots.count - 1) }
        return place
    }

    private func grow() {
        let old = slots
        slots = Array(repeating: .empty, count: old.count * 2)
        for slot in old where !slot.days.isEmpty { slots[place(of: slot.days)] = slot }
    }
}

/// What one thread found out of the steady clauses of a replay, handed on from block to block.
final class SteadyBook {
    private var pages: [SteadyPage?]

    fileprivate init(clauses: Int) { pages = Array(repeating: nil, count: clauses) }

    /// The page of a clause; nil where what is given is not the same for all rows.
    func page(_ index: Int, of clause: ColumnReplay.Clause, _ run: inout BlockRun) -> SteadyPage? {
        if let page = pages[index] { return page }
        guard let steady = SteadyClause(clause, &run) else { return nil }
        let page = SteadyPage(steady)
        if steady.isOfAllBlocks { pages[index] = page }
        return page
    }
}

/// The books of a replay: as many as threads are at work at once.
///
/// `@unchecked Sendable`: `books` is touched only while `lock` is held, and a book is with one borrower at a time.
final class SteadyShelf: @unchecked Sendable {
    private let lock = NSLock()
    private var books: [SteadyBook] = []
    private let clauses: Int

    init(clauses: Int) { self.clauses = clauses }

    /// Lends a book.
    func with<Result>(_ body: (SteadyBook) -> Result) -> Result {
        let book = lock.withLock { books.popLast() } ?? SteadyBook(clauses: clauses)
        defer { lock.withLock { books.append(book) } }
        return body(book)
    }
}
