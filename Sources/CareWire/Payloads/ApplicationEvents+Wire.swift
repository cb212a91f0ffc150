import CareDomain

extension CaseFunction {
    init?(wire: Care_V1_CaseFunction, _ field: String) throws(WireError) {
        switch wire {
        case .unspecified: return nil
        case .review: self = .review
        case .fund: self = .fund
        case .payment: self = .payment
        case .supervision: self = .supervision
        case .UNRECOGNIZED(let number): throw WireError(.unknownEnum, field, limit: Int64(number))
        }
    }

    var wire: Care_V1_CaseFunction {
        switch self {
        case .review: .review
        case .fund: .fund
        case .payment: .payment
        case .supervision: .supervision
        }
    }
}

extension PaperFile: WireMapped {
    init(wire: Care_V1_PaperFile) throws(WireError) {
        self.init(paper: try Field.code(wire.paper, "paper"), file: try Field.file(wire.digest, "digest"))
    }

    func wire() throws(WireError) -> Care_V1_PaperFile {
        var wire = Care_V1_PaperFile()
        wire.paper = paper.rawValue
        wire.digest = .init(file.bytes)
        return wire
    }
}

extension ApplicationSubmitted: WireMapped {
    init(wire: Care_V1_ApplicationSubmitted) throws(WireError) {
        self.init(
            clause: try Field.clause(wire.clause, "clause"),
            subject: try Field.required(wire.hasSubject ? wire.subject : nil, "subject"),
            papers: try Field.codes(wire.papers, "papers", limit: WireLimits.papers),
            files: try Field.list(wire.files, "files", limit: WireLimits.papers),
            workflow: try Field.code(ifSet: wire.hasWorkflow ? wire.workflow : nil, "workflow"),
            step: try Field.code(ifSet: wire.hasStep ? wire.step : nil, "step"),
            previous: wire.hasPreviousSequence
                ? try Field.reference(wire.previousSequence, "previous_sequence") : nil)
    }

    func wire() throws(WireError) -> Care_V1_ApplicationSubmitted {
        var wire = Care_V1_ApplicationSubmitted()
        wire.clause = clause.rawValue
        wire.subject = try subject.wire()
        wire.papers = papers.map(\.rawValue)
        wire.files = try Field.wires(files, "files")
        if let workflow { wire.workflow = workflow.rawValue }
        if let step { wire.step = step.rawValue }
        if let previous { wire.previousSequence = previous.sequence }
        return wire
    }
}

extension ApplicationForwarded: WireMapped {
    init(wire: Care_V1_ApplicationForwarded) throws(WireError) {
        self.init(
            application: try Field.reference(wire.applicationSequence, "application_sequence"),
            step: try Field.code(wire.step, "step"),
            papers: try Field.codes(wire.papers, "papers", limit: WireLimits.papers),
            files: try Field.list(wire.files, "files", limit: WireLimits.papers),
            to: try Field.code(ifSet: wire.hasTo ? wire.to : nil, "to"),
            function: try CaseFunction(wire: wire.function, "function"))
    }

    func wire() throws(WireError) -> Care_V1_ApplicationForwarded {
        var wire = Care_V1_ApplicationForwarded()
        wire.applicationSequence = application.sequence
        wire.step = step.rawValue
        wire.papers = papers.map(\.rawValue)
        wire.files = try Field.wires(files, "files")
        if let to { wire.to = to.rawValue }
        if let function { wire.function = function.wire }
        return wire
    }
}

extension ApplicationReturned: WireMapped {
    init(wire: Care_V1_ApplicationReturned) throws(WireError) {
        self.init(
            application: try Field.reference(wire.applicationSequence, "application_sequence"),
            step: try Field.code(wire.step, "step"), to: try Field.code(ifSet: wire.hasTo ? wire.to : nil, "to"),
            reason: try Field.code(wire.reason, "reason"), sealed: try .init(sealed: wire.sealedParts))
    }

    func wire() throws(WireError) -> Care_V1_ApplicationReturned {
        var wire = Care_V1_ApplicationReturned()
        wire.applicationSequence = application.sequence
        wire.step = step.rawValue
        if let to { wire.to = to.rawValue }
        wire.reason = reason.rawValue
        wire.sealedParts = try sealed.sealedWires()
        return wire
    }
}

extension ApplicationRejected: WireMapped {
    init(wire: Care_V1_ApplicationRejected) throws(WireError) {
        self.init(
            application: try Field.reference(wire.applicationSequence, "application_sequence"),
            step: try Field.code(wire.step, "step"), reason: try Field.code(wire.reason, "reason"),
            sealed: try .init(sealed: wire.sealedParts))
    }

    func wire() throws(WireError) -> Care_V1_ApplicationRejected {
        var wire = Care_V1_ApplicationRejected()
        wire.applicationSequence = application.sequence
        wire.step = step.rawValue
        wire.reason = reason.rawValue
        wire.sealedParts = try sealed.sealedWires()
        return wire
    }
}

extension ApplicationWithdrawn: WireMapped {
    init(wire: Care_V1_ApplicationWithdrawn) throws(WireError) {
        self.init(
            application: try Field.reference(wire.applicationSequence, "application_sequence"),
            reason: try Field.code(wire.reason, "reason"), sealed: try .init(sealed: wire.sealedParts))
    }

    func wire() throws(WireError) -> Care_V1_ApplicationWithdrawn {
        var wire = Care_V1_ApplicationWithdrawn()
        wire.applicationSequence = application.sequence
        wire.reason = reason.rawValue
        wire.sealedParts = try sealed.sealedWires()
        return wire
    }
}

extension PublicNoticeOpened: WireMapped {
    init(wire: Care_V1_PublicNoticeOpened) throws(WireError) {
        self.init(
            application: try Field.reference(wire.applicationSequence, "application_sequence"),
            step: try Field.code(wire.step, "step"),
            days: wire.hasDays ? try Field.count(wire.days, "days", in: WireLimits.noticeDays) : nil)
    }

    func wire() throws(WireError) -> Care_V1_PublicNoticeOpened {
        var wire = Care_V1_PublicNoticeOpened()
        wire.applicationSequence = application.sequence
        wire.step = step.rawValue
        if let days { wire.days = try Field.number(days, "days") }
        return wire
    }
}

extension ObjectionRaised: WireMapped {
    init(wire: Care_V1_ObjectionRaised) throws(WireError) {
        self.init(
            application: try Field.reference(wire.applicationSequence, "application_sequence"),
            reason: try Field.code(wire.reason, "reason"), sealed: try .init(sealed: wire.sealedParts))
    }

    func wire() throws(WireError) -> Care_V1_ObjectionRaised {
        var wire = Care_V1_ObjectionRaised()
        wire.applicationSequence = application.sequence
        wire.reason = reason.rawValue
        wire.sealedParts = try sealed.sealedWires()
        return wire
    }
}

extension ObjectionDecided: WireMapped {
    init(wire: Care_V1_ObjectionDecided) throws(WireError) {
        self.init(
            application: try Field.reference(wire.applicationSequence, "application_sequence"),
            objection: try Field.reference(wire.objectionSequence, "objection_sequence"), isUpheld: wire.upheld,
            finding: try Field.code(wire.finding, "finding"), sealed: try .init(sealed: wire.sealedParts))
    }

    func wire() throws(WireError) -> Care_V1_ObjectionDecided {
        var wire = Care_V1_ObjectionDecided()
        wire.applicationSequence = application.sequence
        wire.objectionSequence = objection.sequence
        wire.upheld = isUpheld
        wire.finding = finding.rawValue
        wire.sealedParts = try sealed.sealedWires()
        return wire
    }
}

extension ApplicationConfirmed: WireMapped {
    init(wire: Care_V1_ApplicationConfirmed) throws(WireError) {
        self.init(
            application: try Field.reference(wire.applicationSequence, "application_sequence"),
            step: try Field.code(wire.step, "step"), to: try Field.code(ifSet: wire.hasTo ? wire.to : nil, "to"))
    }

    func wire() throws(WireError) -> Care_V1_ApplicationConfirmed {
        var wire = Care_V1_ApplicationConfirmed()
        wire.applicationSequence = application.sequence
        wire.step = step.rawValue
        if let to { wire.to = to.rawValue }
        return wire
    }
}

extension ApplicationReverified: WireMapped {
    init(wire: Care_V1_ApplicationReverified) throws(WireError) {
        let reason: Code? = try Field.code(ifSet: wire.hasExitReason ? wire.exitReason : nil, "exit_reason")
        self.init(
            application: try Field.reference(wire.applicationSequence, "application_sequence"),
            year: try Field.count(wire.year, "year", in: WireLimits.years),
            outcome: reason.map { .exits($0) } ?? .continues, sealed: try .init(sealed: wire.sealedParts))
    }

    func wire() throws(WireError) -> Care_V1_ApplicationReverified {
        var wire = Care_V1_ApplicationReverified()
        wire.applicationSequence = application.sequence
        wire.year = try Field.number(year, "year")
        if case .exits(let reason) = outcome { wire.exitReason = reason.rawValue }
        wire.sealedParts = try sealed.sealedWires()
        return wire
    }
}
