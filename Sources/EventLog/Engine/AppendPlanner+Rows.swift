extension AppendPlanner {
    /// Gives the rows of the batch and the memory their offsets point into, in place.
    package func withRows<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<PlannedRow>, UnsafeRawPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let memory = UnsafeRawPointer(batch.arena.base)
        return try batch.rows.withUnsafeBufferPointer { (rows) throws(Failure) in try body(rows, memory) }
    }

    /// Gives the rows of the last batch as events, in order of position.
    package func forEachRow(_ body: (ScannedEvent) -> Void) {
        for row in rows {
            let bytes = record(of: row)
            guard let header = try? RecordHeader(parsing: bytes) else {
                preconditionFailure("AppendPlanner.forEachRow: own record cannot be read")
            }
            body(ScannedEvent(position: Position(row.position), header: header, bytes: bytes, hash: row.hash))
        }
    }
}

extension AppendPlanner {
    /// Shape of the filter of append ids, for a saved image.
    package var filterShape: [(capacity: Int, inserted: Int)] { filter.shape }

    /// Bytes of the filter of append ids, for a saved image.
    package func filterImage(ofSegment number: Int, _ range: Range<Int>) -> [UInt8] {
        filter.imageBytes(ofSegment: number, range)
    }
}
