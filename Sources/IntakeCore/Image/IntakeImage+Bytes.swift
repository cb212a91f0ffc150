import ArchiveClient
import CareDomain
import CareWire
import EventLog

extension IntakeImage {
    /// Why there is no image in the bytes of a file.
    package enum Flaw: String, Error, Sendable {
        /// The digest does not fit, or it ends early.
        case damaged
        /// Another program wrote it, in another format.
        case otherFormat = "of another format"
    }

    private static let family = Array("GHINTAKE".utf8)
    /// Goes up whenever the meaning of the bytes changes.
    private static let format: UInt64 = 3

    /// Bytes for a file, closed by a digest.
    /// - Throws: `WireError` when something published breaks a limit of the wire, which it cannot: it came over it.
    package func encoded() throws(WireError) -> [UInt8] {
        var bytes = ImageBytes(Self.family)
        bytes.put(Self.format)
        bytes.put(cursor)
        bytes.put(through.position)
        bytes.put(through.hash)
        bytes.put(UInt64(packs.count))
        for news in packs {
            let event = try EventCodec.encode(.pack(news.event), occurredOn: news.occurredOn, context: Self.context)
            bytes.put(Array(news.pack.rawValue.utf8))
            bytes.put(UInt64(event.kind))
            bytes.put(UInt64(event.version))
            bytes.put(UInt64(UInt32(bitPattern: news.occurredOn.dayNumber)))
            bytes.put(news.recordedAt)
            bytes.put(news.place.position)
            bytes.put(news.place.hash)
            bytes.put(event.payload)
            bytes.put(Array((news.by?.rawValue ?? "").utf8))
        }
        bytes.put(UInt64(reservations.count))
        for entry in reservations {
            bytes.put(entry.token.value)
            bytes.put(entry.claim.household.value)
            bytes.put(entry.claim.person.value)
            bytes.put(entry.claim.command.value)
            bytes.put(entry.since)
        }
        bytes.put(tokenKey?.value.bytes ?? [])
        return bytes.closed()
    }

    /// Reads `encoded()`.
    package init(decoding bytes: [UInt8]) throws(Flaw) {
        guard bytes.starts(with: Self.family) else { throw .otherFormat }
        var reader = ImageReader(bytes, at: Self.family.count)
        let format = try reader.number()
        guard format == Self.format else { throw .otherFormat }
        guard reader.isIntact else { throw .damaged }
        cursor = try reader.bytes()
        through = SharedNews.Place(position: try reader.number(), hash: try reader.bytes())
        packs = []
        for _ in 0..<(try reader.count()) { packs.append(try Self.pack(&reader)) }
        reservations = []
        for _ in 0..<(try reader.count()) {
            reservations.append(
                Reservation(
                    token: PersonToken(try reader.identifier()),
                    claim: PersonClaim(
                        household: HouseholdID(try reader.identifier()), person: PersonID(try reader.identifier()),
                        command: CommandID(try reader.identifier())), since: try reader.moment()))
        }
        let key = try reader.bytes()
        tokenKey = Identifier128(bytes: key).map { TokenKeyFingerprint($0) }
        guard reader.isAtEnd, tokenKey != nil || key.isEmpty else { throw .damaged }
    }

    private static func pack(_ reader: inout ImageReader) throws(Flaw) -> SharedNews.PackNews {
        let name = try reader.bytes()
        let kind = try reader.number()
        let version = try reader.number()
        let day = try reader.number()
        let recordedAt = try reader.moment()
        let place = SharedNews.Place(position: try reader.number(), hash: try reader.bytes())
        let payload = try reader.bytes()
        let by = Code(String(decoding: try reader.bytes(), as: UTF8.self))
        guard let pack = PackID(String(decoding: name, as: UTF8.self)),
            case .pack(let event)? = try? EventCodec.decodeAny(
                kind: UInt32(truncatingIfNeeded: kind), version: UInt32(truncatingIfNeeded: version), payload: payload)
        else { throw .otherFormat }
        return SharedNews.PackNews(
            pack: pack, occurredOn: CivilDay(dayNumber: Int32(bitPattern: UInt32(truncatingIfNeeded: day))),
            recordedAt: recordedAt, event: event, place: place, by: by)
    }

    /// Only the payload is kept, and beside it the account of the person: who names an institution's account does not pay it.
    private static var context: EventContext {
        let none = Code(unchecked: "none")
        return EventContext(
            principal: Principal(
                peer: "intake", actor: none, role: none, department: DepartmentID(unchecked: "none"), divisions: [],
                rights: []), command: CommandID(Identifier128(high: 0, low: 1)))
    }
}

/// Bytes of an image as they are written: numbers of eight bytes, texts and bytes with their length before them.
private struct ImageBytes {
    private var bytes: [UInt8]

    init(_ start: [UInt8]) { bytes = start }

    mutating func put(_ number: UInt64) {
        for place in (0..<8).reversed() { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * UInt64(place)))) }
    }

    mutating func put(_ more: [UInt8]) {
        put(UInt64(more.count))
        bytes += more
    }

    mutating func put(_ id: Identifier128) {
        put(id.high)
        put(id.low)
    }

    mutating func put(_ moment: Moment) { put(UInt64(bitPattern: moment.microseconds)) }

    /// All of it with the digest at the end.
    func closed() -> [UInt8] { bytes + bytes.withUnsafeBytes { EventHash(of: $0) }.bytes }
}

/// Takes the bytes of an image apart.
private struct ImageReader {
    private let all: [UInt8]
    private let end: Int
    private var place: Int

    init(_ bytes: [UInt8], at place: Int) {
        all = bytes
        end = max(0, bytes.count - 32)
        self.place = place
    }

    /// Whether the digest at the end fits what stands before it.
    var isIntact: Bool {
        all.count >= 32 && all[..<end].withUnsafeBytes { EventHash(of: $0) }.bytes == Array(all[end...])
    }

    var isAtEnd: Bool { place == end }

    mutating func number() throws(IntakeImage.Flaw) -> UInt64 {
        guard place + 8 <= end else { throw .damaged }
        defer { place += 8 }
        return all[place..<place + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func bytes() throws(IntakeImage.Flaw) -> [UInt8] {
        let length = try count()
        defer { place += length }
        return Array(all[place..<place + length])
    }

    /// A number of things of which each takes a byte at least.
    mutating func count() throws(IntakeImage.Flaw) -> Int {
        let number = try number()
        guard number <= UInt64(end - place) else { throw .damaged }
        return Int(number)
    }

    mutating func identifier() throws(IntakeImage.Flaw) -> Identifier128 {
        Identifier128(high: try number(), low: try number())
    }

    mutating func moment() throws(IntakeImage.Flaw) -> Moment {
        Moment(microseconds: Int64(bitPattern: try number()))
    }
}
