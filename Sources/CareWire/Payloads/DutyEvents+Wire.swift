import CareDomain
import Foundation

extension Field {
    /// SHA-256 of a file.
    static func file(_ data: Data, _ field: String) throws(WireError) -> FileDigest {
        guard let digest = FileDigest(bytes: try digest(data, field)) else { throw WireError(.wrongLength, field) }
        return digest
    }

    /// `2014` or `2014-q3`.
    static func period(_ text: String, _ field: String) throws(WireError) -> Code {
        let period: Code = try code(text, field)
        guard DutyKey.year(of: period) != nil else { throw WireError(.outOfRange, field) }
        return period
    }

    /// What takes the place of an earlier fact says why, and only that does.
    static func replacement(_ replaced: UInt64?, _ reason: String?) throws(WireError) -> DutyReplacement? {
        let reason: Code? = try code(ifSet: reason, "reason")
        guard let replaced else {
            guard reason == nil else { throw WireError(.missing, "replaces") }
            return nil
        }
        guard let reason else { throw WireError(.missing, "reason") }
        return DutyReplacement(try reference(replaced, "replaces"), reason: reason)
    }
}

extension DutyEvidence: WireMapped {
    package init(wire: Care_V1_DutyEvidence) throws(WireError) {
        self.init(
            attachments: try Field.list(wire.attachments, "attachments", limit: WireLimits.attachments) {
                data throws(WireError) in try Field.file(data, "")
            },
            types: try Field.codes(wire.attachmentTypes, "attachment_types", limit: WireLimits.attachments),
            count: wire.hasCount ? try Field.count(wire.count, "count", in: 0...WireLimits.items) : nil,
            paper: try Field.code(ifSet: wire.hasPaper ? wire.paper : nil, "paper"))
        guard Set(attachments).count == attachments.count else { throw WireError(.repeated, "attachments") }
        guard types.isEmpty || types.count == attachments.count else { throw WireError(.missing, "attachment_types") }
    }

    package func wire() throws(WireError) -> Care_V1_DutyEvidence {
        var wire = Care_V1_DutyEvidence()
        wire.attachments = attachments.map { Data($0.bytes) }
        wire.attachmentTypes = types.map(\.rawValue)
        if let count { wire.count = try Field.number(count, "count") }
        if let paper { wire.paper = paper.rawValue }
        return wire
    }
}

extension DutyReported: WireMapped {
    package init(wire: Care_V1_DutyReported) throws(WireError) {
        self.init(
            key: DutyKey(
                pack: try Field.code(wire.pack, "pack"), clause: try Field.clause(wire.clause, "clause"),
                period: try Field.period(wire.period, "period")),
            evidence: try Field.required(wire.hasEvidence ? wire.evidence : nil, "evidence"),
            department: try Field.code(ifSet: wire.department.isEmpty ? nil : wire.department, "department"))
    }

    package func wire() throws(WireError) -> Care_V1_DutyReported {
        var wire = Care_V1_DutyReported()
        wire.pack = key.pack.rawValue
        wire.clause = key.clause.rawValue
        wire.period = key.period.rawValue
        wire.evidence = try Field.wire(evidence, "evidence")
        wire.department = department?.rawValue ?? ""
        return wire
    }
}

extension DutyCorrected: WireMapped {
    package init(wire: Care_V1_DutyCorrected) throws(WireError) {
        self.init(
            report: try Field.reference(wire.reportSequence, "report_sequence"),
            evidence: try Field.required(wire.hasEvidence ? wire.evidence : nil, "evidence"),
            reason: try Field.code(wire.reason, "reason"))
    }

    package func wire() throws(WireError) -> Care_V1_DutyCorrected {
        var wire = Care_V1_DutyCorrected()
        wire.reportSequence = report.sequence
        wire.evidence = try Field.wire(evidence, "evidence")
        wire.reason = reason.rawValue
        return wire
    }
}

extension DutyWithdrawn: WireMapped {
    package init(wire: Care_V1_DutyWithdrawn) throws(WireError) {
        self.init(
            report: try Field.reference(wire.reportSequence, "report_sequence"),
            reason: try Field.code(wire.reason, "reason"))
    }

    package func wire() throws(WireError) -> Care_V1_DutyWithdrawn {
        var wire = Care_V1_DutyWithdrawn()
        wire.reportSequence = report.sequence
        wire.reason = reason.rawValue
        return wire
    }
}

extension ListSent: WireMapped {
    package init(wire: Care_V1_ListSent) throws(WireError) {
        self.init(
            kind: try Field.code(wire.kind, "kind"), period: try Field.period(wire.period, "period"),
            digest: try Field.file(wire.digest, "digest"),
            rows: try Field.count(wire.rows, "rows", in: 0...WireLimits.items),
            from: try Field.code(ifSet: wire.from.isEmpty ? nil : wire.from, "from"),
            to: try Field.code(wire.to, "to"), dueOn: try Field.day(wire.dueDay, "due_day"),
            replacement: try Field.replacement(
                wire.hasReplaces ? wire.replaces : nil, wire.hasReason ? wire.reason : nil))
    }

    package func wire() throws(WireError) -> Care_V1_ListSent {
        var wire = Care_V1_ListSent()
        wire.kind = kind.rawValue
        wire.period = period.rawValue
        wire.digest = Data(digest.bytes)
        wire.rows = try Field.number(rows, "rows")
        wire.from = from?.rawValue ?? ""
        wire.to = to.rawValue
        wire.dueDay = dueOn.dayNumber
        if let replacement {
            wire.replaces = replacement.replaced.sequence
            wire.reason = replacement.reason.rawValue
        }
        return wire
    }
}

extension ListReceived: WireMapped {
    package init(wire: Care_V1_ListReceived) throws(WireError) {
        self.init(
            list: try Field.reference(wire.listSequence, "list_sequence"),
            digest: try Field.file(wire.digest, "digest"))
    }

    package func wire() throws(WireError) -> Care_V1_ListReceived {
        var wire = Care_V1_ListReceived()
        wire.listSequence = list.sequence
        wire.digest = Data(digest.bytes)
        return wire
    }
}

extension ConsultationAsked: WireMapped {
    package init(wire: Care_V1_ConsultationAsked) throws(WireError) {
        self.init(
            project: try Field.code(wire.project, "project"), kind: try Field.code(wire.kind, "kind"),
            clause: try Field.clause(wire.clause, "clause"),
            from: try Field.code(ifSet: wire.from.isEmpty ? nil : wire.from, "from"),
            to: try Field.code(wire.to, "to"), dueOn: try Field.day(wire.dueDay, "due_day"))
    }

    package func wire() throws(WireError) -> Care_V1_ConsultationAsked {
        var wire = Care_V1_ConsultationAsked()
        wire.project = project.rawValue
        wire.kind = kind.rawValue
        wire.clause = clause.rawValue
        wire.from = from?.rawValue ?? ""
        wire.to = to.rawValue
        wire.dueDay = dueOn.dayNumber
        return wire
    }
}

extension ConsultationAnswered: WireMapped {
    package init(wire: Care_V1_ConsultationAnswered) throws(WireError) {
        self.init(
            question: try Field.reference(wire.questionSequence, "question_sequence"),
            outcome: try Field.word(wire.outcome, "outcome"),
            paper: try Field.code(ifSet: wire.hasPaper ? wire.paper : nil, "paper"))
    }

    package func wire() throws(WireError) -> Care_V1_ConsultationAnswered {
        var wire = Care_V1_ConsultationAnswered()
        wire.questionSequence = question.sequence
        wire.outcome = outcome.rawValue
        if let paper { wire.paper = paper.rawValue }
        return wire
    }
}

extension ProjectArranged: WireMapped {
    package init(wire: Care_V1_ProjectArranged) throws(WireError) {
        self.init(question: try Field.reference(wire.questionSequence, "question_sequence"))
    }

    package func wire() throws(WireError) -> Care_V1_ProjectArranged {
        .with { $0.questionSequence = question.sequence }
    }
}
