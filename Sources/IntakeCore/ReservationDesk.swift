import ArchiveClient
import CareDomain

/// The reservations that stand open, as the person streams tell. Those that stay silent are settled.
struct ReservationDesk {
    private var open: [PersonToken: (claim: PersonClaim, since: Moment)] = [:]
    /// When care-archive was last heard, and since when it has been heard without a break and taken appends.
    private var lastHeard: Moment?
    private var recordingSince: Moment?

    /// Number of open reservations.
    var count: Int { open.count }

    /// All of them, by token.
    var entries: [IntakeImage.Reservation] {
        open.sorted { $0.key < $1.key }.map {
            IntakeImage.Reservation(token: $0.key, claim: $0.value.claim, since: $0.value.since)
        }
    }

    init(_ entries: [IntakeImage.Reservation] = []) {
        for entry in entries { open[entry.token] = (entry.claim, entry.since) }
    }

    mutating func take(_ news: SharedNews.PersonNews) {
        switch news.event.event {
        case .reserved(let claim): open[news.token] = (claim, news.event.recordedAt)
        case .confirmed, .released: open[news.token] = nil
        }
    }

    /// Takes in that care-archive was heard. While nothing can be recorded nobody is silent: whoever waits for room on the
    /// disk, or for care-archive to come back, has the whole patience from then on to send the command again.
    mutating func heard(now: Moment, takesAppends: Bool, patience: Int64) {
        let isUnbroken = lastHeard.map { (0...patience / 2).contains(now.microseconds - $0.microseconds) } ?? false
        lastHeard = now
        if !takesAppends { recordingSince = nil } else if !isUnbroken || recordingSince == nil { recordingSince = now }
    }

    /// Those reserved longer ago than `patience`, a few at a time and in the order of tokens. One that the log stamped
    /// with a clock ahead of ours counts from now on, or it would stay open until that time has come.
    mutating func silent(before now: Moment, patience: Int64) -> [(PersonToken, PersonClaim)] {
        guard let recordingSince, let lastHeard, now.microseconds - lastHeard.microseconds <= patience / 2,
            now.microseconds - recordingSince.microseconds > patience
        else { return [] }
        for (token, entry) in open where entry.since > now { open[token] = (entry.claim, now) }
        return open.filter { now.microseconds - $0.value.since.microseconds > patience }
            .sorted { $0.key < $1.key }
            .prefix(64)
            .map { ($0.key, $0.value.claim) }
    }

    /// A settling flow ran; the person stream's news will tell. It is not tried again before another patience.
    mutating func looked(at token: PersonToken, now: Moment) {
        if let entry = open[token] { open[token] = (entry.claim, now) }
    }
}
