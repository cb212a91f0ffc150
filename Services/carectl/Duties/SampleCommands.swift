import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import OfficeFiles
import ServiceKit

/// `carectl sample`
struct SampleCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample", abstract: "Random samples (随机抽样) of families for a check, drawn again at any time.",
        discussion: """
            Recorded is the seed, before anybody sees a list. The list follows from the seed and from the families that were in the
            division on that day, as known when the seed was recorded: whoever asks later gets the same families in the same order.
            """,
        subcommands: [SampleDraw.self, SampleShow.self, SampleList.self])
}

/// `carectl sample draw`
struct SampleDraw: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "draw", abstract: "Draw a sample for a purpose and period; a second one says why.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var book: DutyBookOptions
    @OptionGroup var replacement: DutyReplacementOptions

    @Option(help: "What it is for, a code such as telephone_check.")
    var purpose: String

    @Option(help: "The period: 2021 or 2021-q3.")
    var period: String

    @Option(help: "Families wanted.")
    var size: Int

    @Option(help: "Seed, a whole number that was drawn in public; otherwise one is chosen by chance.")
    var seed: UInt64?

    func perform(_ desk: Desk) async throws {
        let (division, day) = (try book.code(), try book.day(desk))
        let drawn = SampleDrawn(
            purpose: try Code.typed(purpose, option: "--purpose"), period: try Code.period(period), size: size,
            seed: seed ?? .random(in: .min ... .max), replacement: try replacement.replacement())
        try await desk.line(to: .intake).duty(
            DutyCommand(
                division, day, .sampleDrawn(drawn),
                [purpose, period, "\(size)", "\(drawn.seed)", "\(replacement.replaces ?? 0)"]), desk)
    }
}

/// `carectl sample show`
struct SampleShow: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print the families of a sample, drawn again from the record.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "Number of the sample in the division's book.")
    var number: UInt64

    @Option(help: "The division: 6, 9 or 12 digits.")
    var division: String

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let query = Care_V1_SamplesQuery.with {
            $0.division = division
            $0.sequence = number
        }
        guard case .samples(let list) = try await desk.line(to: .careArchive).ask(.samples(query)),
            let sample = list.samples.first
        else { throw Failure.badAnswer }
        if sample.incompleteHouseholdCount > 0 {
            desk.status = .problemsFound
            desk.say(
                UserText(
                    zh: "\(sample.incompleteHouseholdCount) 户的记录损坏，没有列入，名单可能不同",
                    en: "\(sample.incompleteHouseholdCount) damaged records are left out; the list may differ"))
        }
        if json { return desk.print(sample.json.text(indented: true)) }
        for household in sample.households { desk.print(household.idText) }
        desk.mention(
            UserText(
                zh: "从 \(sample.population) 户中抽取 \(sample.households.count) 户，种子 \(sample.sample.seed)",
                en: "\(sample.households.count) of \(sample.population) families, seed \(sample.sample.seed)"))
    }
}

/// `carectl sample list`
struct SampleList: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the samples with their seeds.", aliases: ["ls"])

    @OptionGroup var common: CommonOptions

    @Option(help: "Only of this division and within it.")
    var division: String?

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let query = Care_V1_SamplesQuery.with { $0.division = division ?? "" }
        guard case .samples(let list) = try await desk.line(to: .careArchive).ask(.samples(query)) else {
            throw Failure.badAnswer
        }
        if json {
            return desk.print(JSON.object([("samples", .array(list.samples.map(\.json)))]).text(indented: true))
        }
        var table = TextTable([
            .init(desk.word("区划", "division")), .init("", .right), .init(desk.word("用途", "purpose")),
            .init(desk.word("期间", "period")), .init(desk.word("户数", "size"), .right),
            .init(desk.word("种子", "seed"), .right), .init(desk.word("抽取日", "drawn")), .init(""),
        ])
        for one in list.samples {
            table.append([
                desk.place(one.division), "#\(one.sequence)", one.sample.purpose, one.sample.period,
                "\(one.sample.size)", "\(one.sample.seed)", DayText.of(one.drawnOn),
                one.isReplaced ? desk.word("已替换", "replaced") : "",
            ])
        }
        desk.show(table)
    }
}

extension Care_V1_SampleList.Sample {
    fileprivate var json: JSON {
        .object([
            ("division", .string(division)), ("number", .count(sequence)), ("purpose", .string(sample.purpose)),
            ("period", .string(sample.period)), ("size", .int(Int64(sample.size))),
            ("seed", .string("\(sample.seed)")), ("drawn_on", .day(drawnOn)),
            ("known_at", .moment(Moment(microseconds: recordedAt))), ("replaced", .bool(isReplaced)),
            ("reason", sample.hasReason ? .string(sample.reason) : .null), ("population", .int(Int64(population))),
            ("households", .array(households.map { .id($0) })),
        ])
    }
}
