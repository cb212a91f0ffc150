import CareDomain
import Crypto
import Foundation

extension FigureStated: WireMapped {
    package init(wire: Care_V1_FigureStated) throws(WireError) {
        self.init(
            pack: try Field.code(wire.pack, "pack"), fact: try Field.code(wire.fact, "fact"),
            value: try Field.required(wire.hasValue ? wire.value : nil, "value"),
            period: try Field.period(wire.period, "period"), source: try Field.code(wire.source, "source"),
            attachment: wire.hasAttachment ? try Field.file(wire.attachment, "attachment") : nil,
            replacement: try Field.replacement(
                wire.hasReplaces ? wire.replaces : nil, wire.hasReason ? wire.reason : nil))
        guard days != nil else { throw WireError(.outOfRange, "period") }
    }

    package func wire() throws(WireError) -> Care_V1_FigureStated {
        var wire = Care_V1_FigureStated()
        wire.pack = pack.rawValue
        wire.fact = fact.rawValue
        wire.value = try value.wire()
        wire.period = period.rawValue
        wire.source = source.rawValue
        if let attachment { wire.attachment = Data(attachment.bytes) }
        if let replacement {
            wire.replaces = replacement.replaced.sequence
            wire.reason = replacement.reason.rawValue
        }
        return wire
    }
}

extension ReportSent: WireMapped {
    package init(wire: Care_V1_ReportSent) throws(WireError) {
        self.init(
            scope: ReportScope(
                kind: try Field.code(wire.kind, "kind"), division: try Field.division(wire.division, "division"),
                pack: try Field.code(ifSet: wire.hasPack ? wire.pack : nil, "pack"),
                clause: wire.hasClause ? try Field.clause(wire.clause, "clause") : nil,
                firstDay: try Field.day(wire.firstDay, "first_day"), lastDay: try Field.day(wire.lastDay, "last_day")),
            version: try Field.count(wire.version, "version", in: 1...WireLimits.items),
            knownAt: Moment(microseconds: wire.knownAt), digest: try Field.file(wire.digest, "digest"),
            content: [UInt8](wire.content),
            figures: try Field.list(wire.figures, "figures", limit: WireLimits.figures),
            reason: try Field.code(ifSet: wire.hasReason ? wire.reason : nil, "reason"))
        guard (1...Self.longestContent).contains(content.count) else {
            throw WireError(content.isEmpty ? .missing : .tooLong, "content", limit: Int64(Self.longestContent))
        }
        guard digest.bytes == Array(SHA256.hash(data: content)) else { throw WireError(.outOfRange, "digest") }
    }

    package func wire() throws(WireError) -> Care_V1_ReportSent {
        var wire = Care_V1_ReportSent()
        wire.kind = scope.kind.rawValue
        wire.division = scope.division.rawValue
        if let pack = scope.pack { wire.pack = pack.rawValue }
        if let clause = scope.clause { wire.clause = clause.rawValue }
        wire.firstDay = scope.firstDay.dayNumber
        wire.lastDay = scope.lastDay.dayNumber
        wire.version = try Field.number(version, "version")
        wire.knownAt = knownAt.microseconds
        wire.digest = Data(digest.bytes)
        wire.content = Data(content)
        wire.figures = figures.map { $0.wire() }
        if let reason { wire.reason = reason.rawValue }
        return wire
    }
}

extension ReportID {
    /// The report about this.
    package static func derived(from scope: ReportScope) -> ReportID {
        ReportID(Derivation.identifier(of: Identifier128(high: 0, low: 0), "report", text: scope.canonicalText))
    }
}
