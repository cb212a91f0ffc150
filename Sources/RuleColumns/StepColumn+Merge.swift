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

    /// The row of the column.
    @inline(__always)
    func place(_ row: Int) -> Int {
        column.isBroadcast ? 0 : rows.map { Int($0[row]) } ?? row
    }

    /// Whether it is one value for all rows and days.
    var isConstant: Bool { column.isBroadcast && column.isFlat }

    /// A cursor over the row's steps; valid while the operand is.
    @inline(__always)
    func cursor(_ row: Int) -> StepCursor { column.cursor(steps(of: row)) }
}

extension StepColumn {
    /// The column with another value in each cell.
    @inline(__always)
    static func mapped(_ one: Operand, rows: Int, _ value: (Cell) -> Cell) -> StepColumn {
        let isBroadcast = one.column.isBroadcast
        let count = isBroadcast ? 1 : rows
        if one.column.isFlat {
            return flat(rows: count, isBroadcast: isBroadcast) { value(one.column.cell(one.place($0))) }
        }
        var builder = StepColumnBuilder(rows: count)
        for row in 0..<count {
            for place in one.steps(of: row) { builder.add(one.column.day(place), value(one.column.cell(place))) }
            builder.endRow()
        }
        withExtendedLifetime(one) {}
        return builder.finish(isBroadcast: isBroadcast)
    }

    /// Two columns cell by cell.
    @inline(__always)
    static func merged(_ one: Operand, _ two: Operand, rows: Int, _ value: (Cell, Cell) -> Cell) -> StepColumn {
        let isBroadcast = one.column.isBroadcast && two.column.isBroadcast
        let count = isBroadcast ? 1 : rows
        if one.column.isFlat && two.column.isFlat {
            return flat(rows: count, isBroadcast: isBroadcast) {
                value(one.column.cell(one.place($0)), two.column.cell(two.place($0)))
            }
        }
        var builder = StepColumnBuilder(rows: count)
        for row in 0..<count { merge(one, row, two, row, into: &builder, value) }
        withExtendedLifetime((one, two)) {}
        return builder.finish(isBroadcast: isBroadcast)
    }

    /// One row of one column with one of another.
    @inline(__always)
    static func merge(
        _ one: Operand, _ row: Int, _ two: Operand, _ other: Int, into builder: inout StepColumnBuilder,
        _ value: (Cell, Cell) -> Cell
    ) {
        let left = one.steps(of: row)
        let right = two.steps(of: other)
        if left.count == 1 {
            let cell = one.column.cell(left.lowerBound)
            for place in right { builder.add(two.column.day(place), value(cell, two.column.cell(place))) }
        } else if right.count == 1 {
            let cell = two.column.cell(right.lowerBound)
            for place in left { builder.add(one.column.day(place), value(one.column.cell(place), cell)) }
        } else {
            var a = one.cursor(row)
            var b = two.cursor(other)
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

    /// Three columns cell by cell.
    @inline(__always)
    static func merged(
        _ one: Operand, _ two: Operand, _ three: Operand, rows: Int, _ value: (Cell, Cell, Cell) -> Cell
    ) -> StepColumn {
        let isBroadcast = one.column.isBroadcast && two.column.isBroadcast && three.column.isBroadcast
        let count = isBroadcast ? 1 : rows
        var builder = StepColumnBuilder(rows: count)
        for row in 0..<count {
            var a = one.cursor(row)
            var b = two.cursor(row)
            var c = three.cursor(row)
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
        withExtendedLifetime((one, two, three)) {}
        return builder.finish(isBroadcast: isBroadcast)
    }

    /// Any number of columns cell by cell.
    static func merged(_ operands: [Operand], rows: Int, _ value: ([Cell]) -> Cell) -> StepColumn {
        let isBroadcast = operands.allSatisfy(\.column.isBroadcast)
        let count = isBroadcast ? 1 : rows
        var builder = StepColumnBuilder(rows: count)
        guard count > 0 else { return builder.finish(isBroadcast: isBroadcast) }
        // Made once: lists of their own for every step were a tenth of a replay.
        var cursors = operands.map { $0.cursor(0) }
        var cells = cursors.map(\.cell)
        for row in 0..<count {
            for index in cursors.indices { cursors[index] = operands[index].cursor(row) }
            var day = beginning
            while day != .max {
                for index in cursors.indices { cells[index] = cursors[index].cell }
                builder.add(day, value(cells))
                day = .max
                for cursor in cursors { day = min(day, cursor.next) }
                for index in cursors.indices { cursors[index].advance(to: day) }
            }
            builder.endRow()
        }
        withExtendedLifetime(operands) {}
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
            var a = one.cursor(row)
            var b = two.cursor(row)
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
        withExtendedLifetime((one, two)) {}
        return builder.finish(isBroadcast: isBroadcast)
    }
}
