import CareDomain
import CareTestKit
import CaseImport
import Testing

/// Lines about one person keep their order whatever their households are; all others go out together.
struct LineOrderTests {
    /// Three people by ID number.
    private static let numbers = ["431002196708010023", "431002196608010012", "431002199005060014"].map(Self.valid)

    /// With the last character that belongs to the first 17.
    private static func valid(_ number: String) -> String {
        let check = ResidentIDNumber.checkCharacter(number.utf8.prefix(17).map { Int($0) - 48 })
        return String(number.prefix(17)) + String(UnicodeScalar(check))
    }

    private static func household(_ number: UInt64) -> HouseholdID { HouseholdID(Identifier128(high: 0, low: number)) }

    private static func draft(_ line: Int, _ household: UInt64, _ action: HouseholdAction) -> CommandDraft {
        CommandDraft(
            line: line,
            command: HouseholdCommand(
                id: CommandID(Identifier128(high: 1, low: UInt64(line))), household: Self.household(household),
                occurredOn: CivilDay(dayNumber: 0), action: action))
    }

    private static func joined(_ number: String, spelt: (String) -> String = { $0 }) -> PersonJoined {
        let id = PersonID(Identifier128(high: 2, low: UInt64(number.prefix(17))!))
        return PersonJoined(
            person: id, role: .other,
            sealed: [SealedPart(subject: id, details: PersonalDetails(idNumber: spelt(number)))])
    }

    private static func registers(_ numbers: [String], archive: String? = nil, county: String = "431002001")
        -> HouseholdAction
    {
        .registerHousehold(
            RegisterHousehold(
                household: HouseholdRegistered(division: DivisionCode(county)!, archiveNumber: archive),
                members: numbers.map { joined($0) }))
    }

    private static func leaves(_ number: String) -> HouseholdAction {
        .removePerson(PersonLeft(person: joined(number).person, reason: Code(unchecked: "divorce")))
    }

    private static let closes = HouseholdAction.closeHousehold(HouseholdClosed(reason: Code(unchecked: "moved_away")))

    private static func drain(_ queue: inout CommandQueue) -> [Int] {
        var lines: [Int] = []
        while let draft = queue.next() { lines.append(draft.line) }
        return lines
    }

    /// The lines that go out together, step by step, when all of a step are answered before the next.
    private static func steps(_ drafts: [CommandDraft]) -> [[Int]] {
        var queue = CommandQueue()
        for draft in drafts { queue.add(draft) }
        var steps: [[Int]] = []
        while !queue.isEmpty {
            let lines = drain(&queue)
            guard !lines.isEmpty else { return steps + [[-1]] }
            steps.append(lines)
            for line in lines { queue.finished(drafts[line - 1].command.household) }
        }
        return steps
    }

    @Test("登记、离户、另户登记：依次")
    func whoeverLeavesIsRegisteredElsewhereAfterwards() {
        let drafts = [
            Self.draft(1, 1, Self.registers([Self.numbers[0], Self.numbers[1]])),
            Self.draft(2, 1, Self.leaves(Self.numbers[0])),
            Self.draft(3, 2, Self.registers([Self.numbers[0]])),
            Self.draft(4, 3, Self.registers([Self.numbers[2]])),
        ]
        #expect(Self.steps(drafts) == [[1, 4], [2], [3]])
    }

    @Test("没有身份证号、同姓名同一天出生的：先写的先办，姓名写开也一样；出生日期不同的一起办")
    func whoeverIsKnownByNameAndBirthDate() {
        func registers(_ name: String, born day: Int32) -> HouseholdAction {
            let id = PersonID(Identifier128(high: 4, low: UInt64(name.utf8.count)))
            let joined = PersonJoined(
                person: id, role: .wife, birthDate: CivilDay(dayNumber: day),
                sealed: [SealedPart(subject: id, details: PersonalDetails(name: name))])
            return .registerHousehold(
                RegisterHousehold(
                    household: HouseholdRegistered(division: DivisionCode("431002001")!), members: [joined]))
        }
        let drafts = [
            Self.draft(1, 1, registers("李某", born: -1000)), Self.draft(2, 2, registers("李　某", born: -1000)),
            Self.draft(3, 3, registers("李某", born: -999)), Self.draft(4, 4, registers("陈某", born: -1000)),
        ]
        #expect(Self.steps(drafts) == [[1, 3, 4], [2]])
    }

    @Test("两行登记同一人：先写的先办，号码写法不同也一样")
    func onePersonTwice() {
        let small = PersonJoined(
            person: PersonID(Identifier128(high: 9, low: 9)), role: .other,
            sealed: [
                SealedPart(
                    subject: PersonID(Identifier128(high: 9, low: 9)),
                    details: PersonalDetails(idNumber: " " + Self.numbers[0].lowercased() + "　"))
            ])
        let drafts = [
            Self.draft(1, 1, Self.registers([Self.numbers[0]])),
            Self.draft(2, 2, Self.registers([Self.numbers[0]], county: "431003001")),
            Self.draft(3, 3, .addPerson(small)),
        ]
        #expect(Self.steps(drafts) == [[1], [2], [3]])
    }

    @Test("同县同一档案号依次，别县同号同时；销户之后号码可再用")
    func archiveNumbers() {
        let drafts = [
            Self.draft(1, 1, Self.registers([], archive: "7")),
            Self.draft(2, 2, Self.registers([], archive: "7", county: "431002002")),
            Self.draft(3, 3, Self.registers([], archive: "7", county: "431003001")),
            Self.draft(4, 1, Self.closes),
            Self.draft(5, 4, Self.registers([], archive: "7")),
        ]
        #expect(Self.steps(drafts) == [[1, 3], [2], [4], [5]])
    }

    @Test("迁到邻县带新号：要这个号的排在后面；让出的旧号之后可再用")
    func numbersOfAMove() {
        let moves = HouseholdAction.moveHousehold(
            HouseholdMoved(kind: .registration, division: DivisionCode("431003001")!, archiveNumber: "9"))
        let drafts = [
            Self.draft(1, 1, Self.registers([], archive: "7")),
            Self.draft(2, 1, moves),
            Self.draft(3, 2, Self.registers([], archive: "9", county: "431003002")),
            Self.draft(4, 3, Self.registers([], archive: "7")),
        ]
        #expect(Self.steps(drafts) == [[1], [2], [3, 4]])
        // Of a family on record the file does not know which number becomes free.
        let known = [
            Self.draft(1, 1, moves), Self.draft(2, 2, Self.registers([], archive: "9", county: "431003002")),
            Self.draft(3, 3, Self.registers([], archive: "7")),
        ]
        #expect(Self.steps(known) == [[1], [2, 3]])
    }

    @Test("分户之后两户都可能有原来的人")
    func afterASplitEitherHasThePeople() {
        let split = SplitHousehold(
            persons: [Self.joined(Self.numbers[0]).person],
            household: HouseholdRegistered(division: DivisionCode("431002001")!))
        let new = DerivedIDs.household(of: CommandID(Identifier128(high: 1, low: 2)))
        let remove = CommandDraft(
            line: 3,
            command: HouseholdCommand(
                id: CommandID(Identifier128(high: 1, low: 3)), household: new, occurredOn: CivilDay(dayNumber: 0),
                action: Self.leaves(Self.numbers[0])))
        let drafts = [
            Self.draft(1, 1, Self.registers([Self.numbers[0], Self.numbers[1]])),
            Self.draft(2, 1, .splitHousehold(split)), remove,
            Self.draft(4, 2, Self.registers([Self.numbers[0]])),
        ]
        #expect(Self.steps(drafts) == [[1], [2], [3], [4]])
    }

    @Test("在档的人离户而文件没写号码：与登记的行前后不乱，彼此同时")
    func whoIsOnRecordIsNotKnownByNumber() {
        let drafts = [
            Self.draft(1, 1, Self.registers([Self.numbers[0]])), Self.draft(2, 2, Self.registers([Self.numbers[1]])),
            Self.draft(3, 3, Self.leaves(Self.numbers[2])), Self.draft(4, 4, Self.closes),
            Self.draft(5, 5, Self.registers([Self.numbers[2]])), Self.draft(6, 6, .withdraw),
        ]
        // A line that moves nobody waits for nothing.
        let visit = Self.draft(7, 7, .recordDeath(PersonDied(person: Self.joined(Self.numbers[0]).person)))
        #expect(Self.steps(drafts + [visit]) == [[1, 2, 6, 7], [3, 4], [5]])
    }

    @Test("任意文件：相关的行次序不变，其余同时")
    func anyFileKeepsTheOrderOfWhatBelongsTogether() {
        for seed in 0..<300 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let people = (0..<8).map { Self.valid("43100219670801\(100 + $0)0") }
            var drafts: [CommandDraft] = []
            /// Whom the lines so far brought into each household: a line may be about any of them.
            var brought: [UInt64: Set<String>] = [:]
            var about: [Set<String>] = []
            for line in 1...40 {
                let household = UInt64.random(in: 1...12, using: &generator)
                let person = people.randomElement(using: &generator)!
                let action: HouseholdAction
                if brought[household] == nil {
                    action = Self.registers([person])
                    brought[household] = [person]
                } else {
                    switch Int.random(in: 0..<4, using: &generator) {
                    case 0: action = Self.leaves(person)
                    case 1: action = Self.closes
                    case 2:
                        action = .addPerson(Self.joined(person))
                        brought[household]!.insert(person)
                    default: action = .recordDeath(PersonDied(person: Self.joined(person).person))
                    }
                }
                let moves = if case .recordDeath = action { false } else { true }
                drafts.append(Self.draft(line, household, action))
                about.append((moves ? brought[household]! : []).union(["household \(household)"]))
            }
            Self.expectOrder(of: drafts, about, &generator)
        }
    }

    /// Answers the lines in a random order: one goes out when, and only when, all earlier ones it shares something with, by
    /// whatever way, are answered.
    private static func expectOrder(
        of drafts: [CommandDraft], _ about: [Set<String>], _ generator: inout SeededGenerator
    ) {
        var queue = CommandQueue()
        for draft in drafts { queue.add(draft) }
        var open = Set(drafts.indices)
        var underWay: [Int] = []
        while !open.isEmpty {
            underWay += drain(&queue).map { $0 - 1 }
            let free = open.filter { line in !open.contains { $0 < line && !about[$0].isDisjoint(with: about[line]) } }
            #expect(Set(underWay) == free)
            guard let place = underWay.indices.randomElement(using: &generator) else { return }
            let line = underWay.remove(at: place)
            open.remove(line)
            queue.finished(drafts[line].command.household)
        }
        #expect(queue.isEmpty)
    }
}
