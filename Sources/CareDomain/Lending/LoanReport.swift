/// One report with all versions that were sent: the fold of its `report-<id>` stream.
package struct LoanReport: Hashable, Sendable {
    /// A version as it was sent.
    package struct Version: Hashable, Sendable {
        package let sent: LoanReportSent
        package let on: CivilDay
        package let recordedAt: Moment
        package let by: Code?
    }

    package let id: LoanReportID
    package private(set) var versions: [Version] = []
    package private(set) var lastSequence: UInt64 = 0

    /// Nothing sent yet.
    package init(id: LoanReportID) { self.id = id }

    /// Takes the next event in; one already held is ignored.
    package mutating func evolve(_ known: KnownLendingEvent) {
        guard case .report(let sent) = known.event, known.reference.sequence > lastSequence else { return }
        lastSequence = known.reference.sequence
        versions.append(Version(sent: sent, on: known.occurredOn, recordedAt: known.recordedAt, by: known.actor))
    }

    /// Sends a version: the first, or a correction that says something else and why.
    package func send(_ report: LoanReportSent, on day: CivilDay) throws(Refusal) -> LendingEvent {
        guard report.scope.firstDay <= report.scope.lastDay, report.scope.lastDay < day else {
            throw Refusal(.reportTooEarly, detail: "\(report.scope.lastDay)")
        }
        guard report.version == versions.count + 1 else {
            throw Refusal(.reportVersion, field: "version", detail: "\(versions.count + 1)")
        }
        if let last = versions.last?.sent {
            guard !report.saysTheSame(as: last) else { throw Refusal(.nothingToDo) }
            guard report.reason != nil else { throw Refusal(.reportReason, field: "reason") }
        }
        return .report(report)
    }
}
