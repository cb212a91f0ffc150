import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import ServiceKit

/// `carectl handout`
struct HandOutCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "handout",
        abstract: "Goods handed out to families (实物发放): who got them, with what receipt, and who is still without.",
        discussion: """
            A clause that gives goods (Boshan BS-3.2) gives them once in each of its periods, to families that have the right on
            that day. The signed slip is kept as an attachment of the family; without one the reason is stated. What was
            entered wrongly is corrected or withdrawn with a reason, and what was said before stays; also in a file that has since
            been taken in by a merge, whose id is named then.
            """,
        subcommands: [
            HandOutRecord.self, HandOutCorrect.self, HandOutWithdraw.self, HandOutList.self, HandOutCoverage.self,
        ])
}

/// What was handed out, to whom, and what shows it.
struct HandOutOptions: ParsableArguments {
    @Option(
        help: """
            What was handed out, GOODS or GOODS=COUNT, such as detergent=2; may be repeated. Goods: \
            \(RecordWords.codes(RecordWords.goods)).
            """)
    var item: [String] = []

    @Option(
        help: """
            Who took it: wife, husband, single_parent, only_child, or a person id as household show --json prints it; with
            --relation somebody else, whose id may be left out.
            """)
    var to: String?

    @Option(help: "Somebody who is no member took it: \(RecordWords.codes(RecordWords.receivers)).")
    var relation: String?

    @Option(help: "Name of somebody who is no member and took it.")
    var toName: String?

    @Option(help: "Name of whoever brought it, where that is not who records it.")
    var byName: String?

    @Option(help: "The signed slip: a file, kept as an attachment of the household.")
    var receipt: String?

    @Option(help: "Why there is no slip: \(RecordWords.codes(RecordWords.noReceipt)).")
    var noReceipt: String?

    @Option(help: "More about it, in words; kept with the personal data.")
    var text: String?

    func items() throws -> [HandedGoods] {
        try item.map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let count = parts.count == 2 ? Int(parts[1]) : 1
            guard let goods = Code(parts[0]), let count, (1...999).contains(count) else {
                throw Failure(
                    6426,
                    UserText(
                        zh: "--item 应写成 物品代码=数量（1 至 999），如 detergent=2",
                        en: "--item must be GOODS=COUNT, 1 to 999, such as detergent=2"), exit: .usage)
            }
            return HandedGoods(goods: goods, count: count)
        }
    }

    /// The slip, put there, or why there is none; nil when neither was typed.
    func proof(of household: HouseholdID, _ desk: Desk) async throws -> GoodsHandedOut.Receipt? {
        switch (receipt, noReceipt) {
        case (nil, nil): return nil
        case (let path?, nil):
            let file = try OfficeFile(path)
            try await file.put(at: .household(household), desk)
            return .slip(file.digest)
        case (nil, let reason?): return GoodsHandedOut.Receipt.none(try Code.typed(reason, option: "--no-receipt"))
        case (_?, _?): throw Self.receiptAdvice
        }
    }

    static let receiptAdvice = Failure(
        6427,
        UserText(
            zh: "签收单用 --receipt 文件，没有签收单用 --no-receipt 写明原因，二者写一项",
            en: "give the slip with --receipt FILE, or why there is none with --no-receipt CODE: one of the two"),
        exit: .usage)

    /// Who took it; nil when nothing was typed of it.
    func receiver(_ page: CareArchive, _ command: CommandID) async throws -> (person: PersonID, relation: Code?)? {
        if let relation {
            let person = try to.map(PersonID.typed) ?? PersonID.derived(from: command, place: 0)
            return (person, try Code.typed(relation, option: "--relation"))
        }
        guard let to else { return nil }
        return (try await TypedMember(to, option: "--to").person(in: page), nil)
    }

    /// Whoever brought it; nil = whoever records it.
    func bringer(_ command: CommandID) -> PersonID? {
        byName == nil ? nil : PersonID.derived(from: command, place: 1)
    }

    /// Names of people outside the family, and the words.
    func sealed(_ handed: GoodsHandedOut) -> [SealedPart] {
        var parts: [SealedPart] = []
        if toName != nil || text != nil {
            parts.append(
                SealedPart(subject: handed.receiver, details: PersonalDetails(name: toName, text: text)))
        }
        if let byName, let bringer = handed.handedBy {
            parts.append(SealedPart(subject: bringer, details: PersonalDetails(name: byName)))
        }
        return parts
    }
}

/// `carectl handout record`
struct HandOutRecord: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "Record that a family got the goods of a clause for a period.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: HandOutOptions

    @Argument(help: "Household id, or a beginning of it that is unique.")
    var household: String

    @Argument(help: "The clause, such as BS-3.2.")
    var clause: String

    @Option(help: "The period, as the clause has it: 2021, 2021-q4, 2021-11, or once.")
    var period: String

    @Option(help: "The day on which it was handed out; otherwise today.")
    var on: String?

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(on, option: "--on")
        let id = CommandID.random()
        let (clause, period) = (try ClauseID.typed(clause.asClause), try Code.goodsPeriod(period))
        let items = try options.items()
        let page = try await desk.line(to: .careArchive).page(of: household, on: day)
        guard let receiver = try await options.receiver(page, id) else {
            throw Failure(
                6429,
                UserText(
                    zh: "请用 --to 写明谁领取，不是本户成员的另写 --relation 与 --to-name",
                    en: "say who took it with --to; of somebody else also --relation and --to-name"), exit: .usage)
        }
        let target = page.header.household
        guard options.receipt != nil || options.noReceipt != nil else { throw HandOutOptions.receiptAdvice }
        guard let receipt = try await options.proof(of: target, desk) else { throw HandOutOptions.receiptAdvice }
        var handed = GoodsHandedOut(
            clause: clause, period: period, items: items, receiver: receiver.person, relation: receiver.relation,
            handedBy: options.bringer(id), receipt: receipt)
        handed.sealed = options.sealed(handed)
        let command = HouseholdCommand(id: id, household: target, occurredOn: day, action: .handOutGoods(handed))
        try await desk.line(to: .intake).send(command, desk: desk)
    }
}

/// Which hand-out, and why it is changed.
struct HandOutChoice: ParsableArguments {
    @Argument(help: "Household id, or a beginning of it that is unique.")
    var household: String

    @Argument(help: "Sequence of the hand-out, as handout list and household show print it.")
    var sequence: UInt64

    @Option(help: "Why: \(RecordWords.codes(RecordWords.corrections)).")
    var reason: String

    /// The page and the hand-out as it stands there.
    func find(_ desk: Desk) async throws -> (page: CareArchive, line: CareArchive.HandOutLine) {
        let page = try await desk.line(to: .careArchive).page(of: household, on: desk.today)
        guard let line = page.handOuts.first(where: { $0.sequence == sequence }) else {
            throw Failure(
                1426, UserText(zh: "该户没有第 \(sequence) 条实物发放", en: "the household has no hand-out \(sequence)"),
                advice: UserText(
                    zh: "用 carectl household show 户编号 查看；并户以前登记的仍在原来那一份档案，写它的户编号"
                        + "（handout list 的依据一栏指明）",
                    en: "see: carectl household show HOUSEHOLD; what was recorded before a merge stays in the file of "
                        + "then: name that one, as handout list does"),
                exit: .problemsFound)
        }
        return (page, line)
    }

    /// What was put right before is put right in its latest form.
    func correction(_ page: CareArchive) throws -> Correction {
        var latest = sequence
        while let next = page.history.first(where: { $0.sequence == latest })?.correctedBy { latest = next }
        return Correction(
            corrects: EventReference(sequence: latest), reason: try Code.typed(reason, option: "--reason"))
    }
}

/// `carectl handout correct`
struct HandOutCorrect: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "correct", abstract: "Put a hand-out right; what is left out stays as it was.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: HandOutChoice
    @OptionGroup var options: HandOutOptions

    @Option(help: "The right period.")
    var period: String?

    @Option(help: "The right day.")
    var on: String?

    func perform(_ desk: Desk) async throws {
        let id = CommandID.random()
        let items = try options.items()
        let day = try on.map { try desk.day($0, option: "--on") }
        let period = try period.map { try Code.goodsPeriod($0) }
        let (page, line) = try await choice.find(desk)
        var handed = try line.handed()
        if let period { handed.period = period }
        if !items.isEmpty { handed.items = items }
        if let receiver = try await options.receiver(page, id) {
            (handed.receiver, handed.relation) = (receiver.person, receiver.relation)
        }
        if let bringer = options.bringer(id) { handed.handedBy = bringer }
        if let receipt = try await options.proof(of: page.header.household, desk) { handed.receipt = receipt }
        handed.sealed = options.sealed(handed)
        let command = HouseholdCommand(
            id: id, household: page.header.household, occurredOn: day ?? line.day,
            correction: try choice.correction(page), action: .handOutGoods(handed))
        try await desk.line(to: .intake).send(command, desk: desk)
    }
}

/// `carectl handout withdraw`
struct HandOutWithdraw: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw", abstract: "Take a hand-out back: it did not happen; the period is open again.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: HandOutChoice

    func perform(_ desk: Desk) async throws {
        let (page, line) = try await choice.find(desk)
        let command = HouseholdCommand(
            id: .random(), household: page.header.household, occurredOn: line.day,
            correction: try choice.correction(page), action: .withdraw)
        try await desk.line(to: .intake).send(command, desk: desk)
    }
}

extension Code {
    /// A period of goods as typed.
    fileprivate static func goodsPeriod(_ text: String) throws -> Code {
        text.lowercased() == HandOutRhythm.once.rawValue
            ? Code(unchecked: HandOutRhythm.once.rawValue) : try Code.period(text)
    }
}

extension CareArchive.HandOutLine {
    /// As it was recorded, without what only the record holds: names stay as they were unless they are typed anew.
    fileprivate func handed() throws -> GoodsHandedOut {
        let shown: GoodsHandedOut.Receipt =
            switch receipt {
            case .slip(let digest): .slip(digest)
            case .none(let reason): GoodsHandedOut.Receipt.none(Code(unchecked: reason.code))
            }
        return GoodsHandedOut(
            clause: try ClauseID.typed(clause.code), period: Code(unchecked: period),
            items: items.map { HandedGoods(goods: Code(unchecked: $0.goods.code), count: $0.count) },
            receiver: receiver, relation: relation.map { Code(unchecked: $0.code) }, handedBy: handedBy, receipt: shown)
    }
}
