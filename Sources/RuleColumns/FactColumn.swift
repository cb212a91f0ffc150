/// What is on record of one fact: only the rows of which anything was ever stated, with the days on which it changed.
///
/// One piece of memory, the same in a file as in the process, so that a file of columns is mapped and not read:
/// rows (`Int32`, rising), ends of their steps (`Int32`), first days of the steps (`Int32`), payloads (`Int32` or, where one
/// does not fit, `Int64`), tags (a byte each).
package struct FactColumn: @unchecked Sendable {
    /// How much of what is in the memory.
    package struct Shape: Hashable, Sendable {
        package let rows: Int
        package let steps: Int
        /// Whether payloads take eight bytes.
        package let isWide: Bool

        package init(rows: Int, steps: Int, isWide: Bool) {
            self.rows = rows
            self.steps = steps
            self.isWide = isWide
        }

        fileprivate var endsStart: Int { rows * 4 }
        fileprivate var daysStart: Int { rows * 8 }
        fileprivate var payloadsStart: Int { Self.aligned(rows * 8 + steps * 4) }
        fileprivate var tagsStart: Int { payloadsStart + steps * (isWide ? 8 : 4) }
        /// Bytes of the memory; a multiple of eight.
        package var size: Int { Self.aligned(tagsStart + steps) }

        private static func aligned(_ place: Int) -> Int { (place + 7) & ~7 }
    }

    package let shape: Shape
    private let memory: FactMemory
    private let base: UnsafeRawPointer

    /// A column in memory that is there already, such as a mapped file.
    /// - Parameters:
    ///   - base: start of `shape.size` bytes, at a multiple of eight.
    ///   - memory: what keeps them there.
    ///   - last: the highest tag that may occur.
    /// - Returns: nil where rows do not rise or places lie outside: the bytes are no such column.
    package init?(
        shape: Shape, base: UnsafeRawPointer, memory: FactMemory, rowCount: Int, upTo last: CellTag = .null
    ) {
        self.shape = shape
        self.base = base
        self.memory = memory
        var lastRow = Int32(-1)
        var lastEnd = Int32(0)
        for place in 0..<shape.rows {
            let (row, end) = (rows[place], ends[place])
            guard row > lastRow, row < rowCount, end > lastEnd, end <= shape.steps else { return nil }
            (lastRow, lastEnd) = (row, end)
        }
        guard lastEnd == shape.steps else { return nil }
        for place in 0..<shape.steps where tags[place] > last.rawValue { return nil }
    }

    fileprivate init(_ builder: FactColumnBuilder) {
        let isWide = builder.payloads.contains { Int64(Int32(truncatingIfNeeded: $0)) != $0 }
        let shape = Shape(rows: builder.rows.count, steps: builder.days.count, isWide: isWide)
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: max(8, shape.size), alignment: 8)
        bytes.initializeMemory(as: UInt8.self, repeating: 0, count: shape.size)
        func copy(_ part: UnsafeRawBufferPointer, _ start: Int) {
            guard let source = part.baseAddress else { return }
            (bytes + start).copyMemory(from: source, byteCount: part.count)
        }
        builder.rows.withUnsafeBytes { copy($0, 0) }
        builder.ends.withUnsafeBytes { copy($0, shape.endsStart) }
        builder.days.withUnsafeBytes { copy($0, shape.daysStart) }
        if isWide {
            builder.payloads.withUnsafeBytes { copy($0, shape.payloadsStart) }
        } else {
            let narrow = builder.payloads.map { Int32(truncatingIfNeeded: $0) }
            narrow.withUnsafeBytes { copy($0, shape.payloadsStart) }
        }
        builder.tags.withUnsafeBytes { copy($0, shape.tagsStart) }
        self.shape = shape
        memory = FactMemory(bytes)
        base = UnsafeRawPointer(bytes)
    }

    /// The bytes, valid during the call.
    package func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(memory) {} }
        return try body(UnsafeRawBufferPointer(start: base, count: shape.size))
    }

    @inline(__always)
    private var rows: UnsafePointer<Int32> { base.assumingMemoryBound(to: Int32.self) }
    @inline(__always)
    private var ends: UnsafePointer<Int32> { (base + shape.endsStart).assumingMemoryBound(to: Int32.self) }
    @inline(__always)
    private var tags: UnsafePointer<UInt8> { (base + shape.tagsStart).assumingMemoryBound(to: UInt8.self) }

    /// Writes the value of each of these rows over all days; a row of which nothing is on record gets `absent`.
    /// - Parameters:
    ///   - wanted: rising; nil = the first `count`.
    ///   - cell: what a cell on record reads as, told its row.
    @inline(__always)
    func read(
        _ wanted: [Int32]?, count: Int, absent: (Int32) -> Cell, _ cell: (Cell, Int32) -> Cell
    ) -> StepColumn {
        defer { withExtendedLifetime(memory) {} }
        let (rows, ends, tags) = (rows, ends, tags)
        let days = (base + shape.daysStart).assumingMemoryBound(to: Int32.self)
        let narrow = (base + shape.payloadsStart).assumingMemoryBound(to: Int32.self)
        let wide = (base + shape.payloadsStart).assumingMemoryBound(to: Int64.self)
        let isWide = shape.isWide
        var builder = StepColumnBuilder(rows: count)
        var place = 0
        for index in 0..<count {
            let row = wanted.map { $0[index] } ?? Int32(truncatingIfNeeded: index)
            while place < shape.rows, rows[place] < row { place += 1 }
            guard place < shape.rows, rows[place] == row else {
                builder.addRow(absent(row))
                continue
            }
            let first = place == 0 ? 0 : Int(ends[place - 1])
            if days[first] != StepColumn.beginning { builder.add(StepColumn.beginning, absent(row)) }
            for step in first..<Int(ends[place]) {
                let payload = isWide ? wide[step] : Int64(narrow[step])
                let stored = Self.recorded(tags[step], payload)
                builder.add(days[step], cell(stored, row))
            }
            builder.endRow()
        }
        return builder.finish()
    }

    /// The value of a row on a day; null where nothing is on record, unknown where the day of what is on record is.
    package func cell(row: Int, on day: Int32) -> Cell {
        defer { withExtendedLifetime(memory) {} }
        guard let place = place(of: row) else { return .null }
        let days = (base + shape.daysStart).assumingMemoryBound(to: Int32.self)
        let steps = steps(at: place)
        guard let step = steps.last(where: { days[$0] <= day }) else { return .null }
        return cell(step)
    }

    /// Writes the cells as they stand, of the first `count` rows; those left out are `absent` on all days.
    func read(count: Int, absent: Cell, unknown: (Int64) -> Int64) -> StepColumn {
        defer { withExtendedLifetime(memory) {} }
        let (rows, ends) = (rows, ends)
        let days = (base + shape.daysStart).assumingMemoryBound(to: Int32.self)
        var builder = StepColumnBuilder(rows: count)
        var row = 0
        var first = 0
        for place in 0..<shape.rows where rows[place] < count {
            while row < rows[place] {
                builder.addRow(absent)
                row += 1
            }
            for step in first..<Int(ends[place]) {
                var cell = stored(step)
                if cell.tag == .unknown { cell.payload = unknown(cell.payload) }
                builder.add(days[step], cell)
            }
            builder.endRow()
            row += 1
            first = Int(ends[place])
        }
        while row < count {
            builder.addRow(absent)
            row += 1
        }
        return builder.finish()
    }

    /// Where the steps of each row stand, and how they read as they stand.
    @inline(__always)
    func forEachRow(_ body: (_ row: Int, _ steps: Range<Int>, _ step: (Int) -> (day: Int32, cell: Cell)) -> Void) {
        defer { withExtendedLifetime(memory) {} }
        let days = (base + shape.daysStart).assumingMemoryBound(to: Int32.self)
        var first = 0
        for place in 0..<shape.rows {
            let end = Int(ends[place])
            body(Int(rows[place]), first..<end) { (days[$0], stored($0)) }
            first = end
        }
    }

    /// All cells as they stand, row by row.
    func forEachCell(_ body: (_ row: Int, Cell) -> Void) {
        defer { withExtendedLifetime(memory) {} }
        for place in 0..<shape.rows { for step in steps(at: place) { body(Int(rows[place]), stored(step)) } }
    }

    @inline(__always)
    private func stored(_ step: Int) -> Cell {
        let payloads = base + shape.payloadsStart
        return Cell(
            CellTag(rawValue: tags[step]) ?? .null,
            shape.isWide
                ? payloads.assumingMemoryBound(to: Int64.self)[step]
                : Int64(payloads.assumingMemoryBound(to: Int32.self)[step]))
    }

    /// All steps, row by row.
    package func forEachStep(_ body: (_ row: Int, _ day: Int32, Cell) -> Void) {
        for place in 0..<shape.rows { forEachStep(at: place, body) }
    }

    /// The steps of rows that changed at least once, row by row.
    package func forEachChange(_ body: (_ row: Int, _ day: Int32, Cell) -> Void) {
        for place in 0..<shape.rows where steps(at: place).count > 1 { forEachStep(at: place, body) }
    }

    /// The steps of a row.
    package func forEachStep(of row: Int, _ body: (_ row: Int, _ day: Int32, Cell) -> Void) {
        if let place = place(of: row) { forEachStep(at: place, body) }
    }

    private func forEachStep(at place: Int, _ body: (_ row: Int, _ day: Int32, Cell) -> Void) {
        defer { withExtendedLifetime(memory) {} }
        let days = (base + shape.daysStart).assumingMemoryBound(to: Int32.self)
        for step in steps(at: place) { body(Int(rows[place]), days[step], cell(step)) }
    }

    private func steps(at place: Int) -> Range<Int> { (place == 0 ? 0 : Int(ends[place - 1]))..<Int(ends[place]) }

    private func cell(_ step: Int) -> Cell {
        Self.recorded(tags[step], stored(step).payload)
    }

    /// What is on record: a value, nothing, or that it is unknown on which day something was that is on record.
    @inline(__always)
    private static func recorded(_ tag: UInt8, _ payload: Int64) -> Cell {
        if tag == CellTag.value.rawValue { return Cell(.value, payload) }
        return tag == CellTag.unknown.rawValue ? Cell(.unknown, 0) : .null
    }

    private func place(of row: Int) -> Int? {
        var low = 0
        var high = shape.rows
        while low < high {
            let middle = (low + high) / 2
            if rows[middle] < row { low = middle + 1 } else { high = middle }
        }
        return low < shape.rows && rows[low] == row ? low : nil
    }
}

/// Keeps the memory of columns as long as one of them is used; it never changes.
package final class FactMemory: @unchecked Sendable {
    private let release: @Sendable () -> Void

    /// Memory that goes away by this call.
    package init(release: @escaping @Sendable () -> Void) { self.release = release }

    fileprivate convenience init(_ bytes: UnsafeMutableRawPointer) {
        let address = UInt(bitPattern: bytes)
        self.init { UnsafeMutableRawPointer(bitPattern: address)?.deallocate() }
    }

    deinit { release() }
}

/// Writes a column of facts, row by row.
struct FactColumnBuilder {
    fileprivate var rows: [Int32] = []
    fileprivate var ends: [Int32] = []
    fileprivate var days: [Int32] = []
    fileprivate var payloads: [Int64] = []
    fileprivate var tags: [UInt8] = []

    var isEmpty: Bool { rows.isEmpty }

    /// A step of a row; rows come in rising order, and the steps of one in order of their days.
    mutating func add(row: Int, _ day: Int32, _ cell: Cell) {
        if rows.last != Int32(row) {
            rows.append(Int32(row))
            ends.append(Int32(days.count))
        } else if let last = days.indices.last, tags[last] == cell.tag.rawValue, payloads[last] == cell.payload {
            return
        }
        days.append(day)
        payloads.append(cell.payload)
        tags.append(cell.tag.rawValue)
        ends[ends.count - 1] = Int32(days.count)
    }

    func finish() -> FactColumn { FactColumn(self) }
}
