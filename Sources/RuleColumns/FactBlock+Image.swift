import CSHA256
import CareDomain
import RuleEngine

extension FactColumnKey {
    /// The key as text: the same text, the same column.
    package var text: String {
        let type =
            switch self.type {
            case .bool: "bool"
            case .int(let range): "int \(range.lowerBound)...\(range.upperBound)"
            case .decimal: "decimal"
            case .code(let codes): "code " + codes.map(\.rawValue).joined(separator: ",")
            case .date: "date"
            case .money: "money"
            case .reference: "reference"
            case .division: "division"
            }
        return "\(fact.rawValue)|\(subject.rawValue)|\(type)|\(nature.rawValue)|\(isTimeless)|\(precedence.text)"
    }

    /// Whether its payloads are places in the code table.
    var isText: Bool {
        switch type {
        case .code, .reference, .division: true
        case .bool, .int, .decimal, .date, .money: false
        }
    }
}

/// A block as bytes: a head with how many rows belong to each household, decisions and the list of columns, then the columns as
/// they stand in memory, each at a multiple of eight, and last whose the rows are. Every part has its SHA-256, so that a mapped
/// file is checked by what is used of it.
package struct FactBlockImage: Sendable {
    package let bytes: [UInt8]
    /// SHA-256 of the head, to be kept apart from the bytes.
    package let digest: [UInt8]

    /// The block as bytes; the number of its texts goes along, so that it is not read with a shorter table.
    package init(_ block: FactBlock) {
        var head = ImageWriter()
        head.add(Self.mark)
        head.add(UInt32(block.codes.texts.count))
        head.add(UInt32(block.households.count))
        for offset in block.persons.offsets + block.incidents.offsets { head.add(offset) }
        head.add(UInt32(block.decisions.count))
        for (row, awards) in block.decisions.sorted(by: { $0.key < $1.key }) {
            head.add(row)
            head.add(UInt32(awards.count))
            for award in awards { head.add(award) }
        }
        let facts = block.columns.map { ($0.key.text, $0.value) }.sorted { $0.0 < $1.0 } + [("", block.divisions)]
        let kept = block.kept.sorted { $0.key < $1.key }
        var start = 0
        func add(_ name: String, _ column: FactColumn) {
            head.add(name)
            head.add(UInt32(column.shape.rows))
            head.add(UInt32(column.shape.steps))
            head.add(UInt8(column.shape.isWide ? 1 : 0))
            head.add(UInt64(start))
            for word in column.withBytes(Self.digest) { head.add(word) }
            start += column.shape.size
        }
        head.add(UInt32(kept.count))
        for (name, one) in kept {
            add(name, one.column)
            head.add(one.kind?.rawValue ?? "")
            head.add(UInt8(one.absent ? 1 : 0))
            head.add(UInt32(one.facts.count))
            for fact in one.facts { head.add(fact) }
        }
        head.add(UInt32(facts.count))
        for (name, column) in facts { add(name, column) }
        let columns = kept.map(\.value.column) + facts.map(\.1)
        var subjects = ImageWriter()
        for household in block.households { subjects.add(household.value) }
        for subject in block.persons.subjects + block.incidents.subjects { subjects.add(subject) }
        head.add(UInt64(start))
        head.add(UInt64(subjects.bytes.count))
        for word in subjects.bytes.withUnsafeBytes(Self.digest) { head.add(word) }
        var image = ImageWriter()
        image.add(UInt64(head.bytes.count))
        var bytes = image.bytes + head.bytes
        digest = bytes.withUnsafeBytes(Self.digest).flatMap { word in withUnsafeBytes(of: word) { Array($0) } }
        while bytes.count % 8 != 0 { bytes.append(0) }
        bytes.reserveCapacity(bytes.count + start + subjects.bytes.count)
        for column in columns { column.withBytes { bytes.append(contentsOf: $0) } }
        self.bytes = bytes + subjects.bytes
    }

    fileprivate static let mark: UInt64 = 0x3530_534C_4F43_4847

    fileprivate static func digest(_ bytes: UnsafeRawBufferPointer) -> [UInt64] {
        var words: [UInt64] = [0, 0, 0, 0]
        care_sha256(bytes.baseAddress, bytes.count, &words)
        return words
    }
}

extension FactBlock {
    /// A block in bytes that are there already, such as a mapped file.
    /// - Parameters:
    ///   - bytes: begin at a multiple of eight; kept by `memory`.
    ///   - digest: what `FactBlockImage.digest` was.
    ///   - wanted: columns to look for; others are neither read nor checked.
    ///   - codes: the table that the block's payloads point into, or one that goes on with it.
    package init(
        _ bytes: UnsafeRawBufferPointer, memory: FactMemory, digest: [UInt8], wanted: BlockWish, codes: CodeTable
    ) throws(BadImage) {
        guard bytes.baseAddress != nil, bytes.count >= 16 else { throw BadImage(what: "cut short") }
        var size = ImageReader(bytes)
        let headEnd = try size.number(UInt64.self)
        guard headEnd <= bytes.count - 8 else { throw BadImage(what: "cut short") }
        let head = UnsafeRawBufferPointer(rebasing: bytes[0..<8 + Int(headEnd)])
        let found = FactBlockImage.digest(head).flatMap { word in withUnsafeBytes(of: word) { Array($0) } }
        guard found == digest else { throw BadImage(what: "another head than was written") }
        var reader = ImageReader(head, from: 8)
        guard try reader.number(UInt64.self) == FactBlockImage.mark else { throw BadImage(what: "another form") }
        guard try reader.number(UInt32.self) <= codes.texts.count else { throw BadImage(what: "other codes") }
        let count = try reader.count(of: 8)
        let offsets = (persons: try reader.offsets(count), incidents: try reader.offsets(count))
        var decisions: [Int32: [Award]] = [:]
        for _ in 0..<(try reader.count(of: 8)) {
            let row = try reader.number(Int32.self)
            var awards: [Award] = []
            for _ in 0..<(try reader.count(of: 8)) { awards.append(try reader.award()) }
            decisions[row] = awards
        }
        let image = ColumnImage(bytes: bytes, start: (8 + Int(headEnd) + 7) & ~7, memory: memory)
        func rows(_ kind: EntityKind?) -> Int {
            switch kind {
            case .person: Int(offsets.persons.last ?? 0)
            case .incident: Int(offsets.incidents.last ?? 0)
            default: count
            }
        }
        let kept = try reader.kept(wanted, of: image, rows)
        let keys = kept.count == wanted.kept.count ? wanted.besides : wanted.facts
        var columns: [FactColumnKey: FactColumn] = [:]
        var divisions: FactColumn?
        for _ in 0..<(try reader.count(of: 4)) {
            let entry = try reader.column()
            if entry.name.isEmpty {
                divisions = try image.column(entry, rowCount: count, upTo: .null)
            } else if let key = keys[entry.name] {
                columns[key] = try image.column(entry, rowCount: rows(key.subject), upTo: .unknown)
            }
        }
        guard let divisions else { throw BadImage(what: "no divisions") }
        // What people decided names those for whom they did.
        let subjects = wanted.subjects || !decisions.isEmpty ? try reader.subjects(of: image, count, rows) : nil
        self.init(
            households: subjects?.households ?? [], codes: codes,
            persons: EntityRows(offsets: offsets.persons, subjects: subjects?.persons ?? []),
            incidents: EntityRows(offsets: offsets.incidents, subjects: subjects?.incidents ?? []), columns: columns,
            divisions: divisions, decisions: decisions, kept: kept)
    }
}

/// The part of a block's bytes in which its columns stand.
private struct ColumnImage {
    /// What the head says of a column.
    struct Entry {
        /// Within the head.
        let name: UnsafeRawBufferPointer
        let shape: FactColumn.Shape
        let place: UInt64
        let digest: Digest
    }

    /// SHA-256 in four words.
    typealias Digest = (UInt64, UInt64, UInt64, UInt64)

    let bytes: UnsafeRawBufferPointer
    let start: Int
    let memory: FactMemory

    /// The column, checked.
    func column(_ entry: Entry, rowCount: Int, upTo last: CellTag) throws(BadImage) -> FactColumn {
        let part = try self.part(entry.place, entry.shape.size, entry.digest)
        guard let base = part.baseAddress,
            let column = FactColumn(shape: entry.shape, base: base, memory: memory, rowCount: rowCount, upTo: last)
        else { throw BadImage(what: "rows out of order") }
        return column
    }

    /// Bytes behind the head, checked.
    func part(_ place: UInt64, _ size: Int, _ digest: Digest) throws(BadImage) -> UnsafeRawBufferPointer {
        guard place <= bytes.count, size >= 0, size <= bytes.count, Int(place) + start <= bytes.count - size
        else { throw BadImage(what: "cut short") }
        let first = start + Int(place)
        let part = UnsafeRawBufferPointer(rebasing: bytes[first..<first + size])
        let found = FactBlockImage.digest(part)
        guard (found[0], found[1], found[2], found[3]) == digest else {
            throw BadImage(what: "another column than was written")
        }
        return part
    }
}

extension ImageReader {
    fileprivate mutating func column() throws(BadImage) -> ColumnImage.Entry {
        let name = try part()
        let shape = FactColumn.Shape(
            rows: Int(try number(UInt32.self)), steps: Int(try number(UInt32.self)),
            isWide: try number(UInt8.self) == 1)
        return ColumnImage.Entry(name: name, shape: shape, place: try number(UInt64.self), digest: try digest())
    }

    private mutating func digest() throws(BadImage) -> ColumnImage.Digest {
        (try number(UInt64.self), try number(UInt64.self), try number(UInt64.self), try number(UInt64.self))
    }

    /// The kept columns that are wanted; the others are passed over.
    fileprivate mutating func kept(
        _ wanted: BlockWish, of image: ColumnImage, _ rows: (EntityKind?) -> Int
    ) throws(BadImage) -> [String: KeptColumn] {
        var kept: [String: KeptColumn] = [:]
        for _ in 0..<(try count(of: 4)) {
            let entry = try column()
            let name = wanted.keptNames[entry.name]
            let kind = try part()
            let absent = try number(UInt8.self) == 1
            var facts: [String] = []
            for _ in 0..<(try count(of: 4)) {
                let fact = try part()
                if name != nil { facts.append(String(decoding: fact, as: UTF8.self)) }
            }
            guard let name else { continue }
            let of = EntityKind(rawValue: String(decoding: kind, as: UTF8.self))
            let column = try image.column(entry, rowCount: Int(Int32.max), upTo: .error)
            guard let whole = KeptColumn(column, kind: of, absent: absent, facts: facts, rows: rows(of)) else {
                throw BadImage(what: "an answer that names nothing")
            }
            kept[name] = whole
        }
        return kept
    }

    /// Whose the rows are.
    fileprivate mutating func subjects(
        of image: ColumnImage, _ count: Int, _ rows: (EntityKind?) -> Int
    ) throws(BadImage) -> (households: [HouseholdID], persons: [RuleSubject], incidents: [RuleSubject]) {
        let (place, size) = (try number(UInt64.self), try number(UInt64.self))
        var reader = ImageReader(try image.part(place, Int(clamping: size), try digest()))
        var households: [HouseholdID] = []
        households.reserveCapacity(count)
        for _ in 0..<count { households.append(HouseholdID(try reader.identifier())) }
        return (households, try reader.subjects(rows(.person)), try reader.subjects(rows(.incident)))
    }

    private mutating func subjects(_ count: Int) throws(BadImage) -> [RuleSubject] {
        var subjects: [RuleSubject] = []
        subjects.reserveCapacity(count)
        for _ in 0..<count { subjects.append(try subject()) }
        return subjects
    }
}

// MARK: People, incidents, decisions

extension ImageWriter {
    fileprivate mutating func add(_ identifier: Identifier128) {
        add(identifier.high)
        add(identifier.low)
    }

    fileprivate mutating func add(_ subject: RuleSubject) {
        switch subject {
        case .household: add(UInt8(0))
        case .person(let person):
            add(UInt8(1))
            add(person.value)
        case .incident(let event):
            add(UInt8(2))
            add(event.sequence)
        }
    }

    fileprivate mutating func add(_ award: Award) {
        add(award.clause.rawValue)
        add(award.subject)
        switch award.outcome {
        case .granted(let sum):
            add(UInt8(0))
            add(sum.amount)
        case .refused: add(UInt8(1))
        case .held: add(UInt8(2))
        case .excepted(let sum):
            add(UInt8(3))
            add(sum) { $0.add($1.amount) }
        case .revoked(let event):
            add(UInt8(4))
            add(event.sequence)
        }
        add(award.period.start.dayNumber)
        add(award.period.end) { $0.add($1.dayNumber) }
        add(award.recordedAt.microseconds)
        add(award.learnedOn) { $0.add($1.dayNumber) }
        add(award.source.sequence)
        add(award.original.sequence)
        add(award.supersededAt) { $0.add($1.microseconds) }
        add(award.supersededLearnedOn) { $0.add($1.dayNumber) }
        add(award.decidedBy) { $0.add($1.rawValue) }
        add(award.secondApprover) { $0.add($1.rawValue) }
        add(award.unit) { $0.add($1.rawValue) }
        add(UInt8(award.isRevoked ? award.namedNoEnd ? 2 : 1 : 0))
    }
}

extension ImageReader {
    fileprivate mutating func identifier() throws(BadImage) -> Identifier128 {
        Identifier128(high: try number(UInt64.self), low: try number(UInt64.self))
    }

    fileprivate mutating func event() throws(BadImage) -> EventReference {
        EventReference(sequence: try number(UInt64.self))
    }

    fileprivate mutating func day() throws(BadImage) -> CivilDay { CivilDay(dayNumber: try number(Int32.self)) }
    fileprivate mutating func moment() throws(BadImage) -> Moment { Moment(microseconds: try number(Int64.self)) }
    fileprivate mutating func fen() throws(BadImage) -> Fen { Fen(try number(Int64.self)) }
    fileprivate mutating func code() throws(BadImage) -> Code { Code(unchecked: try text()) }
    fileprivate mutating func division() throws(BadImage) -> DivisionCode {
        guard let division = DivisionCode(try text()) else { throw BadImage(what: "no division") }
        return division
    }

    fileprivate mutating func subject() throws(BadImage) -> RuleSubject {
        switch try number(UInt8.self) {
        case 0: .household
        case 1: .person(PersonID(try identifier()))
        case 2: .incident(try event())
        default: throw BadImage(what: "an unknown subject")
        }
    }

    /// Where the entities of each of so many households begin.
    fileprivate mutating func offsets(_ households: Int) throws(BadImage) -> [Int32] {
        var offsets: [Int32] = []
        offsets.reserveCapacity(households + 1)
        var last = Int32(0)
        for _ in 0...households {
            let offset = try number(Int32.self)
            guard offset >= last, offset <= Self.mostEntities else { throw BadImage(what: "rows out of order") }
            offsets.append(offset)
            last = offset
        }
        guard offsets.first == 0 else { throw BadImage(what: "rows out of order") }
        return offsets
    }

    /// More than any block holds.
    private static var mostEntities: Int32 { 1 << 24 }

    fileprivate mutating func award() throws(BadImage) -> Award {
        guard let clause = ClauseID(try text()) else { throw BadImage(what: "no clause") }
        let subject = try subject()
        let outcome: AwardDecided.Outcome =
            switch try number(UInt8.self) {
            case 0: .granted(try fen())
            case 1: .refused
            case 2: .held
            case 3: .excepted(try optional { (reader) throws(BadImage) in try reader.fen() })
            case 4: .revoked(try event())
            default: throw BadImage(what: "an unknown decision")
            }
        let start = try day()
        let end = try optional { (reader) throws(BadImage) in try reader.day() }
        guard end.map({ $0 > start }) ?? true else { throw BadImage(what: "a period without days") }
        var award = Award(
            clause: clause, subject: subject, outcome: outcome, period: DayPeriod(start: start, end: end),
            recordedAt: try moment(), learnedOn: try optional { (reader) throws(BadImage) in try reader.day() },
            source: try event(), original: try event(),
            supersededAt: try optional { (reader) throws(BadImage) in try reader.moment() },
            supersededLearnedOn: try optional { (reader) throws(BadImage) in try reader.day() },
            decidedBy: try optional { (reader) throws(BadImage) in try reader.code() },
            secondApprover: try optional { (reader) throws(BadImage) in try reader.code() },
            unit: try optional { (reader) throws(BadImage) in try reader.division() })
        let revoked = try number(UInt8.self)
        guard revoked <= 2 else { throw BadImage(what: "an unknown way of taking back") }
        award.isRevoked = revoked > 0
        award.namedNoEnd = revoked == 2
        return award
    }
}
