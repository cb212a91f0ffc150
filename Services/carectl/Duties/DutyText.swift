import ArgumentParser
import CareDomain
import CareWire
import Foundation
import OfficeFiles
import ServiceKit

/// What duties, lists, consultations and surveys are called.
enum DutyWords {
    static func state(_ code: String, _ desk: Desk) -> String {
        switch code {
        case "open": desk.word("未到", "ahead")
        case "warned": desk.word("将到期", "due soon")
        case "overdue": desk.word("逾期", "overdue")
        case "unrecorded": desk.word("未记录", "nothing recorded")
        case "done": desk.word("完成", "done")
        case "done_late": desk.word("逾期完成", "done late")
        case "received": desk.word("已签收", "received")
        case "received_late": desk.word("逾期签收", "received late")
        case "replaced": desk.word("已替换", "replaced")
        case "answered": desk.word("已答复", "answered")
        case "answered_late": desk.word("逾期答复", "answered late")
        case "arranged": desk.word("已安排", "arranged")
        default: code
        }
    }

    /// How a list stands, and which took its place.
    static func exchange(_ state: String, replacedBy successor: UInt64?, _ desk: Desk) -> String {
        guard let successor else { return Self.state(state, desk) }
        let word = Self.state(state, desk)
        return desk.word("\(word)（由 #\(successor) 替换）", "\(word) (replaced by #\(successor))")
    }

    /// An office by its code.
    static func office(_ code: String, _ desk: Desk) -> String {
        guard let id = DepartmentID(code) else { return code }
        return desk.word(KnownOffices.name(of: id), KnownOffices.englishName(of: id))
    }

    /// What a project asked about is for; a kind that the document does not name stays as people wrote it.
    /// - Source: GY-3.18a
    static func project(_ code: String, _ desk: Desk) -> String {
        switch code {
        case "poverty": desk.word("扶贫", "poverty relief")
        case "farmland": desk.word("农田", "farmland")
        case "water": desk.word("水利", "water")
        case "land": desk.word("土地", "land")
        case "countryside": desk.word("农村建设", "countryside")
        default: code
        }
    }

    /// What a survey asks about.
    static func measure(_ code: String, _ desk: Desk) -> String {
        switch code {
        case "awareness": desk.word("知晓率", "awareness")
        case "satisfaction": desk.word("满意率", "satisfaction")
        default: code
        }
    }

    /// Divisions named in a table at most.
    private static let mostHolders = 3

    /// Who owes a duty: the division itself, or those of another level with how it stands there, what is open first.
    static func holders(_ line: Care_V1_DutyLine, _ desk: Desk) -> String {
        guard line.isElsewhere else { return desk.word("本级", "itself") }
        let done: Set<String> = [DutyState.done.rawValue, DutyState.doneLate.rawValue]
        let sorted = line.holders.filter { !done.contains($0.state) } + line.holders.filter { done.contains($0.state) }
        guard !sorted.isEmpty else { return desk.word("其他各级", "another level") }
        let named = sorted.prefix(mostHolders).map { holder in
            [
                desk.place(holder.division), state(holder.state, desk),
                DayText.of(holder.doneOn, ifSet: holder.hasDoneOn),
            ]
            .filter { !$0.isEmpty }.joined(separator: " ")
        }
        let rest = sorted.count - named.count
        let more = rest > 0 ? [desk.word("另 \(rest) 个", "\(rest) more")] : []
        return (named + more).joined(separator: desk.word("；", "; "))
    }

    /// What a duty is to reach: the numbers first, then the words of the document.
    static func target(_ line: Care_V1_DutyLine, _ desk: Desk) -> String {
        [desk.word(line.targetZh, line.targetEn), line.targetWords].filter { !$0.isEmpty }
            .joined(separator: desk.word("；", "; "))
    }

    static func outcome(_ code: String, _ desk: Desk) -> String {
        switch ConsultationAnswered.Outcome(rawValue: code) {
        case .agreed: desk.word("同意", "agreed")
        case .conditions: desk.word("有条件同意", "with conditions")
        case .objected: desk.word("不同意", "objected")
        case nil: code
        }
    }

    /// The evidence in a word or two.
    static func evidence(_ evidence: Care_V1_DutyEvidence, _ desk: Desk) -> String {
        var words: [String] = []
        let unchecked = evidence.uncheckedFiles
        if evidence.attachments.count > unchecked {
            words.append(desk.word("附件 ", "files ") + "\(evidence.attachments.count - unchecked)")
        }
        if unchecked > 0 {
            words.append(desk.word("只有摘要、未核内容 ", "digest only, content not checked ") + "\(unchecked)")
        }
        if evidence.hasCount { words.append(desk.word("自报件数 ", "count as said ") + "\(evidence.count)") }
        if evidence.hasPaper { words.append(evidence.paper) }
        return words.joined(separator: desk.word("，", ", "))
    }
}

/// In whose duty book, and on which day.
struct DutyBookOptions: ParsableArguments {
    @Option(help: "Whose book: 6, 9 or 12 digits.")
    var division: String

    @Option(help: "The day it was done; otherwise today.")
    var on: String?

    func code() throws -> DivisionCode { try DivisionCode.book(division) }

    func day(_ desk: Desk) throws -> CivilDay { try desk.day(on, option: "--on") }
}

/// What takes the place of something said before, and why.
struct DutyReplacementOptions: ParsableArguments {
    @Option(help: "Number of the one whose place it takes.")
    var replaces: UInt64?

    @Option(help: "Why it takes its place, a code.")
    var reason: String?

    func replacement() throws -> DutyReplacement? {
        switch (replaces, reason) {
        case (nil, nil): return nil
        case (let number?, let reason?) where number > 0:
            return DutyReplacement(
                EventReference(sequence: number), reason: try Code.typed(reason, option: "--reason"))
        default:
            throw Failure(
                6530, UserText(zh: "--replaces 和 --reason 要一起写", en: "--replaces and --reason belong together"),
                exit: .usage)
        }
    }
}

/// What shows that something was done.
struct DutyEvidenceOptions: ParsableArguments {
    @Option(help: "A file that shows it: it is put into the store, its digest is recorded. May be repeated.")
    var file: [String] = []

    @Flag(help: "The files stay where they are: only their digests are recorded.")
    var digestOnly = false

    @Option(help: "So many pieces, kept elsewhere.")
    var count: Int?

    @Option(help: "Reference of a paper, a code.")
    var paper: String?

    /// Puts the files there, unless they stay where they are.
    func evidence(of division: DivisionCode, _ desk: Desk) async throws -> DutyEvidence {
        let paper = try paper.map { try Code.typed($0, option: "--paper") }
        let files = try file.map { try OfficeFile($0) }
        try Self.requireEachOnce(files, file)
        // What they are, the store finds in their bytes and tells intake.
        if !digestOnly { for file in files { try await file.put(at: .duty(division), desk) } }
        return DutyEvidence(attachments: files.map(\.digest), count: count, paper: paper)
    }

    /// The same photo under five names is one piece of evidence, not five.
    private static func requireEachOnce(_ files: [OfficeFile], _ paths: [String]) throws {
        var paths = zip(files.map(\.digest), paths).makeIterator()
        var seen: [FileDigest: String] = [:]
        while let (digest, path) = paths.next() {
            guard let first = seen.updateValue(path, forKey: digest) else { continue }
            throw Failure(
                6629,
                UserText(
                    zh: "\(first) 和 \(path) 是同一份内容，一份凭据只算一件",
                    en: "\(first) and \(path) have the same content, which is one piece of evidence"),
                advice: UserText(zh: "去掉重复的 --file 再报", en: "leave the second --file out"), exit: .usage)
        }
    }
}

extension DivisionCode {
    /// A division as typed.
    static func book(_ text: String) throws -> DivisionCode {
        guard let division = DivisionCode(text) else {
            throw Failure(
                6531, UserText(zh: "--division 应是区划代码，如 520100", en: "--division must be a code such as 520100"),
                exit: .usage)
        }
        return division
    }
}

extension DepartmentID {
    /// A department as typed.
    static func typed(_ text: String, option: String) throws -> DepartmentID {
        guard let department = DepartmentID(text) else {
            throw Failure(
                6532,
                UserText(zh: "\(option) 应是部门代码，如 dept.hrss", en: "\(option) must be a code such as dept.hrss"),
                exit: .usage)
        }
        return department
    }
}

extension PackID {
    /// A pack as typed.
    static func typed(_ text: String) throws -> PackID {
        guard let pack = PackID(text) else {
            throw Failure(
                6533, UserText(zh: "--pack 应是政策包，如 guiyang-2013", en: "--pack must be a pack such as guiyang-2013"),
                exit: .usage)
        }
        return pack
    }
}

extension Code {
    /// A period as typed.
    static func period(_ text: String) throws -> Code {
        // People write quarters in capitals, and so do the packs.
        guard let code = Code(text.lowercased()), DutyKey.year(of: code) != nil else {
            throw Failure(
                6534,
                UserText(
                    zh: "--period 应写成 2014、2014-Q3、2014-H2，或照 duty list 所印",
                    en: "--period must be 2014, 2014-Q3, 2014-H2, or as duty list prints it"), exit: .usage)
        }
        return code
    }
}

extension Line {
    /// Sends a command about a duty book, and again until it is answered: the same command is recorded once.
    /// - Parameter printsNumber: Whether the number of its event goes to standard output.
    func duty(_ command: DutyCommand, _ desk: Desk, printsNumber: Bool = true) async throws {
        let body = try DutyCodec.encode(command)
        let end = ContinuousClock.now + .seconds(120)
        while true {
            do {
                let recorded = try await send(body, id: command.id, method: .submitDuty)
                desk.say(
                    recorded.isRepeated
                        ? UserText(zh: "此前已登记", en: "recorded before")
                        : UserText(zh: "已登记，已落盘", en: "recorded and on disk"))
                if printsNumber { desk.print("\(recorded.sequences.lowerBound)") }
                return
            } catch {
                let failure = Failure(explaining: error)
                guard failure.isWorthWaiting, .now < end else { throw failure }
            }
            try await Task.sleep(for: .milliseconds(300))
        }
    }

    /// Duties of a year with what was done.
    func duties(_ query: Care_V1_DutyCalendarQuery) async throws -> [Care_V1_DutyLine] {
        guard case .dutyCalendar(let page) = try await ask(.dutyCalendar(query)) else { throw Failure.badAnswer }
        return page.duties
    }
}

extension DutyCommand {
    /// A command whose id follows from what it says, so that it is recorded once however often it is typed.
    /// - Parameter words: What tells it from others of the division on the day.
    init(_ division: DivisionCode, _ day: CivilDay, _ action: DutyEvent, _ words: [String]) {
        let words = ["duty", division.rawValue, day.description, "\(action.kind.rawValue)"] + words
        self.init(
            id: .said(Identifier128(high: 0, low: 0), words), division: division, occurredOn: day, action: action)
    }
}

extension Care_V1_DutyEvidence {
    /// Files into which nobody looked: only their digest is on record.
    var uncheckedFiles: Int { (try? DutyEvidence(wire: self))?.uncheckedFiles ?? attachments.count }

    var json: JSON {
        .object([
            ("attachments", .array(attachments.map { .string(Hexadecimal.text([UInt8]($0))) })),
            ("types", .array(attachmentTypes.map(JSON.string))), ("unchecked", .int(Int64(uncheckedFiles))),
            ("count", hasCount ? .int(Int64(count)) : .null), ("paper", hasPaper ? .string(paper) : .null),
        ])
    }
}
