import CareDomain
import Crypto

extension LoanReportSent {
    /// What reports about loans are called among reports.
    package static let kind = Code(unchecked: "loans")

    /// The version as reports are listed and shown: what was frozen, written out as a document. The same version always
    /// gives the same bytes.
    package var listed: ReportSent {
        let document = JSONText.object([
            ("kind", .string(scope.kind.rawValue)), ("division", .string(scope.division.rawValue)),
            ("first_day", .day(scope.firstDay)), ("last_day", .day(scope.lastDay)),
            ("version", .int(Int64(version))), ("known_at", .moment(knownAt)),
            ("figures", .object(figures.map { ($0.name.rawValue, .int($0.value)) })),
            ("problems", .array(problems.map { .string($0.rawValue) })), ("reason", .optional(reason?.rawValue)),
        ])
        let content = Array(document.text(indented: true).utf8) + [UInt8(ascii: "\n")]
        guard let digest = FileDigest(bytes: Array(SHA256.hash(data: content))) else {
            preconditionFailure("LoanReportSent.listed: SHA-256 has the length of a digest")
        }
        return ReportSent(
            scope: ReportScope(
                kind: Self.kind, division: scope.division, firstDay: scope.firstDay, lastDay: scope.lastDay),
            version: version, knownAt: knownAt, digest: digest, content: content, figures: figures, reason: reason)
    }
}
