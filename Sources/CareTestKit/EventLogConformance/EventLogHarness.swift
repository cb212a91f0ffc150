import EventLog

/// One log to be tested, whatever engine it is on. Each conformance case gets a fresh one.
package protocol EventLogHarness: AnyObject {
    /// Opens the log, or opens it again after `close` or `abandon`.
    func open() throws(EventLogError) -> any EventLogWriter

    /// Ends a writer without `close`, as the end of its process would.
    func abandon(_ writer: any EventLogWriter) throws
}

/// The in-memory log under test.
package final class MemoryEventLogHarness: EventLogHarness {
    private let store = MemoryEventStore()

    /// A harness with an empty store.
    package init() {}

    package func open() throws(EventLogError) -> any EventLogWriter { try MemoryEventLog(store: store) }

    package func abandon(_ writer: any EventLogWriter) throws { store.breakLock() }
}
