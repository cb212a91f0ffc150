import Foundation
import OfficeFiles
import ServiceKit

/// All figures of one call, as a table for people or JSON for programs.
struct Report {
    let machine: MachineState
    let households: Int
    let years: Int
    var figures: [Figure] = []

    /// The table for a terminal or a pipe.
    func table(_ language: Language, width: Int?) -> String {
        func word(_ zh: String, _ en: String) -> String { UserText(zh: zh, en: en)[language] }
        var table = TextTable([
            .init(word("项目", "work")), .init(word("中位数", "median"), .right), .init(word("单位", "unit")),
            .init(word("各次", "runs"), mayShrink: true), .init("p50 µs", .right), .init("p99 µs", .right),
            .init(word("处理器 µs/件", "CPU µs each"), .right),
            .init(word("目标", "aim"), .right), .init(word("达到", "reached"), .right),
            .init(word("内存", "memory"), .right), .init(word("数据", "data"), mayShrink: true),
        ])
        for figure in figures {
            let mark = figure.load.isQuiet ? "" : " *"
            table.append([
                figure.title[language] + mark, Self.number(figure.median), figure.unit,
                figure.runs.count > 1 ? figure.runs.map(Self.number).joined(separator: " ") : "",
                figure.p50.map(Self.number) ?? "", figure.p99.map(Self.number) ?? "",
                figure.processor.map(Self.number) ?? "",
                figure.aim.map(Self.number) ?? "", figure.share.map { "\(Int(($0 * 100).rounded())) %" } ?? "",
                figure.peakMiB.map { "\(Int($0)) MiB" } ?? "", figure.data[language],
            ])
        }
        var text = machine.line(language) + "\n"
        text += table.render(width: width)
        let notes = figures.filter { !$0.note.zh.isEmpty }
        for figure in notes { text += "\(figure.title[language])：\(figure.note[language])\n" }
        let loud = figures.filter { !$0.load.isQuiet }
        if let worst = loud.map(\.load.others).max(), let stolen = loud.map(\.load.stolen).max() {
            let (others, host) = (Int(worst * 100), Int(stolen * 100))
            text += word(
                "* 测量时机器不空闲（其他进程占 \(others) %，宿主机占 \(host) %），数字偏低\n",
                "* the machine was not idle (others \(others) %, host \(host) %); the figure is too low\n")
        }
        return text
    }

    /// One JSON document, keys sorted.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        let document = Document(
            machine: machine, households: households, years: years, figures: figures.map(Document.Entry.init))
        return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
    }

    private struct Document: Encodable {
        struct Entry: Encodable {
            var id: String
            var titleZh: String
            var titleEn: String
            var unit: String
            var median: Double
            var runs: [Double]
            var p50Us: Double?
            var p99Us: Double?
            var cpuUs: Double?
            var aim: Double?
            var better: String
            var peakMib: Double?
            var dataEn: String
            var noteEn: String
            var othersShare: Double
            var stolenShare: Double
            var isQuiet: Bool
            var totalsFen: [String: Int64]?

            init(_ figure: Figure) {
                id = figure.id
                (titleZh, titleEn) = (figure.title.zh, figure.title.en)
                unit = figure.unit
                (median, runs) = (figure.median, figure.runs)
                (p50Us, p99Us, aim) = (figure.p50, figure.p99, figure.aim)
                cpuUs = figure.processor
                better = figure.direction.rawValue
                peakMib = figure.peakMiB
                (dataEn, noteEn) = (figure.data.en, figure.note.en)
                (othersShare, stolenShare) = (figure.load.others, figure.load.stolen)
                isQuiet = figure.load.isQuiet
                totalsFen = figure.totals.isEmpty ? nil : figure.totals
            }
        }
        var machine: MachineState
        var households: Int
        var years: Int
        var figures: [Entry]
    }

    /// A number in as many digits as it is worth: 1,234,567, 12.3, 0.045.
    static func number(_ value: Double) -> String {
        if value >= 1000 { return grouped(Int(value.rounded())) }
        if value >= 100 { return String(Int(value.rounded())) }
        return String(format: value >= 10 ? "%.1f" : "%.3g", value)
    }

    private static func grouped(_ number: Int) -> String {
        var digits = String(number)
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: digits.index(digits.startIndex, offsetBy: place))
            place -= 3
        }
        return digits
    }
}
