/// What a cell of a column holds besides its payload.
package enum CellTag: UInt8, Sendable {
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
    let offsets: UnsafeMutableBufferPointer<Int32>
    let days: UnsafeMutableBufferPointer<Int32>
    let tags: UnsafeMutableBufferPointer<CellTag>
    let payloads: UnsafeMutableBufferPointer<Int64>

    init(offsets: [Int32], days: [Int32], tags: [CellTag], payloads: [Int64]) {
        self.offsets = Self.copy(offsets)
        self.days = Self.copy(days)
        self.tags = Self.copy(tags)
        self.payloads = Self.copy(payloads)
    }

    private static func copy<Element>(_ array: [Element]) -> UnsafeMutableBufferPointer<Element> {
        let memory = UnsafeMutableBufferPointer<Element>.allocate(capacity: array.count)
        _ = memory.initialize(from: array)
        return memory
    }

    deinit {
        offsets.deallocate()
        days.deallocate()
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

    /// - Parameters:
    ///   - offsets: `rows + 1` places in the arrays below; empty in a flat column.
    ///   - days: first day of each step; empty in a flat column.
    package init(
        isBroadcast: Bool = false, offsets: [Int32], days: [Int32], tags: [CellTag], payloads: [Int64]
    ) {
        precondition(offsets.isEmpty || days.count == tags.count, "StepColumn.init: a day per step")
        precondition(tags.count == payloads.count, "StepColumn.init: a payload per tag")
        self.isBroadcast = isBroadcast
        isFlat = offsets.isEmpty
        storage = StepStorage(offsets: offsets, days: days, tags: tags, payloads: payloads)
    }

    /// The same value for all rows and days.
    package init(constant cell: Cell) {
        self.init(isBroadcast: true, offsets: [], days: [], tags: [cell.tag], payloads: [cell.payload])
    }

    /// Steps kept.
    package var count: Int { storage.tags.count }

    /// The places of a row's steps.
    @inline(__always)
    package func steps(of row: Int) -> Range<Int> {
        let row = isBroadcast ? 0 : row
        return isFlat ? row..<row + 1 : Int(storage.offsets[row])..<Int(storage.offsets[row + 1])
    }

    @inline(__always)
    package func day(_ place: Int) -> Int32 { isFlat ? Self.beginning : storage.days[place] }
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
            days: isFlat ? nil : UnsafePointer(storage.days.baseAddress),
            tags: UnsafePointer(storage.tags.baseAddress!),
            payloads: UnsafePointer(storage.payloads.baseAddress!), place: steps.lowerBound, end: steps.upperBound)
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

/// Writes a column row by row; steps that repeat the one before are left out.
struct StepColumnBuilder {
    private var offsets: [Int32] = [0]
    private var days: [Int32] = []
    private var tags: [CellTag] = []
    private var payloads: [Int64] = []
    private var rowStart = 0
    private var isFlat = true

    init(rows: Int) {
        offsets.reserveCapacity(rows + 1)
        days.reserveCapacity(rows * 2)
        tags.reserveCapacity(rows * 2)
        payloads.reserveCapacity(rows * 2)
    }

    /// The next step of the row; its first must begin at `StepColumn.beginning`.
    @inline(__always)
    mutating func add(_ day: Int32, _ cell: Cell) {
        let last = tags.count - 1
        if last >= rowStart {
            if tags[last] == cell.tag && payloads[last] == cell.payload { return }
            if days[last] == day {
                // Two steps on one day: the later word counts, and may repeat the one before it.
                if last > rowStart, tags[last - 1] == cell.tag, payloads[last - 1] == cell.payload {
                    days.removeLast()
                    tags.removeLast()
                    payloads.removeLast()
                } else {
                    tags[last] = cell.tag
                    payloads[last] = cell.payload
                }
                return
            }
        }
        days.append(day)
        tags.append(cell.tag)
        payloads.append(cell.payload)
    }

    @inline(__always)
    mutating func endRow() {
        if tags.count != rowStart + 1 { isFlat = false }
        rowStart = tags.count
        offsets.append(Int32(rowStart))
    }

    func finish(isBroadcast: Bool = false) -> StepColumn {
        isFlat
            ? StepColumn(isBroadcast: isBroadcast, offsets: [], days: [], tags: tags, payloads: payloads)
            : StepColumn(isBroadcast: isBroadcast, offsets: offsets, days: days, tags: tags, payloads: payloads)
    }
}
