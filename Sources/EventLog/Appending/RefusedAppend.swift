/// An append that would have decided a command which was refused for good.
package struct RefusedAppend: Hashable, Sendable {
    /// Its id.
    package var id: AppendID
    /// The submission that is refused, and every one before; 1 or more.
    package var submission: UInt64

    /// A refused append.
    package init(_ id: AppendID, submission: UInt64) {
        self.id = id
        self.submission = submission
    }
}

/// Where refusals are kept, so that whoever owns the log knows them when it is started anew. Used on one thread.
package protocol RefusalStore: AnyObject {
    /// What was kept last, the oldest first; empty where nothing can be read.
    func kept() -> [RefusedAppend]
    /// Keeps refusals; they are on disk when it returns.
    /// - Throws: `EventLogError` (`diskFull`, `storageFailed`): not all of them are kept; a retry may help.
    func keep(_ refusals: [RefusedAppend]) throws(EventLogError)
}
