/// What a cell of a column holds besides its payload.
package enum CellTag: UInt8, Sendable, BitwiseCopyable {
    /// The payload is the value.
    case value
    /// CEL's null: a certified state or event that is not there.
    case null
    /// Not known; the payload names what is missing, see `MissingTable`.
    case unknown
    /// The expression failed; the payload is the place of the error in `EvaluationError`'s order.
    case error
}

/// One value of a column.
///
/// The payload of a bool is 0 or 1, of a day its number, of money fen, of a decimal thousandths, of a text its place in the
/// `CodeTable`, of an entity its row.
package struct Cell: Hashable, Sendable {
    package var tag: CellTag
    package var payload: Int64

    @inline(__always)
    package init(_ tag: CellTag, _ payload: Int64) {
        self.tag = tag
        self.payload = payload
    }

    @inline(__always)
    static func bool(_ value: Bool) -> Cell { Cell(.value, value ? 1 : 0) }
    static let null = Cell(.null, 0)

    @inline(__always)
    var isKnown: Bool { tag == .value || tag == .null }
    @inline(__always)
    var isTrue: Bool { tag == .value && payload == 1 }
    @inline(__always)
    var isFalse: Bool { tag == .value && payload == 0 }
}

/// Memory of a column. Never changes once made; so many threads may read it.
///
/// Not arrays: cursors point into it without counting references, and a retain and release per row and operand were a third of the
/// time of a replay.
private final class StepStorage: @unchecked Sendable {
    /// nil in a flat column.
    let offsets: UnsafeMutablePointer<Int32>?
    /// nil in a column that was flat from the start.
    let days: UnsafeMutablePointer<Int32>?
    let tags: UnsafeMutablePointer<CellTag>
    let payloads: UnsafeMutablePointer<Int64>
    let count: Int

    /// Takes the memory over.
    init(
        offsets: UnsafeMutablePointer<Int32>?, days: UnsafeMutablePointer<Int32>?,
        tags: UnsafeMutablePointer<CellTag>, payloads: UnsafeMutablePointer<Int64>, count: Int
    ) {
        self.offsets = offsets
        self.days = days
        self.tags = tags
        self.payloads = payloads
        self.count = count
    }

    deinit {
        offsets?.deallocate()
        days?.deallocate()
        tags.deallocate()
        payloads.deallocate()
    }
}

/// Step functions of many rows: for each row, which value holds from which day on.
///
/// A row has at least one step and its first begins before all days. In a *broadcast* column one row stands for all; in a
/// *flat* one every row has one step, and neither offsets nor days are kept.
package struct StepColumn: Sendable {
    /// Where the first step of a row begins.
    package static let beginning = Int32.min

    package let isBroadcast: Bool
    package let isFlat: Bool
    private let storage: StepStorage

    fileprivate init(isBroadcast: Bool, isFlat: Bool, _ storage: StepStorage) {
        self.isBroadcast = isBroadcast
        self.isFlat = isFlat
        self.storage = storage
    }

    /// Takes memory over from a builder; without offsets the column is flat.
    init(
        taking offsets: UnsafeMutablePointer<Int32>?, _ days: UnsafeMutablePointer<Int32>,
        _ tags: UnsafeMutablePointer<CellTag>, _ payloads: UnsafeMutablePointer<Int64>, count: Int, isBroadcast: Bool
    ) {
        self.init(
            isBroadcast: isBroadcast, isFlat: offsets == nil,
            StepStorage(offsets: offsets, days: days, tags: tags, payloads: payloads, count: count))
    }

    /// A flat column of so many rows.
    @inline(__always)
    static func flat(rows: Int, isBroadcast: Bool = false, _ cell: (Int) -> Cell) -> StepColumn {
        let tags = UnsafeMutablePointer<CellTag>.allocate(capacity: max(1, rows))
        let payloads = UnsafeMutablePointer<Int64>.allocate(capacity: max(1, rows))
        for row in 0..<rows {
            let cell = cell(row)
            tags[row] = cell.tag
            payloads[row] = cell.payload
        }
        let storage = StepStorage(offsets: nil, days: nil, tags: tags, payloads: payloads, count: rows)
        return StepColumn(isBroadcast: isBroadcast, isFlat: true, storage)
    }

    /// The same value for all rows and days.
    package init(constant cell: Cell) {
        self = Self.flat(rows: 1, isBroadcast: true) { _ in cell }
    }

    /// Steps kept.
    package var count: Int { storage.count }

    /// The places of a row's steps.
    @inline(__always)
    package func steps(of row: Int) -> Range<Int> {
        let row = isBroadcast ? 0 : row
        return isFlat ? row..<row + 1 : Int(storage.offsets![row])..<Int(storage.offsets![row + 1])
    }

    @inline(__always)
    package func day(_ place: Int) -> Int32 { isFlat ? Self.beginning : storage.days![place] }
    @inline(__always)
    package func cell(_ place: Int) -> Cell { Cell(storage.tags[place], storage.payloads[place]) }

    /// The value of a row on a day.
    package func cell(row: Int, on day: Int32) -> Cell {
        let steps = steps(of: row)
        var place = steps.upperBound - 1
        while place > steps.lowerBound, self.day(place) > day { place -= 1 }
        return cell(place)
    }

    /// A cursor over a row's steps; valid while the column is.
    @inline(__always)
    func cursor(_ steps: Range<Int>) -> StepCursor {
        StepCursor(
            days: isFlat ? nil : UnsafePointer(storage.days), tags: UnsafePointer(storage.tags),
            payloads: UnsafePointer(storage.payloads), place: steps.lowerBound, end: steps.upperBound)
    }
}

/// Where an operand stands while the steps of one row are merged. Points into its column and must not outlive it.
struct StepCursor {
    fileprivate let days: UnsafePointer<Int32>?
    fileprivate let tags: UnsafePointer<CellTag>
    fileprivate let payloads: UnsafePointer<Int64>
    fileprivate var place: Int
    fileprivate let end: Int

    @inline(__always)
    var cell: Cell { Cell(tags[place], payloads[place]) }
    /// First day of the next step; `Int32.max` when there is none.
    @inline(__always)
    var next: Int32 { place + 1 < end ? days![place + 1] : .max }

    /// Moves on when the next step begins on the day or before.
    @inline(__always)
    mutating func advance(to day: Int32) {
        if place + 1 < end, days![place + 1] <= day { place += 1 }
    }

    /// Moves to the step in force on the day.
    @inline(__always)
    mutating func catchUp(to day: Int32) {
        while place + 1 < end, days![place + 1] <= day { place += 1 }
    }
}
