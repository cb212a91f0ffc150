import CareDomain
import Testing

@testable import RuleEngine

/// What is given once, where its conditions end and begin again: only a grant bars.
@Suite("一次性待遇：给过的才算给过")
struct OneOffTests {
    private static let base = CivilDay(year: 2014, month: 1, day: 1)!
    private static let pack = PackReference(id: PackID("small-2014")!, version: base, hash: [])
    private static let clause = ClauseID("GY-3.8b")!

    private static func day(_ text: String) -> CivilDay { CivilDay(parsing: text)! }

    private static func piece(_ start: CivilDay, _ end: CivilDay?, _ yuan: Int64?, isDecided: Bool) -> OutcomePiece {
        var piece = OutcomePiece(
            period: DayPeriod(start: start, end: end), status: .notEntitled, pack: pack)
        guard let yuan else { return piece }
        piece.rightHolds = true
        piece.status = isDecided ? .proposed : .entitled
        piece.amount = Fen(yuan * 100)
        return piece
    }

    /// - Parameter taken: whether intake took it, so that it stands whatever the clause asks today.
    private static func award(
        _ sequence: UInt64, _ outcome: AwardDecided.Outcome, _ start: CivilDay, _ end: CivilDay? = nil,
        taken: Bool = true
    ) -> Award {
        var award = Award(
            clause: clause, subject: .household, outcome: outcome, period: DayPeriod(start: start, end: end),
            recordedAt: Moment(microseconds: Int64(sequence)), source: EventReference(sequence: sequence))
        award.wasTaken = taken
        return award
    }

    /// Able in 2014, not in 2015, able again from 2016.
    private static func family(isDecided: Bool = true, _ yuan: (Int64, Int64) = (8000, 8000)) -> [OutcomePiece] {
        [
            piece(day("2014-01-01"), day("2015-01-01"), yuan.0, isDecided: isDecided),
            piece(day("2015-01-01"), day("2016-01-01"), nil, isDecided: isDecided),
            piece(day("2016-01-01"), nil, yuan.1, isDecided: isDecided),
        ]
    }

    private static func told(_ pieces: [OutcomePiece]) -> [String] {
        pieces.map { piece in
            let reason = piece.unmet.map { unmet in
                switch unmet {
                case .alreadyGranted: "given"
                case .refused(let by): "refused \(by.sequence)"
                default: "?"
                }
            }
            return ([piece.status.rawValue] + (piece.amount.map { ["\($0.amount / 100)"] } ?? []) + reason)
                .joined(separator: " ")
        }
    }

    @Test("没有人决定的、不予接受的，条件再次具备时照样可以决定；给过的不再给，以前没有决定的也不必再决定")
    func onlyGrantsBar() {
        func told(_ awards: Award..., yuan: (Int64, Int64) = (8000, 8000), topUp: Bool = false) -> [String] {
            Self.told(Self.family(yuan).settledOnce(topUp: topUp, by: awards, .floor))
        }
        let (early, late) = (Self.day("2014-02-01"), Self.day("2016-06-01"))
        let (proposed, granted) = ("proposed 8000", "entitled 8000")
        #expect(told() == [proposed, "not_entitled", proposed])
        #expect(told(Self.award(1, .granted(Fen(800_000)), early)) == [granted, "not_entitled", "not_entitled given"])
        #expect(told(Self.award(1, .refused, early)) == ["not_entitled refused 1", "not_entitled", proposed])
        #expect(
            told(Self.award(1, .refused, early), Self.award(2, .granted(Fen(800_000)), late))
                == ["not_entitled refused 1", "not_entitled", granted])
        #expect(told(Self.award(1, .granted(Fen(800_000)), late)) == ["not_entitled given", "not_entitled", granted])
        #expect(told(Self.award(1, .held, early)) == ["held 8000", "not_entitled", "held 8000"])
        // A refusal that names its days holds to them; a grant below the floor is none, unless it was taken when it met it.
        #expect(
            told(Self.award(1, .refused, early, Self.day("2016-03-01")))
                == ["not_entitled refused 1", "not_entitled", "not_entitled refused 1", proposed])
        #expect(told(Self.award(1, .granted(Fen(1)), early, taken: false)) == [proposed, "not_entitled", proposed])
        #expect(
            told(Self.award(1, .granted(Fen(500_000)), early))
                == ["entitled 5000", "not_entitled", "not_entitled given"])
        // A top-up is what goes beyond a grant, not beyond a proposal.
        #expect(told(yuan: (3000, 5000), topUp: true) == ["proposed 3000", "not_entitled", "proposed 5000"])
        #expect(
            told(Self.award(1, .granted(Fen(300_000)), early), yuan: (3000, 5000), topUp: true)
                == ["entitled 3000", "not_entitled", "proposed 2000"])
    }

    @Test("无须决定的：第一次就是给了；不予接受没有写止日的一直有效")
    func givenUnasked() {
        func told(_ awards: Award...) -> [String] {
            Self.told(Self.family(isDecided: false).settledOnce(topUp: false, by: awards, .exact))
        }
        let early = Self.day("2014-02-01")
        #expect(told() == ["entitled 8000", "not_entitled", "not_entitled given"])
        let refused = "not_entitled refused 1"
        #expect(told(Self.award(1, .refused, early)) == [refused, "not_entitled", refused])
        #expect(
            told(Self.award(1, .refused, early, Self.day("2015-01-01")))
                == ["not_entitled refused 1", "not_entitled", "entitled 8000"])
    }

    @Test("不予接受的日子不是权利的日子：以后批准的从批准的第一天起算，撤销不予接受的从撤销之日起算；批准被撤销的整个重新待定")
    func refusedDaysStay() {
        func told(_ awards: [Award], needsDecision: Bool = true) -> [String] {
            let right = [Self.piece(Self.day("2014-07-01"), nil, 8000, isDecided: needsDecision)]
            let settled = right.settledOnce(topUp: false, by: awards, needsDecision ? .floor : .exact)
            return zip(settled, Self.told(settled)).map { "\($0.period.start) \($1)" }
        }
        func grant(_ sequence: UInt64, from day: String) -> Award {
            Self.award(sequence, .granted(Fen(800_000)), Self.day(day))
        }
        let days = Self.award(1, .refused, Self.day("2014-07-01"), Self.day("2014-10-01"))
        let refused = "2014-07-01 not_entitled refused 1"
        #expect(told([days]) == [refused, "2014-10-01 proposed 8000"])
        #expect(
            told([days, grant(2, from: "2014-11-10")])
                == [refused, "2014-10-01 not_entitled given", "2014-11-10 entitled 8000"])
        // A grant over refused days takes their place; one taken before the refusal gives what is left of it.
        #expect(told([days, grant(2, from: "2014-08-01")]) == [refused, "2014-08-01 entitled 8000"])
        #expect(told([days, grant(2, from: "2014-07-01")]) == ["2014-07-01 entitled 8000"])
        let later = Self.award(3, .refused, Self.day("2014-07-01"), Self.day("2014-10-01"))
        #expect(
            told([grant(2, from: "2014-07-01"), later])
                == ["2014-07-01 not_entitled refused 3", "2014-10-01 entitled 8000"])
        // Days of the right before those refused are refused with them.
        let middle = Self.award(1, .refused, Self.day("2014-09-01"), Self.day("2014-10-01"))
        #expect(told([middle, grant(2, from: "2014-10-01")]) == [refused, "2014-10-01 entitled 8000"])
        let longer = Self.award(1, .refused, Self.day("2014-07-01"), Self.day("2015-01-01"))
        let shorter = Self.award(4, .refused, Self.day("2014-07-01"), Self.day("2014-10-01"))
        #expect(
            told([longer, shorter]) == [
                "2014-07-01 not_entitled refused 4", "2014-10-01 not_entitled refused 1", "2015-01-01 proposed 8000",
            ])

        var ended = Self.award(1, .refused, Self.day("2014-07-01"), Self.day("2015-01-10"))
        (ended.isRevoked, ended.namedNoEnd) = (true, true)
        #expect(told([ended]) == [refused, "2015-01-10 proposed 8000"])
        #expect(told([ended, grant(2, from: "2015-01-10")]) == [refused, "2015-01-10 entitled 8000"])
        #expect(told([ended], needsDecision: false) == [refused, "2015-01-10 entitled 8000"])
        var taken = Self.award(2, .granted(Fen(800_000)), Self.day("2014-07-01"), Self.day("2015-01-10"))
        taken.isRevoked = true
        #expect(told([taken]) == ["2014-07-01 proposed 8000"])
    }

    @Test("没有止日的不予接受只管它所遇的那一次；撤销不会使它管到以后的一次")
    func takenBackReachesNoFurther() {
        var refusal = Self.award(1, .refused, Self.day("2014-02-01"), Self.day("2016-06-01"))
        refusal.isRevoked = true
        let stretched = Self.family().settledOnce(topUp: false, by: [refusal], .floor)
        #expect(
            Self.told(stretched)
                == ["not_entitled refused 1", "not_entitled", "not_entitled refused 1", "proposed 8000"])
        refusal.namedNoEnd = true
        let single = Self.family().settledOnce(topUp: false, by: [refusal], .floor)
        #expect(Self.told(single) == ["not_entitled refused 1", "not_entitled", "proposed 8000"])
    }

    // MARK: Day by day

    private enum Said: Equatable {
        case no, proposed, granted, given, refused
    }

    /// What holds on each day, by the words of the definition: walks the days, once for each stretch of them with the right.
    private static func walked(_ raw: [Int64?], _ awards: [Award], needsDecision: Bool) -> [Said] {
        var said = raw.map { _ in Said.no }
        var isGiven = false
        var answered: Set<EventReference> = []
        var start = 0
        while start < raw.count {
            guard raw[start] != nil else {
                start += 1
                continue
            }
            var end = start
            while end < raw.count, raw[end] != nil { end += 1 }
            defer { start = end }
            func touches(_ award: Award, from first: Int) -> Bool {
                (first..<end).contains { award.period.contains(base + Int32($0)) }
            }
            guard !isGiven else {
                for index in start..<end { said[index] = .given }
                continue
            }
            let own = awards.filter { !answered.contains($0.source) }
            func counts(_ award: Award) -> Bool {
                guard case .granted(let sum) = award.outcome else { return true }
                let figure = (raw[start] ?? 0) * 100
                return needsDecision ? award.wasTaken || sum.amount >= figure : sum.amount == figure
            }
            var first = start
            func take(until day: Int, _ answer: Said) {
                for index in first..<day { said[index] = answer }
                first = day
            }
            while let last = own.last(where: { counts($0) && touches($0, from: first) }) {
                guard last.outcome == .refused else {
                    let from = Int((last.period.start - base))
                    let days = first..<max(first, from)
                    let refused = days.last { day in
                        own.contains { $0.outcome == .refused && $0.period.contains(base + Int32(day)) }
                    }
                    if let refused { take(until: refused + 1, .refused) }
                    // The days between a refusal and the grant that came then are not granted.
                    if first > start, first < from { take(until: from, .given) }
                    break
                }
                guard let until = last.period.end, until < base + Int32(end) else {
                    take(until: end, .refused)
                    break
                }
                take(until: Int((until - base)), .refused)
            }
            let last = own.last { touches($0, from: first) }
            let answer: Said =
                switch last?.outcome {
                case .granted? where needsDecision && last.map(counts) == true: .granted
                default: needsDecision ? .proposed : .granted
                }
            for index in first..<end { said[index] = answer }
            if answer == .granted, first < end {
                isGiven = true
                for index in 0..<start where said[index] == .proposed { said[index] = .given }
            }
            if needsDecision {
                let ofOneRight = own.filter { ($0.period.end == nil || $0.namedNoEnd) && touches($0, from: start) }
                answered.formUnion(ofOneRight.map(\.source))
            }
        }
        return said
    }

    private static func said(_ piece: OutcomePiece?) -> Said? {
        guard let piece else { return nil }
        switch piece.status {
        case .proposed: return .proposed
        case .entitled: return .granted
        case .notEntitled:
            if piece.unmet == [.alreadyGranted] { return .given }
            if case .refused? = piece.unmet.first { return .refused }
            return .no
        default: return nil
        }
    }

    @Test("一千个随机历史逐日与定义相同，至多给一次", arguments: [1, 2, 3, 4])
    func walkedDayByDay(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for round in 0..<250 {
            let needsDecision = random.chance(75)
            var raw: [Int64?] = []
            while raw.count < 60 {
                let yuan: Int64? = random.chance(50) ? nil : Int64(1 + random.next(below: 3))
                raw += Array(repeating: yuan, count: 1 + random.next(below: 12))
            }
            raw.append(nil)
            let count = Int32(raw.count)
            var pieces: [OutcomePiece] = []
            for (index, yuan) in raw.enumerated() {
                let day = Self.base + Int32(index)
                let isLast = index + 1 == raw.count
                pieces.join(Self.piece(day, isLast ? nil : day + 1, yuan, isDecided: needsDecision))
            }
            let awards = (0..<random.next(below: 5)).map { number in
                let start = Self.base + Int32(random.next(below: Int(count)))
                let end = random.chance(50) ? nil : start + Int32(1 + random.next(below: 20))
                let isGrant = random.chance(60)
                let sum = Fen(Int64(random.next(below: 4)) * 100)
                var award = Self.award(
                    UInt64(number + 1), isGrant ? .granted(sum) : .refused, start, end, taken: random.chance(50))
                award.isRevoked = end != nil && !isGrant && random.chance(30)
                award.namedNoEnd = award.isRevoked && random.chance(50)
                return award
            }
            let type: AmountType = needsDecision ? .floor : .exact
            let settled = pieces.settledOnce(topUp: false, by: awards, type)
            let wanted = Self.walked(raw, awards, needsDecision: needsDecision)
            let found = raw.indices.map { index in
                Self.said(settled.first { $0.period.contains(Self.base + Int32(index)) })
            }
            #expect(found == wanted, "seed \(seed) round \(round)")
            guard found == wanted else { return }
            #expect(settled.filter { $0.status == .entitled }.count <= 1, "seed \(seed) round \(round)")
        }
    }
}
