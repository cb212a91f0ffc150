import ArgumentParser
import AttachmentStore
import CareDomain
import CareWire
import Foundation
import OfficeFiles
import ServiceKit

/// `carectl attachment`
struct AttachmentCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attachment", abstract: "Photos and documents (附件) that records name by their digest.",
        discussion: """
            A file belongs to the duty book of a division, to a unit or to a household; whoever may act there puts it there, whoever may
            see the record that names it, with the right reveal and a reason, reads it, and that is recorded. duty done, exchange send
            and settle score put their files there by themselves; for the evidence of a fact write the reference that add prints.
            At most \(AttachmentLimits.file >> 20) MiB: \(AttachmentType.words).
            """,
        subcommands: [AttachmentAdd.self, AttachmentGet.self, AttachmentList.self, AttachmentVerify.self],
        aliases: ["attach"])
}

/// Where a file belongs.
struct AttachmentPlaceOptions: ParsableArguments {
    @Option(help: "The duty book of this division: 6, 9 or 12 digits.")
    var division: String?

    @Option(help: "Scores of this unit: 6, 9 or 12 digits.")
    var unit: String?

    @Option(help: "This household: its id, or a beginning of it that is unique.")
    var household: String?

    func place(_ desk: Desk) async throws -> AttachmentPlace {
        switch (division, unit, household) {
        case (let division?, nil, nil): return .duty(try DivisionCode.book(division))
        case (nil, let unit?, nil): return .unit(try DivisionCode.book(unit))
        case (nil, nil, let household?):
            return .household(try await desk.line(to: .careArchive).household(household, on: desk.today))
        default:
            throw Failure(
                6560,
                UserText(
                    zh: "请写 --division、--unit、--household 之一", en: "say one of --division, --unit, --household"),
                exit: .usage)
        }
    }
}

/// `carectl attachment add`
struct AttachmentAdd: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Put a file there; prints the reference that records write.",
        discussion: "The same file again changes nothing; one that was cut off on its way goes on where it stopped.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: AttachmentPlaceOptions

    @Argument(help: "The file.")
    var file: String

    func perform(_ desk: Desk) async throws {
        let kept = try await OfficeFile(file).put(at: try await options.place(desk), desk)
        desk.mention(
            UserText(zh: "已存入：\(kept.type)，\(kept.size) 字节", en: "kept: \(kept.type), \(kept.size) bytes"))
        desk.print(kept.digest.reference)
    }
}

/// `carectl attachment get`
struct AttachmentGet: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Fetch a file that a record names. Needs the right reveal; recorded.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: AttachmentPlaceOptions

    @Argument(help: "Its digest, 64 digits, with or without sha256: before it.")
    var digest: String

    @Option(help: "Where to write it; nothing is overwritten.")
    var out: String

    @Option(help: "Why it must be seen; recorded.")
    var reveal: String

    func perform(_ desk: Desk) async throws {
        guard let digest = FileDigest(digits: digest) ?? FileDigest(reference: digest) else {
            throw Failure(
                6561, UserText(zh: "摘要应是 64 位十六进制数字", en: "a digest has 64 hexadecimal digits"), exit: .usage)
        }
        guard !FileManager.default.fileExists(atPath: out) else {
            throw Failure(
                6562, UserText(zh: "\(out) 已存在，不会覆盖", en: "\(out) is there; nothing is overwritten"),
                advice: UserText(zh: "请另写文件名", en: "name another file"), exit: .usage)
        }
        let place = try await options.place(desk)
        let content = try await desk.line(to: .careArchive).attachment(digest, in: place, reveal: reveal)
        try PrivateFile.write(content, to: out, mode: 0o600)
        desk.print(out)
        desk.mention(
            UserText(zh: "\(content.count) 字节，查看已登记", en: "\(content.count) bytes; the reading is recorded"))
    }
}

/// `carectl attachment list`
struct AttachmentList: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the files that records name and which of them are there; ends with 1 when one is not.",
        aliases: ["ls"])

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: AttachmentPlaceOptions

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let place = try await options.place(desk)
        let query = Care_V1_ListAttachmentsQuery.with { $0.stream = place.stream }
        guard case .attachments(let list) = try await desk.line(to: .careArchive).ask(.listAttachments(query)) else {
            throw Failure.badAnswer
        }
        if list.attachments.contains(where: { !$0.hasKept }) { desk.status = .problemsFound }
        if json {
            return desk.print(
                JSON.object([
                    ("stream", .string(place.stream)), ("attachments", .array(list.attachments.map(\.json))),
                ]).text(indented: true))
        }
        var table = TextTable([
            .init(desk.word("摘要", "digest")), .init(desk.word("记录", "record")), .init("", .right),
            .init(desk.word("种类", "type")), .init(desk.word("字节", "bytes"), .right),
            .init(desk.word("存入", "kept on")),
        ])
        for one in list.attachments {
            table.append([
                Hexadecimal.text([UInt8](one.digest)), one.kindWord(desk), "#\(one.sequence)",
                one.hasKept ? one.kept.type : desk.word("缺", "missing"), one.hasKept ? "\(one.kept.size)" : "",
                DayText.of(one.keptOn, ifSet: one.hasKeptOn),
            ])
        }
        desk.show(table)
    }
}

extension Care_V1_AttachmentList.Attachment {
    fileprivate func kindWord(_ desk: Desk) -> String {
        EventKind(rawValue: Int(kind)).map { desk.word($0.title, "\($0)") } ?? "\(kind)"
    }

    fileprivate var json: JSON {
        .object([
            ("digest", .string(Hexadecimal.text([UInt8](digest)))), ("sequence", .count(sequence)),
            ("kind", .int(Int64(kind))), ("kept", .bool(hasKept)),
            ("type", hasKept ? .string(kept.type) : .null), ("bytes", hasKept ? .count(kept.size) : .null),
            ("kept_on", .day(keptOn, ifSet: hasKeptOn)),
        ])
    }
}
