import CareDomain

/// A household that is being read or appended to.
struct ActiveHousehold {
    /// What it waits for.
    enum Phase {
        case loading
        case appending(PendingAppend)
        /// Nobody answered; at this time the append is sent again, or the stream read again when there is none.
        case paused(until: Duration, resend: PendingAppend?)
    }

    var phase: Phase
    /// Nil while loading.
    var history: HouseholdHistory?
    /// Highest sequence seen on the feed meanwhile.
    var head: UInt64 = 0
    /// Something happened meanwhile: it is looked at once more.
    var isStale = false
    /// Failures or conflicts in a row.
    var failures = 0
    /// The day to be judged next, while that is not the last one.
    var day: CivilDay?

    var pausedUntil: Duration? {
        if case .paused(let until, _) = phase { until } else { nil }
    }
}

/// An append under way and what it settles.
struct PendingAppend {
    var append: NoticeAppend
    /// Deliveries whose outcome it records.
    var settles: [DeliveryID]
    /// Orders it carries out.
    var orders: [NoticeOrder]
}
