import ArchiveClient
import CareDomain
import EventLog

/// What a restart needs in order not to read every stream again: how far the feed was read and when each household is
/// due. It may be old (the feed is then read from there on) or missing (then from the beginning); never wrong.
package struct NotifierCheckpoint: Hashable, Sendable {
    /// The feed was taken in up to here.
    package var cursor: [UInt8]
    package var due: [HouseholdID: NoticeDue]
    /// The policies the days were computed with.
    package var policies: Identifier128?
    /// The day when it was made; nil = not known. Households that were open then were judged up to this day.
    package var day: CivilDay?
    /// The day as of which a notifier without a checkpoint judged the past; days are gone through from there on. nil =
    /// not known.
    package var since: CivilDay?
    /// Households with days before that still to be judged, and the first of these.
    package var owed: [HouseholdID: CivilDay]
    /// Events at which households wait for the operator, and those passed over.
    package var parked: ParkedEvents

    /// The notifier as operators call it.
    package static let consumer = Code(unchecked: "notifier")

    package init(
        cursor: [UInt8], due: [HouseholdID: NoticeDue], policies: Identifier128?, day: CivilDay? = nil,
        since: CivilDay? = nil, owed: [HouseholdID: CivilDay] = [:],
        parked: ParkedEvents = ParkedEvents(consumer: Self.consumer)
    ) {
        self.cursor = cursor
        self.due = due
        self.policies = policies
        self.day = day
        self.since = since
        self.owed = owed
        self.parked = parked
    }

    private static let magic = Array("GHNOTE04".utf8)
    /// As it was before `since`.
    private static let olderMagic = Array("GHNOTE03".utf8)
    private static let openDay = Int32.min
    private static let idleDay = Int32.max

    /// Bytes for a file: 20 per household and 20 more for one with days owed, by id, closed by a digest.
    package func encoded() -> [UInt8] {
        var bytes = Self.magic
        bytes.reserveCapacity(64 + cursor.count + 20 * due.count)
        func put(_ number: UInt64, _ count: Int) {
            for place in (0..<count).reversed() { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * place))) }
        }
        put(UInt64(cursor.count), 4)
        bytes += cursor
        bytes += policies.map { [1] + $0.bytes } ?? [0]
        let parked = parked.encoded()
        put(UInt64(parked.count), 4)
        bytes += parked
        for day in [day, since] { put(UInt64(UInt32(bitPattern: day?.dayNumber ?? Self.idleDay)), 4) }
        put(UInt64(owed.count), 8)
        for (household, day) in owed.sorted(by: { $0.key < $1.key }) {
            put(household.value.high, 8)
            put(household.value.low, 8)
            put(UInt64(UInt32(bitPattern: day.dayNumber)), 4)
        }
        put(UInt64(due.count), 8)
        for (household, entry) in due.sorted(by: { $0.key < $1.key }) {
            put(household.value.high, 8)
            put(household.value.low, 8)
            let number =
                switch entry {
                case .now: Self.openDay
                case .on(let day): day.dayNumber
                case .idle: Self.idleDay
                }
            put(UInt64(UInt32(bitPattern: number)), 4)
        }
        put(bytes.withUnsafeBytes { EventHash(of: $0) }.word0, 8)
        return bytes
    }

    /// Reads `encoded()`; nil for anything damaged or of another version, which means starting without a checkpoint.
    package init?(decoding bytes: [UInt8]) {
        let magic = Array(bytes.prefix(Self.magic.count))
        guard bytes.count >= Self.magic.count + 8, [Self.magic, Self.olderMagic].contains(magic) else { return nil }
        let body = bytes.count - 8
        var place = body
        func number(_ count: Int) -> UInt64? {
            guard place + count <= bytes.count else { return nil }
            defer { place += count }
            return bytes[place..<place + count].reduce(0) { $0 << 8 | UInt64($1) }
        }
        guard number(8) == bytes[..<body].withUnsafeBytes({ EventHash(of: $0) }).word0 else { return nil }
        place = Self.magic.count
        guard let cursorLength = number(4), place + Int(cursorLength) <= body else { return nil }
        cursor = Array(bytes[place..<place + Int(cursorLength)])
        place += Int(cursorLength)
        guard let hasPolicies = number(1) else { return nil }
        policies = nil
        if hasPolicies == 1 {
            guard let high = number(8), let low = number(8) else { return nil }
            policies = Identifier128(high: high, low: low)
        }
        guard let parkedLength = number(4), place + Int(parkedLength) <= body,
            let parked = ParkedEvents(decoding: bytes[place..<place + Int(parkedLength)]),
            parked.consumer == Self.consumer
        else { return nil }
        self.parked = parked
        place += Int(parkedLength)
        func day() -> CivilDay?? {
            number(4).map { Int32(bitPattern: UInt32($0)) }.map { $0 == Self.idleDay ? nil : CivilDay(dayNumber: $0) }
        }
        guard let judged = day(), let began = magic == Self.magic ? day() : .some(nil), let owedCount = number(8),
            owedCount <= UInt64(max(0, body - place) / 20)
        else { return nil }
        self.day = judged
        since = began
        owed = [:]
        for _ in 0..<owedCount {
            guard let high = number(8), let low = number(8), let day = number(4) else { return nil }
            owed[HouseholdID(Identifier128(high: high, low: low))] = CivilDay(
                dayNumber: Int32(bitPattern: UInt32(day)))
        }
        guard let count = number(8), count == UInt64(max(0, body - place) / 20), (body - place) % 20 == 0 else {
            return nil
        }
        due = [:]
        due.reserveCapacity(Int(count))
        for _ in 0..<count {
            guard let high = number(8), let low = number(8), let day = number(4) else { return nil }
            let dayNumber = Int32(bitPattern: UInt32(day))
            due[HouseholdID(Identifier128(high: high, low: low))] =
                switch dayNumber {
                case Self.openDay: .now
                case Self.idleDay: .idle
                default: .on(CivilDay(dayNumber: dayNumber))
                }
        }
    }
}
