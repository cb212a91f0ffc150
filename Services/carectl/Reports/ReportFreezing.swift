import ArgumentParser
import CareDomain
import CareWire
import Crypto
import Foundation
import ServiceKit

/// Whether a report is sent, and why again.
struct ReportSendingOptions: ParsableArguments {
    @Flag(help: "Send it: it is frozen as a version, and stays as it is when facts come late.")
    var send = false

    @Option(help: "Why it is sent again, a code.")
    var reason: String?

    func code() throws -> Code? { try reason.map { try Code.typed($0, option: "--reason") } }
}

/// A report that may be frozen: what it is about, and what it says.
struct ReportDocument {
    let scope: ReportScope
    /// As known at this moment.
    let knownAt: Moment
    let content: [UInt8]
    let figures: [LoanFigure]

    /// - Throws: `Failure` when it is too large to be frozen.
    init(scope: ReportScope, knownAt: Moment, document: JSON, figures: [LoanFigure] = []) throws {
        self.scope = scope
        self.knownAt = knownAt
        self.figures = figures
        content = Array(document.text(indented: true).utf8) + [UInt8(ascii: "\n")]
        guard content.count <= ReportSent.longestContent else {
            throw Failure(
                6570,
                UserText(
                    zh: "报表有 \(content.count) 字节，超过 \(ReportSent.longestContent)",
                    en: "the report has \(content.count) bytes, more than \(ReportSent.longestContent)"),
                advice: UserText(zh: "请按较小的区划分别上报", en: "send it for smaller divisions"), exit: .usage)
        }
    }

    var digest: FileDigest { FileDigest(bytes: Array(SHA256.hash(data: content)))! }
}

extension Desk {
    /// Freezes the report as its next version and tells its number. The same content again changes nothing.
    func freeze(_ report: ReportDocument, _ options: ReportSendingOptions) async throws {
        let id = ReportID.derived(from: report.scope)
        let versions =
            try await line(to: .careArchive).reports(.with { $0.report = id.wireData }).reports
            .first?.versions ?? []
        if versions.last.map({ FileDigest(bytes: [UInt8]($0.sent.digest)) == report.digest }) ?? false {
            mention(UserText(zh: "与已上报的第 \(versions.count) 版相同", en: "the same as version \(versions.count)"))
            return
        }
        let sent = ReportSent(
            scope: report.scope, version: versions.count + 1, knownAt: report.knownAt, digest: report.digest,
            content: report.content, figures: report.figures, reason: try options.code())
        try await line(to: .intake).duty(
            DutyCommand(
                report.scope.division, today, .reportSent(sent),
                [report.scope.canonicalText, "\(sent.version)", "\(report.digest)", options.reason ?? ""]), self,
            printsNumber: false)
        mention(UserText(zh: "第 \(sent.version) 版已上报", en: "sent as version \(sent.version)"))
    }
}

extension Line {
    /// Reports as they were sent.
    func reports(_ query: Care_V1_ListReportsQuery) async throws -> Care_V1_ReportList {
        guard case .reports(let list) = try await ask(.listReports(query)) else { throw Failure.badAnswer }
        return list
    }

    /// What an answer says, and the moment as known at which it says it: asked until nothing was recorded meanwhile.
    func steady<Answer>(_ ask: () async throws -> Answer) async throws -> (answer: Answer, knownAt: Moment) {
        // No report has this id: only the moment is wanted.
        let moment = Care_V1_ListReportsQuery.with { $0.report = Data(repeating: 0, count: 16) }
        for _ in 0..<10 {
            let before = try await reports(moment).knownAt
            let answer = try await ask()
            if try await reports(moment).knownAt == before { return (answer, Moment(microseconds: before)) }
        }
        throw Failure(
            6571, UserText(zh: "正在登记的内容太多，报表定不下来", en: "too much is being recorded for a report to hold still"),
            advice: UserText(zh: "请稍后再报", en: "send it later"), exit: .temporary)
    }
}
