import ArchiveClient
import CareDomain
import CareWire

/// Sees to it that all tokens of a log are made with one key, before the first command is decided.
///
/// The log names its key once (`deployment-token-key`). An empty log takes the first key that comes, and of several
/// intakes that start at once the log takes one; the others compare. A log of an earlier release names none: there the key
/// has to make the token of somebody on record from the ID number on record. Only where no such number can be read is the
/// first key taken unchecked, and the record says so. Persons registered with another key before that are not found.
struct TokenKeyGuard {
    /// What the log rests on, as far as it is known.
    enum Standing: Hashable {
        /// The streams are not read to their end yet.
        case reading
        /// The key is the right one and on record.
        case agreed
        /// The key is another one.
        case refused(TokenKeyProblem)
    }

    /// Somebody of whom the log says in which household they are.
    struct Person: Hashable {
        var token: PersonToken
        var claim: PersonClaim
    }

    /// What is to be done next.
    enum Step: Hashable {
        /// Read the household of somebody on record, to try the key.
        case read(HouseholdID)
        /// Put the key on record.
        case adopt(TokenKeyAdopted)
        /// Nothing: it is agreed or refused, or an answer is awaited.
        case rest
    }

    let key: TokenKey
    private(set) var standing = Standing.reading
    /// The key that the log names.
    private(set) var onRecord: TokenKeyFingerprint?
    /// The call whose answer is awaited.
    var call: CallID?
    /// Why the key could not be put on record the last time, and when that was.
    private(set) var failure: (FlowFailure, at: Moment)?
    /// People by whom the key can be tried, the first of the log.
    private var people: [Person] = []
    private var tried = 0
    private var hasMatched = false

    /// Most people who are looked at; one is enough unless their household is damaged or unreadable.
    private static let mostPeople = 16
    /// How long after a failure it is tried again.
    private static let pauseMicroseconds: Int64 = 1_000_000

    /// - Parameter lastRun: What the log was known to rest on at the last run; nil when that is not known.
    init(key: TokenKey, lastRun: TokenKeyFingerprint? = nil) {
        self.key = key
        if let lastRun, lastRun != key.fingerprint { standing = .refused(.otherThanLastRun) }
    }

    /// What was known of the last run is not of this log.
    mutating func forgetLastRun() { self = TokenKeyGuard(key: key) }

    /// Takes in what the last run knew, now that the log has shown to be the same.
    mutating func take(lastRun fingerprint: TokenKeyFingerprint?) {
        standing = .reading
        if let fingerprint { settle(by: fingerprint) }
    }

    mutating func take(_ adopted: TokenKeyAdopted) { settle(by: adopted.fingerprint) }

    mutating func take(_ news: SharedNews.PersonNews) {
        guard onRecord == nil, people.count < Self.mostPeople, case .confirmed(let claim) = news.event.event,
            !people.contains(where: { $0.claim.household == claim.household })
        else { return }
        people.append(Person(token: news.token, claim: claim))
    }

    /// What is to be done, once the streams are read to their end.
    mutating func next(now: Moment) -> Step {
        guard standing == .reading, call == nil else { return .rest }
        if let failure, now.microseconds - failure.at.microseconds < Self.pauseMicroseconds, failure.at <= now {
            return .rest
        }
        if tried < people.count { return .read(people[tried].claim.household) }
        return .adopt(
            TokenKeyAdopted(fingerprint: key.fingerprint, basis: people.isEmpty ? .nobodyYet : .unchecked))
    }

    /// Tries the key on somebody, with the events of their household.
    /// - Returns: what is to be done next.
    mutating func tried(_ events: [ReadHouseholdEvent], now: Moment) -> Step {
        call = nil
        let person = people[tried]
        guard let number = Self.number(of: person, in: events) else {
            tried += 1
            return next(now: now)
        }
        guard key.token(of: number) == person.token else {
            standing = .refused(.otherThanPeople)
            return .rest
        }
        hasMatched = true
        return .adopt(TokenKeyAdopted(fingerprint: key.fingerprint, basis: .matchesRecord))
    }

    /// Takes the answer to the record of the key.
    mutating func recorded(_ answer: AppendAnswer<TokenKeyAdopted>, now: Moment) {
        call = nil
        switch answer {
        case .appended, .repeated: settle(by: key.fingerprint)
        case .conflict(let later): if let first = later.first { take(first) }
        case .idReused: failure = (.idReused, now)
        // The record is there and damaged. People on record say the same, and one damaged event must not shut all out.
        case .failed(let failure) where failure.isFenced && hasMatched: settle(by: key.fingerprint)
        case .failed(let failure): self.failure = (failure, now)
        }
    }

    /// No answer came to what was asked last.
    mutating func failed(_ failure: FlowFailure, now: Moment) {
        call = nil
        if tried < people.count, !failure.isRetriable { tried += 1 } else { self.failure = (failure, now) }
    }

    private mutating func settle(by fingerprint: TokenKeyFingerprint) {
        onRecord = fingerprint
        people = []
        failure = nil
        standing = fingerprint == key.fingerprint ? .agreed : .refused(.otherThanRecorded)
    }

    /// The ID number from which the person's token was made; nil when it cannot be read.
    private static func number(of person: Person, in events: [ReadHouseholdEvent]) -> ResidentIDNumber? {
        for event in events {
            let (token, sealed): (PersonToken?, [SealedPart])
            switch event.known.event {
            case .personJoined(let joined) where joined.person == person.claim.person:
                (token, sealed) = (joined.token, joined.sealed)
            case .personDetailsChanged(let changed) where changed.person == person.claim.person:
                (token, sealed) = (changed.token, changed.sealed)
            default: continue
            }
            guard token == person.token, let text = sealed.details(of: person.claim.person)?.idNumber else { continue }
            if let number = try? ResidentIDNumber(text) { return number }
        }
        return nil
    }
}
