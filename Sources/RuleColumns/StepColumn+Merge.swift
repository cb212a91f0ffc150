/// A column as an operand: rows of the result may lie on other rows of it.
struct Operand {
    let column: StepColumn
    /// For each row of the result, the row of the column; nil = the same.
    let rows: [Int32]?

    init(_ column: StepColumn, rows: [Int32]? = nil) {
        self.column = column
        self.rows = column.isBroadcast ? nil : rows
    }

    @inline(__always)
    func steps(of row: Int) -> Range<Int> {
        column.steps(of: rows.map { Int($0[row]) } ?? row)
    }
}

/// Where an operand stands while the steps of one row are merged.
struct StepCursor {
    private let column: StepColumn
    private var place: Int
    private let end: Int

    @inline(__always)
    init(_ operand: Operand, row: Int) {
        column = operand.column
        let steps = operand.steps(of: row)
        place = steps.lowerBound
        end = steps.upperBound
    }

    @inline(__always)
    var cell: Cell { column.cell(place) }
    /// First day of the next step; `Int32.max` when there is none.
    @inline(__always)
    var next: Int32 { place + 1 < end ? column.day(place + 1) : .max }

    /// Moves on when the next step begins on the day.
    @inline(__always)
    mutating func advance(to day: Int32) {
        if place + 1 < end, column.day(place + 1) <= day { place += 1 }
    }
}

extension StepColumn {
    /// The column with another value in each cell.
    @inline(__always)
    static func mapped(_ one: Operand, rows: Int, _ value: (Cell) -> Cell) -> StepColumn {
        let isBroadcast = one.column.isBroadcast
        let count = isBroadcast ? 1 : rows
        var builder = StepColumnBuilder(rows: count)
        for row in 0..<count {
            for place in one.steps(of: row) { builder.add(one.column.day(place), value(one.column.cell(place))) }
            builder.endRow()
        }
        return builder.finish(isBroadcast: isBroadcast)
    }

    /// Two columns cell by cell.
    @inline(__always)
    static func merged(_ one: Operand, _ two: Operand, rows: Int, _ value: (Cell, Cell) -> Cell) -> StepColumn {
        let isBroadcast = one.column.isBroadcast && two.column.isBroadcast
        let count = isBroadcast ? 1 : rows
        var builder = StepColumnBuilder(rows: count)
        for row in 0..<count {
            let left = one.steps(of: row)
            let right = two.steps(of: row)
            if left.count == 1 {
                let cell = one.column.cell(left.lowerBound)
                for place in right { builder.add(two.column.day(place), value(cell, two.column.cell(place))) }
            } else if right.count == 1 {
                let cell = two.column.cell(right.lowerBound)
                for place in left { builder.add(one.column.day(place), value(one.column.cell(place), cell)) }
            } else {
                var a = StepCursor(one, row: row)
                var b = StepCursor(two, row: row)
                var day = beginning
                while day != .max {
                    builder.add(day, value(a.cell, b.cell))
                    day = min(a.next, b.next)
                    a.advance(to: day)
                    b.advance(to: day)
                }
            }
            builder.endRow()
        }
        return builder.finish(isBroadcast: isBroadcast)
    }

    /// Three columns cell by cell.
    @inline(__always)
    static func merged(
        _ one: Operand, _ two: Operand, _ three: Operand, rows: Int, _ value: (Cell, Cell, Cell) -> Cell
    ) -> StepColumn {
        let isBroadcast = one.column.isBroadcast && two.column.isBroadcast && three.column.isBroadcast
        let count = isBroadcast ? 1 : rows
        var builder = StepColumnBuilder(rows: count)
        for row in 0..<count {
            var a = StepCursor(one, row: row)
            var b = StepCursor(two, row: row)
            var c = StepCursor(three, row: row)
            var day = beginning
            while day != .max {
                builder.add(day, value(a.cell, b.cell, c.cell))
                day = min(a.next, b.next, c.next)
                a.advance(to: day)
                b.advance(to: day)
                c.advance(to: day)
            }
            builder.endRow()
        }
        return builder.finish(isBroadcast: isBroadcast)
    }

    /// Any number of columns cell by cell.
    static func merged(_ operands: [Operand], rows: Int, _ value: ([Cell]) -> Cell) -> StepColumn {
        let isBroadcast = operands.allSatisfy(\.column.isBroadcast)
        let count = isBroadcast ? 1 : rows
        var builder = StepColumnBuilder(rows: count)
        for row in 0..<count {
            var cursors = operands.map { StepCursor($0, row: row) }
            var day = beginning
            while day != .max {
                builder.add(day, value(cursors.map(\.cell)))
                day = cursors.map(\.next).min() ?? .max
                for index in cursors.indices { cursors[index].advance(to: day) }
            }
            builder.endRow()
        }
        return builder.finish(isBroadcast: isBroadcast)
    }

    /// As `merged`, over the steps with their days: for operators whose answer turns on a day of its own.
    @inline(__always)
    static func spanned(
        _ one: Operand, _ two: Operand, rows: Int,
        _ write: (_ from: Int32, _ to: Int32, Cell, Cell, inout StepColumnBuilder) -> Void
    ) -> StepColumn {
        let isBroadcast = one.column.isBroadcast && two.column.isBroadcast
        let count = isBroadcast ? 1 : rows
        var builder = StepColumnBuilder(rows: count)
        for row in 0..<count {
            var a = StepCursor(one, row: row)
            var b = StepCursor(two, row: row)
            var day = beginning
            while day != .max {
                let next = min(a.next, b.next)
                write(day, next, a.cell, b.cell, &builder)
                day = next
                a.advance(to: day)
                b.advance(to: day)
            }
            builder.endRow()
        }
        return builder.finish(isBroadcast: isBroadcast)
    }
}
