/// What a report is about: its versions stand in one stream.
package struct ReportScope: Hashable, Sendable {
    /// indicators, annex4, roll.
    package var kind: Code
    package var division: DivisionCode
    /// Nil where the report is of no pack.
    package var pack: PackID?
    /// The right that is listed; nil = none.
    package var clause: ClauseID?
    package var firstDay: CivilDay
    package var lastDay: CivilDay

    package init(
        kind: Code, division: DivisionCode, pack: PackID? = nil, clause: ClauseID? = nil, firstDay: CivilDay,
        lastDay: CivilDay
    ) {
        self.kind = kind
        self.division = division
        self.pack = pack
        self.clause = clause
        self.firstDay = firstDay
        self.lastDay = lastDay
    }

    /// What the id of its stream is derived from.
    package var canonicalText: String {
        [
            kind.rawValue, division.rawValue, pack?.rawValue ?? "", clause?.rawValue ?? "", firstDay.description,
            lastDay.description,
        ].joined(separator: "|")
    }
}

/// A report with its versions: the id of its `report-` stream.
package struct ReportID: TypedIdentifier {
    package let value: Identifier128
    package init(_ value: Identifier128) { self.value = value }
}

/// 报表上报: a report as it was sent, frozen.
package struct ReportSent: Hashable, Sendable {
    /// Largest content, in bytes.
    package static let longestContent = 192 << 10

    package var scope: ReportScope
    /// 1, 2 and so on.
    package var version: Int
    /// What the log knew by this moment counts.
    package var knownAt: Moment
    /// SHA-256 of the content.
    package var digest: FileDigest
    /// The document as it was sent, JSON; holds no names.
    package var content: [UInt8]
    /// Its main numbers.
    package var figures: [LoanFigure]
    /// Why it differs from the version before; nil for the first.
    package var reason: Code?

    package init(
        scope: ReportScope, version: Int, knownAt: Moment, digest: FileDigest, content: [UInt8],
        figures: [LoanFigure] = [], reason: Code? = nil
    ) {
        self.scope = scope
        self.version = version
        self.knownAt = knownAt
        self.digest = digest
        self.content = content
        self.figures = figures
        self.reason = reason
    }
}

/// One report with all versions that were sent: the fold of its stream.
package struct ReportFile: Hashable, Sendable {
    /// A version as it was sent.
    package struct Version: Hashable, Sendable {
        package let reference: EventReference
        package let sent: ReportSent
        package let on: CivilDay
        package let recordedAt: Moment
        package let by: Code?
        package let department: DepartmentID?
    }

    package private(set) var versions: [Version] = []

    /// Nothing sent yet.
    package init() {}

    package mutating func evolve(_ known: KnownDutyEvent) {
        guard case .reportSent(let sent) = known.event else { return }
        versions.append(
            Version(
                reference: known.reference, sent: sent, on: known.occurredOn, recordedAt: known.recordedAt,
                by: known.actor, department: known.department))
    }

    /// Sends a version: the first, or a correction that says something else and why.
    /// - Parameter owners: The departments whose the report is; empty = nobody's in particular.
    /// - Throws: The refusal.
    package func check(
        _ report: ReportSent, on day: CivilDay, by department: DepartmentID, owners: [DepartmentID]
    ) throws(Refusal) {
        try department.checkSends(owners, clause: report.scope.owningClause)
        guard report.scope.firstDay <= report.scope.lastDay, report.scope.lastDay < day else {
            throw Refusal(.reportTooEarly, detail: "\(report.scope.lastDay)")
        }
        guard report.version == versions.count + 1 else {
            throw Refusal(.reportVersion, field: "version", detail: "\(versions.count + 1)")
        }
        guard let last = versions.last?.sent else { return }
        // What somebody sent whose it is not, those put right whose it is.
        if let sender = versions.last?.department, sender.sends(owners) {
            try department.checkPutsRight(sender, clause: report.scope.clause)
        }
        guard report.digest != last.digest else { throw Refusal(.nothingToDo) }
        guard report.reason != nil else { throw Refusal(.reportReason, field: "reason") }
    }
}
