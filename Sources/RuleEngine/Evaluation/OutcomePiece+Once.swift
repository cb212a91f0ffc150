import CareDomain

extension Array where Element == OutcomePiece {
    /// Settles what is given once: what bars a second time is a grant, never a mere proposal.
    ///
    /// Days with the right that follow one another without a break are one right, fixed on its first day; with `topUp` a higher
    /// sum later gives the difference. Once it is given, every other stretch of days is none: later ones, and earlier ones about
    /// which nobody had decided. It is given where nobody has to decide, or where people did. What they refused, or nobody
    /// decided, leaves it open when the conditions end and begin again.
    ///
    /// A decision about any of the days is about the whole right, and a hold moves it to the day on which the hold ends. Days that
    /// were refused are no days of the right, nor those before them: after a refusal for some days, or up to the day from which it
    /// was taken back, the right is open again, and a grant then begins with its own first day. Where people decide, a decision
    /// without an end is about the first right that it finds. One of an earlier year than the first right's own is about an
    /// earlier right of the same clause, such as last year's grant. A grant that was taken back leaves the whole of it open. What a
    /// grant gave is given once: a top-up later is another piece, of which only the rest is due.
    /// - Parameters:
    ///   - awards: those of the clause and the subject, in the order in which they were taken.
    ///   - type: how binding the clause's figure is.
    ///   - types: the same by the version that judged a piece, where that says another thing.
    /// - Source: policies, Interactions: only real grants bar; CareDomain Decisions 0042, 0047
    func settledOnce(
        topUp: Bool, by awards: [Award], _ type: AmountType, types: [PackReference: AmountType] = [:]
    ) -> [OutcomePiece] {
        guard let year = first(where: \.rightHolds)?.period.start.year else { return self }
        var right = OneOff(
            topUp: topUp,
            awards: awards.filter { award in
                award.period.start.year >= year && (!award.isRevoked || award.outcome == .refused)
            }, type: type, types: types)
        var rest = self[...]
        while let first = rest.first {
            guard first.rightHolds else {
                right.result.join(first)
                rest = rest.dropFirst()
                continue
            }
            var count = 1
            while count < rest.count, rest[rest.startIndex + count].goesOn(from: rest[rest.startIndex + count - 1]) {
                count += 1
            }
            right.settle(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        return right.result
    }
}

/// What is given once, stretch by stretch.
private struct OneOff {
    let topUp: Bool
    let awards: [Award]
    let type: AmountType
    let types: [PackReference: AmountType]
    var result: [OutcomePiece] = []
    /// What was given before, its sum the clause's own, top-ups included; nil = nothing yet.
    private var given: OutcomePiece?
    /// First days of pieces that nobody has granted yet.
    private var open: Set<CivilDay> = []
    private var spent = SpentGrants()
    /// Decisions without an end that were about an earlier stretch.
    private var answered: Set<EventReference> = []

    init(topUp: Bool, awards: [Award], type: AmountType, types: [PackReference: AmountType]) {
        self.topUp = topUp
        self.awards = awards
        self.type = type
        self.types = types
    }

    /// Takes in the next stretch of days in a row with the right.
    mutating func settle(_ stretch: ArraySlice<OutcomePiece>) {
        guard let first = stretch.first, let last = stretch.last else { return }
        let awards = awards.filter { !answered.contains($0.source) }
        var settled: [OutcomePiece] = []
        var granted: [OutcomePiece] = []
        var waiting: Set<CivilDay> = []
        for var piece in merged(stretch) {
            guard piece.rightHolds else {
                settled.append(piece)
                continue
            }
            let sum = piece.amount
            var taken = piece
            let type = types[piece.pack] ?? type
            if spent.leavesSomething(of: &piece) {
                let free = awards.filter { !spent.holds($0) }
                settled += piece.takeOffRefused(by: free, type)
                taken = piece.rightHolds ? piece.taking(free, type) : piece
                if let award = free.last(where: { $0.source == taken.decision }) { spent.note(award, taken) }
                let parts = taken.heldBack(by: awards)
                settled += parts
                if taken.rightHolds, !taken.isGiven(type) { waiting.formUnion(parts.map(\.period.start)) }
            } else {
                settled.append(piece)
            }
            guard taken.isGiven(type) else { continue }
            taken.amount = sum
            granted.append(taken)
        }
        give(granted)
        for piece in settled { result.join(piece) }
        open.formUnion(waiting)
        guard (types[first.pack] ?? type).needsDecision else { return }
        let days = DayPeriod(start: first.period.start, end: last.period.end)
        answered.formUnion(awards.filter { $0.isAboutOneRight && $0.touches(days) }.map(\.source))
    }

    /// The stretch as it is to be granted: its first day's answer, what goes beyond that and beyond what was given before, or
    /// nothing.
    private func merged(_ stretch: ArraySlice<OutcomePiece>) -> [OutcomePiece] {
        var merged: [OutcomePiece] = []
        var level = given
        for var piece in stretch {
            guard let before = level else {
                level = piece
                merged.append(piece)
                continue
            }
            if topUp, let amount = piece.amount, let sum = before.amount, amount > sum {
                level?.amount = amount
                piece.amount = amount - sum
                merged.append(piece)
            } else if let last = merged.last, last.rightHolds {
                merged[merged.count - 1].period = DayPeriod(start: last.period.start, end: piece.period.end)
            } else {
                merged.join(piece.givenOtherwise(before.facts))
            }
        }
        return merged
    }

    /// Notes what a stretch gave; nobody has to decide about earlier ones any longer.
    private mutating func give(_ granted: [OutcomePiece]) {
        for piece in granted {
            guard var before = given else {
                given = piece
                continue
            }
            before.facts = before.facts.united(with: piece.facts)
            before.amount = before.amount.flatMap { sum in piece.amount.map { sum + $0 } }
            given = before
        }
        guard let given, !granted.isEmpty else { return }
        for place in result.indices where result[place].rightHolds && open.contains(result[place].period.start) {
            result[place] = result[place].givenOtherwise(given.facts)
        }
        open = []
    }
}

/// Grants of a one-off that were given already, and by how much they went beyond the clause's own sum.
private struct SpentGrants {
    private var sources: Set<EventReference> = []
    private var beyond = Fen.zero

    func holds(_ award: Award) -> Bool { sources.contains(award.source) }

    /// Takes off a later top-up what people gave beyond the sum before.
    /// - Returns: false when nothing is left of it; the piece then says why.
    func leavesSomething(of piece: inout OutcomePiece) -> Bool {
        guard beyond > .zero, let amount = piece.amount else { return true }
        guard amount > beyond else {
            piece = piece.givenOtherwise([])
            return false
        }
        piece.amount = amount - beyond
        return true
    }

    mutating func note(_ award: Award, _ piece: OutcomePiece) {
        guard case .granted = award.outcome, piece.decision == award.source else { return }
        sources.insert(award.source)
        if let sum = piece.amount, let standard = piece.standard, sum > standard { beyond += sum - standard }
    }
}

extension OutcomePiece {
    /// Whether the right goes on from the piece before.
    fileprivate func goesOn(from before: OutcomePiece) -> Bool {
        rightHolds && before.rightHolds && before.period.end == period.start
    }

    /// Whether it is given, and not only proposed: nobody has to decide, or people did.
    fileprivate func isGiven(_ type: AmountType) -> Bool {
        rightHolds && (status == .entitled || decision != nil || !type.needsDecision)
    }

    /// Takes off the days in front that are none of the right: those that were refused, and where some were, those before the
    /// first day of the grant that came then. Where no others are left, all of it is refused.
    /// - Returns: the days taken off, in order.
    fileprivate mutating func takeOffRefused(by awards: [Award], _ type: AmountType) -> [OutcomePiece] {
        let standing = awards.filter { !$0.isHold && allows($0, type) }
        var front: [OutcomePiece] = []
        while let award = standing.last(where: { $0.touches(period) }) {
            if award.outcome == .refused {
                guard let end = award.period.end, period.contains(end) else {
                    refuse(by: award)
                    break
                }
                front.append(takeOff(until: end) { $0.refuse(by: award) })
                continue
            }
            let start = award.period.start
            guard start > period.start else { break }
            let before = DayPeriod(start: period.start, end: start)
            if let refusal = standing.last(where: { $0.outcome == .refused && $0.touches(before) }) {
                front.append(takeOff(until: min(refusal.period.end ?? start, start)) { $0.refuse(by: refusal) })
            } else if !front.isEmpty {
                front.append(takeOff(until: start) { $0 = $0.givenOtherwise([award.source]) })
            } else {
                break
            }
        }
        return front
    }

    /// Cuts off the days before one of its own.
    private mutating func takeOff(until end: CivilDay, _ change: (inout OutcomePiece) -> Void) -> OutcomePiece {
        var days = self
        days.period = DayPeriod(start: period.start, end: end)
        change(&days)
        period = DayPeriod(start: end, end: period.end)
        return days
    }

    /// None, because another stretch of days has it.
    fileprivate func givenOtherwise(_ grant: [EventReference]) -> OutcomePiece {
        var none = OutcomePiece(period: period, status: .notEntitled, pack: pack)
        none.unmet = [.alreadyGranted]
        none.facts = facts.united(with: grant)
        return none
    }
}

extension Award {
    /// Whether it names no last day, so that it is about the right that it finds and not about days.
    fileprivate var isAboutOneRight: Bool {
        switch outcome {
        case .granted, .refused: period.end == nil || isRevoked && namedNoEnd
        case .excepted, .held, .revoked: false
        }
    }
}
