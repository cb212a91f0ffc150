/// Part of a stream as read at one moment.
package struct StreamSlice: Sendable, Hashable {
    /// The events, in the order asked for. Damaged ones are left out and stand in `damages`.
    package var events: [StoredEvent]
    /// The end of the stream at that moment; nil when the stream does not exist.
    package var head: StreamHead?
    /// Set when the stream is fenced: show the content only with a warning.
    package var fence: Fence?
    /// Events of the slice that cannot be trusted.
    package var damages: [Damage]

    package init(events: [StoredEvent] = [], head: StreamHead? = nil, fence: Fence? = nil, damages: [Damage] = []) {
        self.events = events
        self.head = head
        self.fence = fence
        self.damages = damages
    }
}
