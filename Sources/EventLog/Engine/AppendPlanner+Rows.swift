extension AppendPlanner {
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

    /// The stream a row of the batch belongs to.
    func streamKey(of row: PlannedRow) -> StreamKey {
        let bytes = record(of: row)
        guard let header = try? RecordHeader(parsing: bytes) else {
            preconditionFailure("AppendPlanner.streamKey: own record cannot be read")
        }
        return StreamKey(nameBytes: header.name(in: bytes))
    }
}
