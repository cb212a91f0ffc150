extension Checkpoint {
    /// Why a later checkpoint cannot be one of the log that an earlier one vouches for.
    package enum Contradiction: String, Sendable, Hashable, CaseIterable {
        /// It names another log.
        case otherLog = "other-log"
        /// It holds fewer events: an older state was put back, or the end is lost.
        case fewerEvents = "fewer-events"
        /// It holds as many events, but others.
        case otherEvents = "other-events"
        /// More events, but fewer streams, an older writer or an earlier time: a log only grows.
        case goesBack = "goes-back"
    }

    /// What contradicts an earlier checkpoint; nil when this one may follow it. Whether the events between are the same
    /// is for `carectl log verify --checkpoint` to say: two checkpoints alone do not tell it.
    package func contradiction(of earlier: Checkpoint) -> Contradiction? {
        guard log == earlier.log else { return .otherLog }
        guard position >= earlier.position else { return .fewerEvents }
        if position == earlier.position {
            let isSame = digest == earlier.digest && root == earlier.root && streams == earlier.streams
            return isSame && recordedAt == earlier.recordedAt ? nil : .otherEvents
        }
        return streams >= earlier.streams && epoch >= earlier.epoch && recordedAt >= earlier.recordedAt
            ? nil : .goesBack
    }
}
