/// Writes a column row by row; steps that repeat the one before are left out.
struct StepColumnBuilder: ~Copyable {
    /// Begun with the first row that has several steps.
    private var offsets: UnsafeMutablePointer<Int32>?
    private var days: UnsafeMutablePointer<Int32>
    private var tags: UnsafeMutablePointer<CellTag>
    private var payloads: UnsafeMutablePointer<Int64>
    private var capacity: Int
    private var rowCapacity: Int
    private var count = 0
    private var rowStart = 0
    private var row = 0

    /// - Parameter rows: how many are expected; more may come.
    init(rows: Int) {
        rowCapacity = max(rows, 8)
        capacity = rowCapacity + rowCapacity / 2
        days = .allocate(capacity: capacity)
        tags = .allocate(capacity: capacity)
        payloads = .allocate(capacity: capacity)
    }

    deinit {
        offsets?.deallocate()
        days.deallocate()
        tags.deallocate()
        payloads.deallocate()
    }

    /// The next step of the row; its first must begin at `StepColumn.beginning`.
    @inline(__always)
    mutating func add(_ day: Int32, _ cell: Cell) {
        let last = count - 1
        if last >= rowStart {
            if tags[last] == cell.tag && payloads[last] == cell.payload { return }
            if days[last] == day {
                // Two steps on one day: the later word counts, and may repeat the one before it.
                if last > rowStart, tags[last - 1] == cell.tag, payloads[last - 1] == cell.payload {
                    count -= 1
                } else {
                    tags[last] = cell.tag
                    payloads[last] = cell.payload
                }
                return
            }
        }
        if count == capacity { grow() }
        days[count] = day
        tags[count] = cell.tag
        payloads[count] = cell.payload
        count += 1
    }

    @inline(__always)
    mutating func endRow() {
        if count != rowStart + 1, offsets == nil { beginOffsets() }
        row += 1
        if let offsets {
            if row > rowCapacity { growRows() }
            (self.offsets ?? offsets)[row] = Int32(truncatingIfNeeded: count)
        }
        rowStart = count
    }

    /// A row with one step.
    @inline(__always)
    mutating func addRow(_ cell: Cell) {
        add(StepColumn.beginning, cell)
        endRow()
    }

    private mutating func grow() {
        days = Self.moved(days, count, to: capacity * 2)
        tags = Self.moved(tags, count, to: capacity * 2)
        payloads = Self.moved(payloads, count, to: capacity * 2)
        capacity *= 2
    }

    private mutating func growRows() {
        if let offsets { self.offsets = Self.moved(offsets, row, to: row * 2 + 1) }
        rowCapacity = row * 2
    }

    /// Until now a step per row.
    private mutating func beginOffsets() {
        rowCapacity = max(rowCapacity, row + 1)
        let offsets = UnsafeMutablePointer<Int32>.allocate(capacity: rowCapacity + 1)
        for place in 0...row { offsets[place] = Int32(truncatingIfNeeded: place) }
        self.offsets = offsets
    }

    private static func moved<Element: BitwiseCopyable>(
        _ memory: UnsafeMutablePointer<Element>, _ count: Int, to capacity: Int
    ) -> UnsafeMutablePointer<Element> {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
        larger.update(from: memory, count: count)
        memory.deallocate()
        return larger
    }

    consuming func finish(isBroadcast: Bool = false) -> StepColumn {
        let column = StepColumn(
            taking: offsets, days, tags, payloads, count: count, isBroadcast: isBroadcast)
        discard self
        return column
    }
}
