import CareDomain
import CareWire
import CaseImport
import OfficeFiles
import ServiceKit

/// Imports a file of commands, one JSON object per line.
struct CommandFileImport {
    let file: ImportFile
    let desk: Desk
    private(set) var tally = ImportTally()
    /// Lines that were refused, as they come: answers come in another order than lines.
    private var rejected: [(line: Int, said: String, entry: String)] = []
    /// Refused lines that are told on the screen; all of them stand in the file.
    private static let mostShown = 10
    private var texts: [Int: String] = [:]
    private var registrations = RefusedRegistrations()
    private var notes = LineNotes()
    private var source: CommandLines

    init(_ file: ImportFile, desk: Desk) {
        self.file = file
        self.desk = desk
        source = CommandLines(file)
    }

    /// Checks every line without recording anything: its form here, the rest by intake, and what rests on earlier lines
    /// of the file in the order of the lines (`CommandRehearsal`).
    mutating func check(through pump: CommandPump) async throws -> Failure? {
        let rehearsal = try await rehearsal()
        let work = Box(self)
        let failure = try await pump.run(rehearsing: rehearsal) {
            while let draft = work.value.nextDraft() {
                do { _ = try CommandCodec.encode(try draft.resolved { _ in 1 }) } catch {
                    let text = work.value.texts.removeValue(forKey: draft.line)
                    work.value.reject(Failure(explaining: error), line: draft.line, text)
                    continue
                }
                return draft
            }
            return nil
        } telling: { draft, outcome in
            work.value.take(draft, outcome)
        }
        self = work.value
        try finish(isWhole: failure == nil)
        return failure
    }

    /// What is needed to decide lines that rest on earlier ones: the published rules, and the households with several
    /// lines, in a merge, or that somebody may leave or join: others may take them in, or have them.
    private func rehearsal() async throws -> CommandRehearsal {
        let archive = try await desk.line(to: .careArchive)
        var lines = CommandLines(file)
        var counts: [HouseholdID: Int] = [:]
        while let entry = lines.next() {
            guard case .draft(let draft, _) = entry else { continue }
            counts[draft.command.household, default: 0] += 1
            if draft.command.mayLetPeopleGo || draft.command.mayChangeClaims {
                counts[draft.command.household, default: 0] += 1
            }
            // Both files of a merge count: earlier lines may have changed either.
            if case .mergeHousehold(let merge) = draft.command.action {
                for household in [draft.command.household, merge.into] { counts[household, default: 0] += 1 }
            }
        }
        let several = counts.filter { $0.value > 1 }.keys
        let families = ArchiveFamilies(archive: archive, today: desk.today)
        return CommandRehearsal(
            rules: try await archive.publishedRules(), histories: try await families.histories(of: Set(several)),
            today: desk.today, caller: RehearsedCaller(try await archive.projection()))
    }

    /// Sends every line.
    mutating func send(through pump: CommandPump) async throws -> Failure? {
        let total = file.bytes.reduce(0) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
        var progress = desk.progress(
            UserText(zh: "导入", en: "importing"), unit: UserText(zh: "条", en: "lines"), total: total)
        // The pump's two closures take turns; a box lets both change what stands here.
        let work = Box(self)
        let failure = try await pump.run {
            work.value.nextDraft()
        } telling: { draft, outcome in
            work.value.take(draft, outcome)
            progress.update(done: work.value.tally.answered + work.value.tally.refused)
        }
        self = work.value
        progress.finish(done: tally.answered + tally.refused)
        try finish(isWhole: failure == nil)
        return failure
    }

    private mutating func nextDraft() -> CommandDraft? {
        while let entry = source.next() {
            switch entry {
            case .draft(let draft, let text):
                texts[draft.line] = text
                return draft
            case .broken(let failure, let line, let text): reject(failure, line: line, text)
            }
        }
        return nil
    }

    private mutating func take(_ draft: CommandDraft, _ outcome: CommandPump.Outcome) {
        let text = texts.removeValue(forKey: draft.line)
        switch outcome {
        case .recorded(let recorded):
            tally.count(draft.command, isRepeated: recorded.isRepeated)
            notes.tell(
                recorded, of: draft.command,
                at: UserText(zh: "第 \(draft.line) 行请注意：", en: "line \(draft.line), note: "), desk: desk)
        case .queued: tally.queued += 1
        case .refused(let failure): reject(registrations.explain(failure, of: draft), line: draft.line, text)
        case .unjudged: tally.unjudged += 1
        case .stopped: break
        }
    }

    private mutating func reject(_ failure: Failure, line: Int, _ text: String?) {
        tally.refused += 1
        let place = UserText(zh: "第 \(line) 行：", en: "line \(line): ")[desk.language]
        let entry = JSON.object([
            ("line", .int(Int64(line))), ("code", .string(failure.code)), ("field", .string(failure.field)),
            ("text_zh", .string(failure.text.zh)), ("text_en", .string(failure.text.en)),
            ("advice_zh", .optional(failure.advice?.zh)),
            ("advice_en", .optional(failure.advice?.en)), ("content", .optional(text)),
        ])
        rejected.append((line, place + failure.line(in: desk.language), entry.text() + "\n"))
    }

    /// - Parameter isWhole: Whether all lines went out, so that what is not refused is known to be accepted.
    private mutating func finish(isWhole: Bool) throws {
        notes.finish(desk)
        let sorted = rejected.sorted { $0.line < $1.line }
        for refused in sorted.prefix(Self.mostShown) { desk.say(refused.said) }
        if !sorted.isEmpty {
            try file.writeRejected(Array(sorted.map(\.entry).joined().utf8), ending: "ndjson", desk: desk)
        } else if isWhole {
            file.removeRejected(ending: "ndjson", desk: desk, isOurs: Self.wroteRejected)
        }
    }

    /// Whether a file was written here: its first line begins as `reject` writes it.
    static func wroteRejected(_ file: [UInt8]) -> Bool {
        let first = String(decoding: file.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        return first.prefixMatch(of: /\{"line":\d+,"code":"CARE-\d+","field":/) != nil
    }
}

/// Reads commands line by line.
struct CommandLines {
    /// One line that holds something.
    enum Entry {
        case draft(CommandDraft, text: String)
        case broken(Failure, line: Int, text: String?)
    }

    private let bytes: [UInt8]
    private var offset = 0
    private var lines = NDJSONLines()
    private let reader: CommandReader
    private static let chunk = 1 << 16

    init(_ file: ImportFile) {
        bytes = file.bytes
        reader = CommandReader(file: file.digest)
    }

    /// The next line; nil at the end.
    mutating func next() -> Entry? {
        while true {
            if let line = lines.next() { return entry(line) }
            guard offset < bytes.count else { return lines.finish().map(entry) }
            let end = min(bytes.count, offset + Self.chunk)
            lines.append(bytes[offset..<end])
            offset = end
        }
    }

    private func entry(_ line: NDJSONLines.Line) -> Entry {
        switch line {
        case .text(let number, let text):
            do {
                return .draft(try reader.read(text, line: number), text: text)
            } catch {
                return .broken(Failure(explaining: error), line: number, text: text)
            }
        case .broken(let problem):
            return .broken(Failure(explaining: problem), line: problem.line ?? 0, text: nil)
        }
    }
}

/// A value that two closures change in turns.
final class Box<Value> {
    var value: Value
    init(_ value: Value) { self.value = value }
}
