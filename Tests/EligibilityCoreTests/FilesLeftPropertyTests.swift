import CareDomain
import CareTestKit
import EligibilityCore
import RuleEngine
import RulePacks
import RuleReplay
import Testing

/// 起发月份为次月的部署，随机的分户、并户、迁移、更正、死亡：每一种问法得到的月份，都与已存认定相同，也与逐月笨算相同。
@Suite("分户、并户、迁移以后：各种问法与已存认定相同", .timeLimit(.minutes(10)))
struct FilesLeftPropertyTests {
    /// Files of an invented family, by what was done to it.
    private struct District {
        private(set) var files: [HouseholdID: HouseholdHistory] = [:]
        /// 分户、并户, in the order of their days.
        private(set) var moves: [(source: HouseholdID, target: HouseholdID, day: CivilDay)] = []
        private var random: SeededGenerator
        private var commands: UInt64 = 1_000
        private let policy: PolicyCatalog

        init(seed: UInt64, policy: PolicyCatalog) throws {
            random = SeededGenerator(seed: seed)
            self.policy = policy
            var family = Family(seed + 1)
            // The wife turns 49, or is 49 already, somewhere around the moves.
            let born = CivilDay(dayNumber: Family.day("1964-06-01").dayNumber + Int32(pick(900)))
            files[family.id] = HouseholdHistory(id: family.id)
            try carryOut(family.registers(on: "2014-08-01", wifeBorn: "\(born)"))
            let death = Family.day("2014-08-01") + Int32(pick(200))
            try carryOut(family.childDies(on: "\(death)"))
            var day = Family.day("2014-09-01")
            for _ in 0..<3 + pick(4) {
                day = day + Int32(10 + pick(120))
                try something(on: pick(2) == 0 ? (day + 31).startOfMonth : day)
                day = (day + 31).startOfMonth
            }
        }

        private mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

        /// Files that are open, with the parents who live in each.
        private func homes() -> [(id: HouseholdID, parents: [PersonID])] {
            files.values.filter { $0.household.status == .active }.map { history in
                let living = history.household.members.filter {
                    [Family.wife, Family.husband].contains($0.id) && $0.leftOn == nil && $0.diedOn == nil
                }
                return (history.id, living.map(\.id).sorted())
            }.sorted { $0.id < $1.id }
        }

        private mutating func something(on day: CivilDay) throws {
            let homes = homes()
            let lived = homes.filter { !$0.parents.isEmpty }
            guard let home = lived.isEmpty ? nil : lived[pick(lived.count)] else { return }
            switch pick(8) {
            case 0...2 where home.parents.count == 2:
                try move(home.id, nil, home.parents[pick(2)], day)
            case 0...3 where lived.count == 2:
                let other = lived[0].id == home.id ? lived[1].id : lived[0].id
                try move(home.id, other, nil, day)
            case 4, 5:
                let places = ["431002", "431003", "430102"]
                guard let division = DivisionCode(places[pick(3)]) else { return }
                try carryOut(home.id, .moveHousehold(HouseholdMoved(kind: .registration, division: division)), day)
            case 6:
                // A late correction of what the right rests on.
                let born = CivilDay(dayNumber: Family.day("1964-06-01").dayNumber + Int32(pick(900)))
                let details = PersonDetailsChanged(person: home.parents[0], birthDate: born)
                try carryOut(home.id, .changePersonDetails(details), day)
            default:
                guard pick(4) == 0, home.parents.count == 2 else { return }
                try carryOut(home.id, .recordDeath(PersonDied(person: home.parents[pick(2)])), day)
            }
        }

        private mutating func command(_ id: HouseholdID, _ action: HouseholdAction, _ day: CivilDay) -> HouseholdCommand
        {
            commands += 1
            return HouseholdCommand(
                id: CommandID(Identifier128(high: 9, low: commands)), household: id, occurredOn: day, action: action)
        }

        private func context(_ day: CivilDay, _ new: HouseholdID) -> DecisionContext {
            DecisionContext(today: day, policy: policy, rights: [.command, .importHistory], newHousehold: new)
        }

        private mutating func carryOut(_ id: HouseholdID, _ action: HouseholdAction, _ day: CivilDay) throws {
            try carryOut(command(id, action, day))
        }

        private mutating func carryOut(_ command: HouseholdCommand) throws {
            let history = files[command.household] ?? HouseholdHistory(id: command.household)
            let context = context(command.occurredOn, HouseholdID.derived(from: command.id))
            guard case .events(let events, _) = history.decide(command, in: context) else { return }
            files[command.household, default: history].rehearse(events, of: command.id)
        }

        /// 分户 of one person, or 并户 into another file.
        private mutating func move(
            _ id: HouseholdID, _ into: HouseholdID?, _ person: PersonID?, _ day: CivilDay
        ) throws {
            let action: HouseholdAction
            if let into {
                action = .mergeHousehold(MergeHousehold(into: into))
            } else {
                let own = HouseholdRegistered(division: try #require(DivisionCode("431002")), area: .urban)
                action = .splitHousehold(SplitHousehold(persons: [try #require(person)], household: own))
            }
            let command = command(id, action, day)
            let target = into ?? HouseholdID.derived(from: command.id)
            let source = try #require(files[id])
            let known = files[target] ?? HouseholdHistory(id: target)
            let moved = try? HouseholdMove.rehearse(command, from: source, into: known, in: context(day, target))
            guard let moved else { return }
            files[id] = moved.source
            files[target] = moved.target
            moves.append((id, target, day))
        }
    }

    private static let pack = "chenzhou-2014"
    private static let first = CivilMonth(year: 2014, month: 7)
    private static let last = CivilMonth(year: 2017, month: 12)
    private let rules: PublishedRules
    private let evaluator: Evaluator
    /// 300 yuan become 400.
    private let higher: RulePack

    /// Read once for all cases: the rules, and the same with the higher sum.
    private static let published = Result {
        let file = try #require(try PackLibrary.bundled.packFiles(of: Self.pack).last)
        let reading = "id: start_month, question: CZ-Q6, choices: [same, next], default: "
        let sum = "amount: {type: exact, value: 300, unit: yuan}"
        let text = String(decoding: file.bytes, as: UTF8.self).replacing(reading + "same", with: reading + "next")
        #expect(text.contains(reading + "next") && text.contains(sum))
        let bytes = Array(text.utf8)
        let pack = try RulePack.load(bytes: bytes, name: "next")
        var rules = PublishedRules()
        _ = rules.take(
            .published(
                PackPublished(
                    pack: pack.id, effectiveFrom: pack.validFrom, enactedOn: pack.dated, hash: pack.hash, bytes: bytes)),
            of: pack.id, occurredOn: pack.validFrom, recordedAt: Moment(microseconds: 0))
        let higher = try RulePack.load(
            bytes: Array(text.replacing(sum, with: sum.replacing("300", with: "400")).utf8), name: "higher")
        return (rules: rules, higher: higher)
    }

    init() throws {
        (rules, higher) = try Self.published.get()
        evaluator = Evaluator(registry: rules.registry)
    }

    /// What would be stored in each file.
    private func stored(_ district: District) -> [HouseholdID: [Determination]] {
        let assessment = Assessment(rules: rules)
        return district.files.mapValues { history in
            let wanted = assessment.filesWanted(for: history)
            let others = district.files.filter { wanted.contains($0.key) }
            let events = assessment.nextStep(for: history, others: others)?.events ?? []
            return events.compactMap {
                if case .determinationMade(let made) = $0.event { Determination(made) } else { nil }
            }
        }
    }

    /// A file's facts with those of the files that were left, as a tool puts them together.
    private func facts(_ id: HouseholdID, _ district: District) -> FactBase {
        var facts = FactBase(events: district.files[id]?.events ?? [])
        for source in facts.arrivals.map(\.source) {
            facts.others[source] = district.files[source].map { FactBase(events: $0.events) }
        }
        return facts
    }

    private static func isSupport(_ determination: Determination) -> Bool { determination.clause.rawValue == "CZ-2.1" }

    private static func months(_ determination: Determination) -> [CivilMonth] {
        determination.dues(through: last).map(\.month)
    }

    @Test("已存认定的月份与逐月笨算相同：当月一日有权利，前一日在本户或迁出的那户也有", arguments: 0..<30)
    func bruteForce(seed: UInt64) throws {
        let district = try District(seed: seed, policy: rules.registry.policyCatalog)
        let stored = stored(district)
        let days = DayPeriod(start: Family.day("2014-07-16"))
        var right: [HouseholdID: [PersonID: RuleOutcome]] = [:]
        for (id, history) in district.files {
            for outcome in evaluator.evaluate(FactBase(events: history.events), over: days) {
                guard outcome.clause.rawValue == "CZ-2.1", case .person(let person) = outcome.subject else { continue }
                right[id, default: [:]][person] = outcome
            }
        }
        func holds(_ id: HouseholdID, _ person: PersonID, _ day: CivilDay) -> Bool {
            right[id]?[person]?.piece(on: day)?.rightHolds ?? false
        }
        for id in district.files.keys {
            for person in [Family.wife, Family.husband] {
                let wanted = (Self.first.index...Self.last.index).map { CivilMonth(index: $0) }.filter { month in
                    let day = month.firstDay
                    guard holds(id, person, day) else { return false }
                    return holds(id, person, day - 1)
                        || district.moves.contains {
                            $0.target == id && $0.day == day && holds($0.source, person, day - 1)
                        }
                }
                let made = stored[id]?.first { Self.isSupport($0) && $0.subject == .person(person) }
                #expect(made.map(Self.months) ?? [] == wanted, "seed \(seed) \(district.moves)")
            }
        }
    }

    @Test("逐户说明：每个月应发的与已存认定相同", arguments: 0..<30)
    func explained(seed: UInt64) throws {
        let district = try District(seed: seed, policy: rules.registry.policyCatalog)
        let stored = stored(district)
        let clause = try #require(ClauseID("CZ-2.1"))
        for id in district.files.keys {
            let facts = facts(id, district)
            for person in [Family.wife, Family.husband] {
                let made = stored[id]?.first { Self.isSupport($0) && $0.subject == .person(person) }
                for index in stride(from: Self.first.index, through: Self.last.index, by: 1) {
                    let month = CivilMonth(index: index)
                    let said = evaluator.explain(clause, subject: .person(person), on: month.lastDay, facts)
                    #expect(said?.month?.due == made?.due(in: month), "seed \(seed) \(month)")
                    // A day in the file that was left is told there, not here.
                    let days = said?.month?.days ?? []
                    #expect(
                        days.allSatisfy { day in
                            made?.intervals.contains { $0.holdsHere && $0.period.contains(day.start) } ?? false
                        })
                }
            }
        }
    }

    @Test("重放：改为四百元以后相差的月份，正是已存认定的各月；按列与逐户相同", arguments: 0..<30)
    func replayed(seed: UInt64) throws {
        let district = try District(seed: seed, policy: rules.registry.policyCatalog)
        let stored = stored(district)
        let replay = RuleReplay(
            current: evaluator, candidate: higher, effectiveFrom: higher.validFrom + 1,
            period: DayPeriod(start: higher.validFrom + 1, end: Self.last.lastDay + 1), today: Self.last.lastDay)
        let tool = DistrictReplay(replay)
        #expect(tool.obstacle == nil && tool.looksIntoFilesLeft)
        let families = district.files.keys.sorted().map { (id: $0, facts: facts($0, district)) }
        let (found, single) = (tool.compare(families), tool.compareOneByOne(families))
        for (place, family) in families.enumerated() {
            let rights = found[place].difference?.rights ?? []
            #expect(found[place].household == family.id && single[place].household == family.id)
            #expect(found[place].division == single[place].division)
            #expect(rights.map(\.months) == (single[place].difference?.rights ?? []).map(\.months))
            let made = (stored[family.id] ?? []).filter(Self.isSupport)
            for determination in made {
                let told = rights.first { $0.clause == determination.clause && $0.subject == determination.subject }
                #expect((told?.months ?? []).map(\.month) == Self.months(determination), "seed \(seed)")
                #expect((told?.months ?? []).allSatisfy { $0.before == .yuan(300) && $0.after == .yuan(400) })
            }
            let known = Set(made.map(\.subject))
            #expect(rights.filter { $0.clause.rawValue == "CZ-2.1" }.allSatisfy { known.contains($0.subject) })
        }
    }

    @Test("预测：各月预算与已存认定应发的相同", arguments: 0..<30)
    func forecast(seed: UInt64) throws {
        let district = try District(seed: seed, policy: rules.registry.policyCatalog)
        let count = Int(Self.last.index - Self.first.index) + 1
        for (id, made) in stored(district) {
            var forecast = Forecast(evaluator, from: Self.first, months: count)
            forecast.add(id, facts(id, district))
            var wanted: [CivilMonth: Fen] = [:]
            for due in made.flatMap({ $0.dues(through: Self.last) }) {
                guard let month = due.fallsIn, month >= Self.first, month <= Self.last else { continue }
                let parts = due.amount.map { PayerSplit.split($0, due.payers) } ?? []
                wanted[month, default: .zero] += parts.map(\.amount).reduce(.zero, +)
            }
            var budget: [CivilMonth: Fen] = [:]
            for (key, sum) in forecast.budget { budget[key.month, default: .zero] += sum }
            #expect(budget.filter { $0.value != .zero } == wanted.filter { $0.value != .zero }, "seed \(seed)")
        }
    }
}
