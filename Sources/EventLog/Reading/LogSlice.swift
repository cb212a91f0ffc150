/// Events of all streams as read after a cursor.
package struct LogSlice: Sendable, Hashable {
    /// The wanted events in order. Damaged ones are left out and stand in `damages`.
    package var events: [StoredEvent]
    /// Where to go on; has moved past everything looked at, wanted or not.
    package var cursor: Cursor
    /// Whether the log had nothing more at that moment.
    package var isAtHead: Bool
    /// Events in the range that cannot be trusted.
    package var damages: [Damage]

    package init(events: [StoredEvent] = [], cursor: Cursor, isAtHead: Bool, damages: [Damage] = []) {
        self.events = events
        self.cursor = cursor
        self.isAtHead = isAtHead
        self.damages = damages
    }
}
