import ArgumentParser
import CareDomain
import CareWire
import OfficeFiles
import ServiceKit

/// Papers that were handed in, as typed.
struct HandedPapers: ParsableArguments {
    @Option(
        help: """
            A paper that was handed in: its code such as application_form when the original was seen, or CODE=FILE to keep a scan
            or photo as an attachment of the household. May be repeated.
            """)
    var paper: [String] = []

    /// Puts the files there, and says which papers they are.
    func handedIn(to household: HouseholdID, _ desk: Desk) async throws -> (papers: [Code], files: [PaperFile]) {
        var papers: [Code] = []
        var files: [(paper: Code, file: OfficeFile)] = []
        for text in paper {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let code = try Code.typed(String(parts[0]), option: "--paper")
            if !papers.contains(code) { papers.append(code) }
            if parts.count == 2 { files.append((code, try OfficeFile(String(parts[1])))) }
        }
        for one in files { try await one.file.put(at: .household(household), desk) }
        return (papers, files.map { PaperFile(paper: $0.paper, file: $0.file.digest) })
    }
}

extension Care_V1_HandedPaper {
    /// 申请表 application_form：附件 sha256:…（第 5 条） or 验看原件
    var line: String {
        let kind = type.isEmpty ? "，只有摘要、未核内容" : "，\(type)"
        let file = FileDigest(bytes: [UInt8](digest)).map { "附件 \($0.reference)\(kind)" } ?? "验看原件"
        return "\(paper.name) \(paper.code)：\(file)（第 \(sequence) 条）"
    }

    var json: JSON {
        .object([
            ("paper", .string(paper.code)), ("title", .string(paper.textZh)),
            ("file", FileDigest(bytes: [UInt8](digest)).map { .string($0.reference) } ?? .null),
            ("type", type.isEmpty ? .null : .string(type)), ("sequence", .count(sequence)),
        ])
    }
}
