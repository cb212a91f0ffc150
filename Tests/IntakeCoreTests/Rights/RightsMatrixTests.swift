import CareDomain
import CareWire
import Foundation
import RuleEngine
import RulePacks
import SwiftProtobuf
import Testing

/// Who may what, of all five packs: every command with its function and the departments that may give it, every step of an
/// application with its level, every fact with the departments that see it. Made from the tables that the door asks, and
/// compared with `Fixtures/rights.txt`, which people read: a right that changes shows up there as a difference.
///
/// Run once with `CARE_WRITE_RIGHTS=1` to write the file anew; then read what changed.
@Suite("权限表")
struct RightsMatrixTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/rights.txt")
    private static let packs = ["boshan-2021", "chenzhou-2014", "guiyang-2013", "wenzhou-2021", "xiamen-2017"]
    /// Every department that a key can have.
    private static let departments =
        KnownOffices.departments.map(\.id) + [KnownOffices.none, KnownOffices.house]

    // MARK: What commands there are

    /// Names of the cases of a message's only choice, by number of field: a message with nothing in a field is one byte or
    /// two for the field and one for the length, so that what the contract knows is found without a list of it.
    static func choices<M: Message>(_ type: M.Type, _ choice: (M) -> Any?) -> [String] {
        (1...499).compactMap { number -> String? in
            var bytes: [UInt8] = []
            var tag = number << 3 | 2
            while tag > 0x7f {
                bytes.append(UInt8(tag & 0x7f | 0x80))
                tag >>= 7
            }
            bytes += [UInt8(tag), 0]
            guard let message = try? M(serializedBytes: bytes), let found = choice(message) else { return nil }
            return Mirror(reflecting: found).children.first?.label
        }
    }

    /// The function that a command takes, by its name in the contract; commands that are not here take none.
    private static let household: [String: CaseFunction] = [
        "decideAward": .review, "decideDue": .review, "returnApplication": .review, "rejectApplication": .review,
        "openPublicNotice": .review, "decideObjection": .supervision, "confirmApplication": .review,
        "reverifyApplication": .review,
    ]
    private static let payment: [String: PaymentAction] = [
        "prepare": .prepare(
            BatchScope(division: .everywhere, period: PaymentPeriod(parsing: "2014")!), households: []),
        "close": .close, "issue": .issue,
        "takeAnswer": .takeAnswer(BankAnswer(file: 1, lines: [], declaredCount: 0, declaredTotal: .zero)),
        "recordReturn": .recordReturn(line: 1, reason: Code(unchecked: "x")),
        "reverse": .reverse(line: 1, reason: Code(unchecked: "x")),
    ]

    private static func function(ofLoan name: String) -> CaseFunction? {
        let code = Code(unchecked: "x")
        let actions: [String: LoanAction] = [
            "review": .review(LoanReviewed(level: .village, isPassed: true)), "disburse": .disburse,
            "repay": .repay(.zero, receipt: code), "proposeWriteOff": .proposeWriteOff(code), "writeOff": .writeOff,
            "inform": .inform, "nameHelper": .nameHelper(code), "sign": .sign(.township, []),
            "guarantee": .guarantee(committee: .everywhere, paper: code), "setStage": .stage(.bundled),
            "assessExit": .assessExit(isOut: true, basis: code), "withdraw": .withdraw(code),
            "reverseLoanEntry": .reverse(EventReference(sequence: 1), reason: code),
        ]
        let funds = ["openFund", "deposit", "handOver", "stateHistory", "reverseFundEntry"]
        let scope = FundScope(division: .everywhere, mode: .grant)
        return funds.contains(name) ? FundAction.open(scope).function : actions[name]?.function
    }

    private static var unit: [String: UnitAction] {
        let sum = UnitSum(year: 2021, amount: .zero)
        return [
            "setGuidance": .setGuidance(GuidanceSet(year: 2021, numbers: [])), "setBudget": .setBudget(sum),
            "setAdvance": .setAdvance(sum), "compute": .compute(year: 2021, reason: nil),
            "score": .score(UnitScored(year: 2021, clause: ClauseID("WZ-A3.2a")!, points: Points(0))),
        ]
    }

    private static func function(ofUnit name: String) -> CaseFunction? {
        // What is granted to a family is decided in its file.
        ["give", "release"].contains(name) ? .review : unit[name]?.function
    }

    /// Commands about a duty, which its own department gives.
    private static let owned: Set<String> = ["duty.report", "duty.correct", "duty.withdraw"]

    /// Commands that send a report: the department whose it is, one that answers for it, and a key of none.
    private static let reports: Set<String> = ["duty.sendReport", "loan.sendReport"]

    /// Commands about goods of a clause: its department, those who bring them to the door, and the keepers of the files.
    private static let goods: Set<String> = ["household.handOutGoods"]

    /// Commands about a loan that no function and no owner restricts: whoever may see the case.
    private static let ofACase: Set<String> = [
        "loan.guarantee", "loan.sign", "loan.inform", "loan.setStage", "loan.withdraw",
    ]
    private static let asked = CivilDay(year: 2026, month: 1, day: 1)!

    /// Commands that state what a pack may leave to some departments.
    private static let stated: [String: OwnedAct] = [
        "household.registerHousehold": .file, "household.moveHousehold": .file, "household.closeHousehold": .file,
        "household.markRegisteredInError": .file, "household.mergeHousehold": .file, "household.splitHousehold": .file,
        "household.addPerson": .file, "household.removePerson": .file, "household.changePersonDetails": .file,
        "household.recordDeath": .file, "household.recordBirth": .file, "household.recordAdoption": .file,
        "household.stateFact": .facts, "household.assessDisability": .disabilityAssessment,
        "loan.apply": .loanApplication,
        "loan.assessExit": .loanExit, "loan.nameHelper": .loanHelper,
    ]

    /// Commands about money, which the place gives to which its months belong, wherever the family is today; all others about
    /// a family are today's place's.
    private static let ofTheMonths: Set<String> = ["household.decideDue"]

    /// What the table adds for commands that only the division above the unit gives.
    private static func isFromAbove(_ command: String) -> Bool {
        command.hasPrefix("unit.") && unit[String(command.dropFirst(5))]?.isFromAbove ?? false
    }

    /// All commands of the contract with the function that each takes.
    private static var commands: [(name: String, function: CaseFunction?)] {
        let household = choices(Care_V1_Command.self) { $0.action }
            .map { ("household.\($0)", Self.household[$0]) }
        let payments = choices(Care_V1_PaymentCommand.self) { $0.action }
            .map { ("payment.\($0)", payment[$0]?.function) }
        let units = choices(Care_V1_UnitCommand.self) { $0.action }.map { ("unit.\($0)", function(ofUnit: $0)) }
        let loans = choices(Care_V1_LoanCommand.self) { $0.action }.map { ("loan.\($0)", function(ofLoan: $0)) }
        let duties = choices(Care_V1_DutyCommand.self) { $0.action }.map { ("duty.\($0)", CaseFunction?.none) }
        return household + payments + units + loans + duties
    }

    // MARK: The table

    /// Who states a fact: whoever may, and sees it; keys of no department copy papers of whole offices.
    private static func staters(_ fact: FactDefinition, _ catalog: PolicyCatalog, _ place: DivisionCode) -> String {
        let allowed = departments.filter { department in
            guard KnownOffices.departments.contains(where: { $0.id == department }) else { return true }
            let hidden = catalog.sight.hidden(from: department, in: [place], on: asked)
            return catalog.mayState(fact.id, department, in: [place]) && !hidden.contains(fact.id)
        }
        return allowed.map(\.rawValue).joined(separator: " ")
    }

    private static func table() throws -> String {
        var lines = [
            "# 谁可以办什么。每行：政策包、事项、职能、可以办的部门（* 不限）。由程序生成，人来核对。",
            "# 步骤写明角色的，密钥的几个角色中有一个就可以办：有几个角色的，各角色的权都有。",
            "# “上级”：只由单位上一级区划的密钥办，单位不能给自己办。",
            "# “登记”：这一项事实由谁登记、更正、撤回，已去掉看不到它的部门；命令 stateFact 是没有单列的事实。",
            "# 户的命令由户今天所在地的密钥办；“月份所属地”：由款项的月份所属地方的密钥办，户迁走以后也是，今天的所在地不能代办。", "",
        ]
        for name in packs {
            let pack = try #require(try PackLibrary.bundled.packs().first { $0.id.rawValue == name })
            var registry = PackRegistry()
            registry.add(pack)
            let catalog = registry.policyCatalog
            let place = try #require(pack.territory)
            func holders(_ function: CaseFunction?, _ act: OwnedAct? = nil) -> String {
                let allowed = departments.filter { department in
                    if let act { return (try? catalog.checkOwner(of: act, department, in: place)) != nil }
                    guard let function else { return true }
                    return (try? catalog.checkOffice(function, of: department, in: place)) != nil
                }
                return allowed.count == departments.count ? "*" : allowed.map(\.rawValue).joined(separator: " ")
            }
            lines.append("== \(name) \(place)")
            for (command, function) in commands {
                let above =
                    isFromAbove(command) ? " 上级" : ofTheMonths.contains(command) ? " 月份所属地" : ""
                var who = owned.contains(command) ? "该项职责的主管部门" : holders(function, stated[command])
                if reports.contains(command) { who = "该份报表的主管部门（没有写明的不限）" }
                if ofACase.contains(command) {
                    who = departments.filter { department in
                        let known = KnownOffices.departments.contains { $0.id == department }
                        let hidden = catalog.sight.hidden(from: department, in: [place], on: asked)
                        return !known || !hidden.contains { OwnRecord($0) == .loan }
                    }.map(\.rawValue).joined(separator: " ")
                    if who == departments.map(\.rawValue).joined(separator: " ") { who = "*" }
                }
                if command == "household.completePlanItem" { who = "承办的部门、卫生健康和人口计生部门（乡镇也替村办）" }
                if command == "household.withdraw" { who = "可以登记那一条的部门" }
                if goods.contains(command) { who = "该条的主管部门、村（居）、乡镇（街道）、卫生健康和人口计生部门" }
                lines.append("\(name) 命令 \(command) \(function?.rawValue ?? "-")\(above): \(who)")
            }
            for workflow in catalog.workflows {
                for step in workflow.steps {
                    let level = "\(step.level.rawValue)\(workflow.isLayered && step.kind != .record ? "=" : "+")"
                    let roles = step.roles.isEmpty ? "" : " 角色 " + step.roles.map(\.rawValue).joined(separator: " ")
                    lines.append(
                        "\(name) 步骤 \(workflow.code).\(step.code) \(level) \(step.function?.rawValue ?? "-")\(roles): "
                            + holders(step.function))
                }
            }
            for fact in pack.vocabulary.facts {
                let seen = fact.shownTo.map { $0.map(\.rawValue).joined(separator: " ") } ?? "*"
                lines.append("\(name) 事实 \(fact.id): \(seen)")
            }
            for fact in pack.vocabulary.facts where OwnRecord(fact.id) == nil {
                lines.append("\(name) 登记 \(fact.id): \(staters(fact, catalog, place))")
            }
            for payer in catalog.places.first?.payers ?? [] { lines.append("\(name) 出资方 \(payer)") }
            lines.append("")
        }
        return lines.joined(separator: "\n")
    }

    @Test("五个政策包 × 部门 × 命令 × 步骤 × 事实，与人核对过的表一致")
    func agreesWithTheFixture() throws {
        let table = try Self.table()
        if ProcessInfo.processInfo.environment["CARE_WRITE_RIGHTS"] == "1" {
            try table.write(to: Self.file, atomically: true, encoding: .utf8)
        }
        let written = try String(contentsOf: Self.file, encoding: .utf8)
        let (now, before) = (Set(table.split(separator: "\n")), Set(written.split(separator: "\n")))
        for line in now.subtracting(before).sorted() { Issue.record("+ \(line)") }
        for line in before.subtracting(now).sorted() { Issue.record("- \(line)") }
        #expect(table == written)
    }

    @Test("表里的名字都在契约里，动钱的命令都有职能")
    func namesAreOfTheContract() {
        let names = Set(Self.commands.map(\.name))
        #expect(names.count > 80)
        for name in Self.household.keys { #expect(names.contains("household.\(name)")) }
        for name in Self.stated.keys { #expect(names.contains(name)) }
        #expect(Set(Self.stated.values) == Set(OwnedAct.allCases))
        for name in Self.payment.keys { #expect(names.contains("payment.\(name)")) }
        #expect(Self.commands.filter { $0.name.hasPrefix("payment.") }.count == Self.payment.count)
        let money = Self.commands.filter { $0.function == .fund || $0.function == .payment }.map(\.name)
        #expect(
            Set(money) == [
                "payment.close", "payment.issue", "payment.takeAnswer", "payment.recordReturn", "payment.reverse",
                "unit.setGuidance", "unit.setBudget", "unit.setAdvance", "unit.compute", "loan.openFund",
                "loan.deposit", "loan.handOver", "loan.stateHistory", "loan.disburse", "loan.repay",
                "loan.proposeWriteOff", "loan.writeOff", "loan.reverseLoanEntry", "loan.reverseFundEntry",
            ])
    }

    @Test("运行维护的密钥四项职能都不办")
    func theOperatorHoldsNone() throws {
        for name in Self.packs {
            let pack = try #require(try PackLibrary.bundled.packs().first { $0.id.rawValue == name })
            var registry = PackRegistry()
            registry.add(pack)
            for function in CaseFunction.allCases {
                for department in [KnownOffices.house, KnownOffices.none] {
                    #expect(throws: Refusal.self) {
                        try registry.policyCatalog.checkOffice(function, of: department, in: pack.territory)
                    }
                }
            }
        }
    }
}
