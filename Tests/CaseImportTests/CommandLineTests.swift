import CareDomain
import CaseImport
import Testing

@Suite("命令行 JSON")
struct CommandLineTests {
    static let file = DerivedIDs.digest(of: Array("file".utf8))

    @Test("每种命令写出再读回，完全相同；写两次字节相同", arguments: 0..<RandomCommands.kinds)
    func everyCommandReadsBack(kind: Int) throws {
        var random = RandomCommands(seed: UInt64(kind) &* 7919)
        var writer = CommandWriter()
        for round in 1...60 {
            let draft = random.draft(kind, line: round)
            let bytes = writer.line(draft)
            #expect(writer.line(draft) == bytes)
            let text = String(decoding: bytes.dropLast(), as: UTF8.self)
            let read = try CommandReader(file: Self.file).read(text, line: round)
            #expect(read == draft, "\(text)")
        }
    }

    private func problem(_ text: String, after lines: [String] = []) -> CommandProblem? {
        let reader = CommandReader(file: Self.file)
        for line in lines { _ = try? reader.read(line, line: 1) }
        do throws(CommandProblem) {
            _ = try reader.read(text, line: 9)
            return nil
        } catch {
            return error
        }
    }

    static let register = """
        {"command":"register_household","ref":"r1","household":{"ref":"f1"},"occurred_on":"2014-08-01",\
        "division":"431002001","members":[{"person":{"ref":"wife","name":"李某"},"role":"wife"},\
        {"person":{"ref":"child"},"role":"only_child","birth_date":"1990-05-06"}],\
        "facts":[{"command":"record_death","occurred_on":"2014-03-02","person":{"ref":"child"}}]}
        """

    @Test("标签：建档时定义，之后的行可用，编号由命令推出")
    func labelsResolve() throws {
        let reader = CommandReader(file: Self.file)
        let first = try reader.read(Self.register, line: 1)
        let second = try reader.read(
            #"{"command":"assign_helper","household":{"ref":"f1"},"occurred_on":"2014-09-01","kind":"cadre","#
                + #""helper":{"ref":"h1","name":"王某","phone":"14000000001","unit":"镇政府"}}"#, line: 2)
        let third = try reader.read(
            #"{"command":"record_visit","ref":"v1","household":{"ref":"f1"},"occurred_on":"2014-09-09","#
                + #""kind":"routine","visitor":{"ref":"h1"},"needs":[{"need":"need_other","items":1}]}"#, line: 3)
        let fourth = try reader.read(
            #"{"command":"close_need","household":{"ref":"f1"},"occurred_on":"2014-10-01","#
                + #""need":{"ref":"v1","place":1},"reason":"settled"}"#, line: 4)
        #expect(first.command.household == DerivedIDs.household(of: first.command.id))
        #expect(second.command.household == first.command.household)
        guard case .registerHousehold(let register) = first.command.action,
            case .assignHelper(let assigned) = second.command.action,
            case .recordVisit(let visit) = third.command.action,
            case .personDied(let died) = register.facts[0].event
        else {
            Issue.record("other actions")
            return
        }
        #expect(register.members.map(\.person) == [0, 1].map { DerivedIDs.person(of: first.command.id, place: $0) })
        #expect(died.person == register.members[1].person)
        #expect(assigned.helper.hasRealName && visit.visit.visitor == assigned.helper.id)
        #expect(fourth.sources == [.need: EventSource(command: third.command.id, place: 1)])
        let resolved = try fourth.resolved { $0.place == 1 ? 12 : nil }
        guard case .closeNeed(let closed) = resolved.action else {
            Issue.record("other action")
            return
        }
        #expect(closed.need == EventReference(sequence: 12))
        #expect(throws: CommandProblem.self) { try fourth.resolved { _ in nil } }
    }

    @Test("through 是最后一天，until 是不再成立的第一天：11 月暂缓写法不同，意思相同；两个都写的退回")
    func ends() throws {
        func hold(_ end: String) -> String {
            #"{"command":"decide_award","household":"00000000000000000000000001","occurred_on":"2026-11-20","#
                + #""clause":"CZ-2.1","outcome":"held","from":"2026-11-01","reason":"other""# + end + "}"
        }
        func period(_ end: String) throws -> DayPeriod? {
            let read = try CommandReader(file: Self.file).read(hold(end), line: 1)
            guard case .decideAward(let decided) = read.command.action else { return nil }
            return decided.period
        }
        let november = DayPeriod(
            start: CivilDay(year: 2026, month: 11, day: 1)!, end: CivilDay(year: 2026, month: 12, day: 1)!)
        #expect(try period(#","through":"2026-11-30""#) == november)
        #expect(try period(#","until":"2026-12-01""#) == november)
        #expect(try period("")?.end == nil)
        #expect(november.lastDay == CivilDay(year: 2026, month: 11, day: 30))
        let both = problem(hold(#","until":"2026-12-01","through":"2026-11-30""#))
        #expect(both?.code == "CARE-7108" && both?.chinese.contains("through") == true)
        let never = problem(hold(#","until":"2027-02-29""#))
        #expect(never?.code == "CARE-7108" && never?.chinese.contains("2027 不是闰年，2 月只有 28 天") == true)
        #expect(never?.english.contains("2027 is no leap year") == true && never?.chinese.contains("2027-02") == false)
        let fact =
            #"{"command":"state_fact","household":"00000000000000000000000001","occurred_on":"2026-03-01","#
            + #""fact":"household.low_income","value":true,"through":"2026-06-30","source":"certificate"}"#
        let read = try CommandReader(file: Self.file).read(fact, line: 1)
        guard case .stateFact(let stated) = read.command.action else {
            Issue.record("another action")
            return
        }
        #expect(stated.until == CivilDay(year: 2026, month: 7, day: 1))
    }

    @Test("同一文件同一行是同一命令，另一文件不是")
    func idsFollowFileAndLine() throws {
        let one = try CommandReader(file: Self.file).read(Self.register, line: 1)
        let again = try CommandReader(file: Self.file).read(Self.register, line: 1)
        let other = try CommandReader(file: DerivedIDs.digest(of: [1])).read(Self.register, line: 1)
        #expect(one == again)
        #expect(one.command.id != other.command.id)
    }

    @Test("错误：行、键、种类")
    func problemsNameTheirPlace() throws {
        let id = HouseholdID(Identifier128(high: 1, low: 1)).description
        let head = #""household":"\#(id)","occurred_on":"2014-09-01""#
        let cases: [(String, CommandProblem.Kind, String)] = [
            ("{", .notJSON, ""), ("[]", .notObject, ""), (#"{"command":1.5}"#, .numberForm, ""),
            (String(repeating: "[", count: 40), .tooDeep, ""),
            (#"{"command":"fly",\#(head)}"#, .unknownCommand, "command"),
            (#"{\#(head)}"#, .missingKey, "command"),
            (#"{"command":"record_death",\#(head)}"#, .missingKey, "person"),
            (#"{"command":"record_death",\#(head),"person":"x"}"#, .wrongValue, "person"),
            (#"{"command":"record_death",\#(head),"person":{"ref":"child"}}"#, .unknownLabel, "person.ref"),
            (#"{"command":"record_death",\#(head),"persons":"x","person":"\#(id)"}"#, .unknownKey, "persons"),
            (#"{"command":"withdraw",\#(head),"command":"withdraw"}"#, .repeatedKey, "command"),
            (
                #"{"command":"withdraw","household":{"ref":"f9"},"occurred_on":"2014-09-01"}"#, .unknownLabel,
                "household.ref"
            ),
            (#"{"command":"withdraw","household":"\#(id)","occurred_on":"2014-02-30"}"#, .wrongValue, "occurred_on"),
            (
                #"{"command":"register_household","occurred_on":"2014-09-01","division":"431002","#
                    + #""members":[{"role":"wife"},{"role":"aunt"}]}"#,
                .wrongValue, "members[1].role"
            ),
            (
                #"{"command":"register_household","occurred_on":"2014-09-01","division":"431002","#
                    + #""facts":[{"command":"withdraw","occurred_on":"2014-09-01"}]}"#,
                .notHere, "facts[0].command"
            ),
            (#"{"command":"raise_need",\#(head),"need":"a","items":1,"sealed":["\#(id)"]}"#, .emptyPerson, "sealed[0]"),
            (
                #"{"command":"assign_helper",\#(head),"kind":"cadre","helper":{"id":"\#(id)","nick":"x"}}"#,
                .unknownKey,
                "helper.nick"
            ),
        ]
        for (text, kind, path) in cases {
            let found = try #require(problem(text), "\(text)")
            #expect(found.kind == kind && found.path == path, "\(text) → \(found.kind) \(found.path)")
            #expect(found.line == 9 && found.chinese.contains("第 9 行") && found.english.contains("line 9"))
        }
    }

    @Test("不认识的命令先说命令本身，并说最接近的；列出的命令都认识，读得到的命令都列出")
    func unknownCommands() throws {
        let near = try #require(problem(#"{"command":"record_deth"}"#))
        #expect(near.kind == .unknownCommand && near.path == "command")
        #expect(near.chinese.hasSuffix("没有这种命令，应为 record_death") && near.english.hasSuffix("expected record_death"))
        let far = try #require(problem(#"{"command":"李某"}"#))
        #expect(far.kind == .unknownCommand && far.expected == nil)
        for name in HouseholdAction.names {
            #expect(problem(#"{"command":"\#(name)"}"#)?.kind == .missingKey, "\(name)")
        }
        #expect(Set(HouseholdAction.names).count == HouseholdAction.names.count)
        var random = RandomCommands(seed: 5)
        for kind in 0..<RandomCommands.kinds {
            for _ in 0..<20 { #expect(HouseholdAction.names.contains(random.action(kind).name)) }
        }
    }

    @Test("坏行不留下标签；标签不能改指别人")
    func badLinesDefineNothing() {
        let bad = Self.register.replacingLast("only_child", "aunt")
        let use = #"{"command":"withdraw","household":{"ref":"f1"},"occurred_on":"2014-09-01"}"#
        #expect(problem(use, after: [bad])?.kind == .unknownLabel)
        #expect(problem(use, after: [Self.register]) == nil)
        #expect(problem(Self.register + " ", after: [Self.register])?.kind == .repeatedLabel)
        #expect(problem(Self.register, after: [Self.register]) == nil)
    }

    @Test("错误信息不重复取值；任意截断和损坏都只是错误")
    func damageIsOnlyAProblem() {
        #expect(problem(Self.register.replacingLast("1990-05-06", "李某的生日"))?.chinese.contains("李某") == false)
        let bytes = Array(Self.register.utf8)
        for index in bytes.indices {
            _ = problem(String(decoding: bytes[..<index], as: UTF8.self))
            var damaged = bytes
            damaged[index] ^= 0x15
            _ = problem(String(decoding: damaged, as: UTF8.self))
        }
    }
}

extension String {
    fileprivate func replacingLast(_ old: String, _ new: String) -> String {
        var parts = split(separator: old, omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 1, let last = parts.popLast() else { return self }
        return parts.joined(separator: old) + new + last
    }
}
