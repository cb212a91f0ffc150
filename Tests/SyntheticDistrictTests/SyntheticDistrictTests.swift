import CareDomain
import CareTestKit
import CaseImport
import Testing

@testable import SyntheticDistrict

@Suite("虚拟区县")
struct SyntheticDistrictTests {
    static let lastDay = CivilDay(year: 2024, month: 12, day: 31)!

    static func district(_ households: Int, years: Int = 10, seed: UInt64 = 1) -> SyntheticDistrict {
        SyntheticDistrict(households: households, years: years, seed: seed, endingOn: lastDay)
    }

    static func bytes(_ district: SyntheticDistrict) -> [UInt8] {
        var writer = CommandWriter()
        return district.flatMap { writer.line($0) }
    }

    @Test("同一种子逐字节相同，换一个种子就不同")
    func sameSeedGivesSameBytes() {
        let first = Self.bytes(Self.district(20))
        #expect(first == Self.bytes(Self.district(20)))
        #expect(first != Self.bytes(Self.district(20, seed: 2)))
    }

    @Test("字节多年不变：摘要与记录在案的一致")
    func bytesAreFrozen() {
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in Self.bytes(Self.district(50, seed: 42)) { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
        // FNV-1a of the bytes. It changes only when the invented histories are changed on purpose.
        #expect(digest == 6_341_284_307_424_441_680)
    }

    @Test("一户的历史与全区户数无关")
    func familyDoesNotDependOnSize() {
        let small = Array(Self.district(3))
        #expect(Array(Self.district(30).prefix(small.count)) == small)
    }

    /// Two are large, for what happens to one family in thousands.
    @Test(
        "每条命令都被接受，没有拒绝",
        arguments: [
            (1, 150, 10), (7, 150, 10), (2024, 150, 10), (20_140_716, 4_000, 10), (77, 1_500, 3),
        ] as [(UInt64, Int, Int)])
    func everyCommandIsAccepted(seed: UInt64, households: Int, years: Int) throws {
        let district = Self.district(households, years: years, seed: seed)
        for number in 0..<district.households {
            let drafts = district.household(number)
            let first = try #require(drafts.first)
            var bench = HouseholdWorkbench(first.command.household, today: Self.lastDay)
            for draft in drafts {
                let resolved = try draft.resolved { bench.sequence(of: $0.command, place: $0.place) }
                let decision = bench.carryOut(resolved)
                if case .refused(let refusal) = decision {
                    Issue.record("family \(number): \(draft.command.action.name) \(refusal.code) \(refusal.english)")
                }
            }
        }
    }

    @Test("更正的死亡日期不早于致死的事故")
    func nobodyDiesBeforeTheAccident() {
        let district = Self.district(8_000, years: 3, seed: 77)
        var corrections = 0
        for number in 0..<district.households {
            let commands = district.household(number).map(\.command)
            let accidents = commands.compactMap { command -> (day: CivilDay, victims: [PersonID])? in
                guard case .reportIncident(let told) = command.action else { return nil }
                return (command.occurredOn, told.victims.map(\.person))
            }
            for command in commands where command.correction != nil {
                guard case .recordDeath(let died) = command.action else { continue }
                corrections += 1
                let later = accidents.filter { $0.day > command.occurredOn && $0.victims.contains(died.person) }
                #expect(later.isEmpty, "family \(number)")
            }
        }
        #expect(corrections > 0)
    }

    @Test("命令按上报日期排列，上报不早于发生")
    func commandsComeInOrderOfReporting() {
        for number in 0..<50 {
            let drafts = Self.district(50).household(number)
            let reported = drafts.compactMap(\.command.learnedOn)
            #expect(reported.count == drafts.count)
            #expect(reported == reported.sorted())
            #expect(drafts.allSatisfy { $0.command.occurredOn <= $0.command.learnedOn ?? .init(dayNumber: 0) })
            #expect(reported.allSatisfy { $0 <= Self.lastDay })
        }
    }

    @Test("身份证号有效且互不相同")
    func idNumbersAreValidAndDistinct() throws {
        var seen: Set<String> = []
        for draft in Self.district(3000, years: 1) {
            guard case .registerHousehold(let register) = draft.command.action else { continue }
            for member in register.members {
                let details = try #require(member.sealed.first?.details)
                let number = try ResidentIDNumber(try #require(details.idNumber))
                #expect(number.birthDate == member.birthDate && number.sex == member.sex)
                #expect(seen.insert(number.digits).inserted)
            }
        }
    }

    @Test("户籍序号一一对应：四十万户没有两户相同")
    func ordinalsAreDistinct() {
        var seen: Set<Int> = []
        for number in 0..<400_000 {
            let ordinal = InventedFamily.Ordinal(number: number, seed: 9, last: Self.lastDay)
            let key = (Int(ordinal.wifeBirth.dayNumber) + 40_000) * 10_000 + ordinal.serial * 20 + ordinal.county
            if !seen.insert(key).inserted { Issue.record("repeated ordinal at \(number)") }
        }
    }

    @Test("约六成失独，命令种类齐全")
    func sharesAreRealistic() {
        let district = Self.district(600)
        var names: Set<String> = []
        for draft in district { names.insert(draft.command.action.name) }
        let bereaved = (0..<600).count {
            InventedFamily(number: $0, seed: 1, days: .init(first: district.firstDay, last: district.lastDay))
                .isBereaved
        }
        #expect((320...400).contains(bereaved))
        let expected: Set<String> = [
            "register_household", "assign_helper", "hand_over_pairing", "end_pairing", "record_visit", "answer_need",
            "close_need", "state_fact", "assess_disability", "record_death", "change_person_details", "move_household",
            "name_guardian", "record_guardian_consent", "record_notarisation", "end_guardianship", "open_plan_item",
            "complete_plan_item", "add_person", "record_adoption", "report_incident", "withdraw", "close_household",
        ]
        #expect(expected.isSubset(of: names), "missing: \(expected.subtracting(names).sorted())")
    }

    @Test("写出的行读回来是同样的命令")
    func linesReadBack() throws {
        var writer = CommandWriter()
        let reader = CommandReader(file: DerivedIDs.digest(of: []))
        for (index, draft) in Self.district(40).enumerated() {
            let text = String(decoding: writer.line(draft).dropLast(), as: UTF8.self)
            var expected = draft
            expected.line = index + 1
            #expect(try reader.read(text, line: index + 1) == expected)
        }
    }
}
