import CareDomain
import Foundation
import OfficeFiles
import ServiceKit

/// Where a command works: the person's language and screen, the configuration, the lines to the services.
final class Desk: Sendable {
    /// In which people are spoken to.
    let language: Language
    let common: CommonOptions
    private let lines: Lines
    private let ending = Ending()

    /// How a command that threw nothing ends. `@unchecked Sendable`: touched only while `lock` is held.
    private final class Ending: @unchecked Sendable {
        private let lock = NSLock()
        private var value = Exit.success

        var status: Exit {
            get { lock.withLock { value } }
            set { lock.withLock { value = newValue } }
        }
    }

    init(_ common: CommonOptions) {
        self.common = common
        let environment = ProcessInfo.processInfo.environment
        let language = Language.choose(flag: common.lang, environment: environment)
        self.language = language
        // That somebody waits, and for what, is no progress: it is said with --quiet, too.
        lines = Lines(common, environment: environment) { text in StandardError.write(text[language] + "\n") }
    }

    /// The exit status when nothing is thrown; set it for "ran and found problems".
    var status: Exit {
        get { ending.status }
        set { ending.status = newValue }
    }

    /// What the tool was told.
    func configuration() async throws -> Configuration { try await lines.configuration() }

    /// Works on another deployment than the one of the configuration; before the first line is opened.
    func use(_ configuration: Configuration) async { await lines.use(configuration) }

    /// The line to a service; connects at first use.
    func line(to service: CareService) async throws -> Line { try await lines.line(to: service) }

    /// Ends all lines.
    func close() async { await lines.close() }

    // MARK: Speaking

    /// A result line to standard output.
    func print(_ text: String) { StandardOutput.write(text + "\n") }

    /// A whole text to standard output, as it is.
    func write(_ text: String) { StandardOutput.write(text) }

    /// A sentence to standard error.
    func say(_ text: String) { StandardError.write(text + "\n") }

    /// A heading or a word in the person's language.
    func word(_ zh: String, _ en: String) -> String { language == .chinese ? zh : en }

    /// A division in a list: its code with the name that the table has for it today, or for the county that it lies in.
    func place(_ division: String) -> String {
        DivisionCode(division).map { DivisionTable.standard.label(of: $0, on: today) } ?? division
    }

    /// A sentence to standard error in the person's language.
    func say(_ text: UserText) { say(text[language]) }

    /// The same, unless `--quiet`.
    func mention(_ text: UserText) { if !common.quiet { say(text) } }

    /// A table to standard output, cut to the terminal's width if it is one.
    func show(_ table: TextTable) { write(table.render(width: Terminal.columns(of: 1))) }

    /// Rows below titles: a table for people, or a CSV file.
    func show(_ titles: [TextTable.Column], _ rows: [[String]], csv: Bool) {
        guard csv else {
            var table = TextTable(titles)
            for row in rows { table.append(row) }
            return show(table)
        }
        var file = CSVWriter()
        for row in [titles.map(\.title)] + rows { file.append(row) }
        StandardOutput.write(file.bytes)
    }

    /// Progress on standard error.
    func progress(
        _ label: UserText, unit: UserText, total: Int?
    ) -> ProgressReporter<ContinuousClock> {
        let words = OfficeFiles.Progress.Words(
            label: label[language], unit: unit[language],
            remaining: UserText(zh: "剩余", en: "left")[language], took: UserText(zh: "用时", en: "took")[language])
        let style: OfficeFiles.Progress.Style = Terminal.columns(of: 2).map { .bar(columns: $0) } ?? .lines
        let quiet = common.quiet
        return ProgressReporter(words, total: total, style: style, clock: ContinuousClock()) { text in
            if !quiet { StandardError.write(text) }
        }
    }

    // MARK: Time

    /// The present moment by this machine's clock.
    var now: Moment { Moment(microseconds: SystemTime.microseconds()) }

    /// Today in Asia/Shanghai.
    var today: CivilDay { now.day }

    /// A day as typed, or today.
    /// - Throws: `Failure` for anything that is no day.
    func day(_ text: String?, option: String) throws -> CivilDay {
        guard let text else { return today }
        guard let day = CivilDay(parsing: text) else { throw Failure.notADay(option, text) }
        return day
    }
}

extension Failure {
    static func notADay(_ option: String, _ text: String) -> Failure {
        if let missing = NoSuchDay(parsing: text) {
            return Failure(
                6105,
                UserText(
                    zh: "\(option) 没有这一天：\(missing.chinese)", en: "\(option): there is no such day: \(missing.english)"),
                exit: .usage)
        }
        return Failure(
            6105, UserText(zh: "\(option) 应是日期，如 2014-07-16", en: "\(option) must be a day such as 2014-07-16"),
            exit: .usage)
    }
}
