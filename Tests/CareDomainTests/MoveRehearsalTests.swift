import CareTestKit
import Testing

@testable import CareDomain

/// Given two files, when a merge or split of them is only tried, then both stand as the real one would leave them, or the
/// refusal is the real one's.
@Suite("试办并户、分户")
struct MoveRehearsalTests {
    private static let day = CivilDay(year: 2021, month: 3, day: 1)!
    private static let home = HouseholdRegistered(division: DivisionCode("431002001")!)

    private static func person(_ number: UInt64) -> PersonID { PersonID(Identifier128(high: 3, low: number)) }

    private static func file(_ number: UInt64, _ members: [(person: UInt64, role: MemberRole)]) -> HouseholdHistory {
        var history = HouseholdHistory(id: HouseholdID(Identifier128(high: 2, low: number)))
        let opened = CivilDay(year: 2021, month: 1, day: 4)!
        let joined = members.map { HouseholdEvent.personJoined(PersonJoined(person: person($0.person), role: $0.role)) }
        history.rehearse(
            ([.registered(home)] + joined).map { ProposedEvent(occurredOn: opened, event: $0) },
            of: CommandID(Identifier128(high: 1, low: number)))
        return history
    }

    private static func rehearse(
        _ action: HouseholdAction, _ source: HouseholdHistory, _ target: HouseholdHistory
    ) throws(Refusal) -> (source: HouseholdHistory, target: HouseholdHistory) {
        let command = HouseholdCommand(
            id: CommandID(Identifier128(high: 9, low: source.lastSequence)), household: source.id, occurredOn: day,
            action: action)
        let context = DecisionContext(
            today: CivilDay(year: 2022, month: 1, day: 1)!, policy: .empty, rights: [.command, .importHistory],
            newHousehold: HouseholdID(Identifier128(high: 0, low: 0)))
        return try HouseholdMove.rehearse(command, from: source, into: target, in: context)
    }

    private static func refusal(
        _ action: HouseholdAction, _ source: HouseholdHistory, _ target: HouseholdHistory
    ) -> Refusal.Reason? {
        do throws(Refusal) {
            _ = try rehearse(action, source, target)
            return nil
        } catch { return error.reason }
    }

    @Test("并户以后：人在并入的户，原户不再在管，再并一次被拒")
    func merge() throws {
        let (husband, wife) = (Self.file(1, [(1, .husband)]), Self.file(2, [(2, .wife)]))
        let action = HouseholdAction.mergeHousehold(MergeHousehold(into: wife.id))
        let moved = try Self.rehearse(action, husband, wife)
        #expect(moved.source.household.status == .absorbed(into: wife.id, on: Self.day))
        #expect(moved.target.household.members.map(\.id) == [Self.person(2), Self.person(1)])
        #expect(moved.target.household.members.last?.cameFromFile == true)
        #expect(Self.refusal(action, moved.source, moved.target) == .householdNotActive)
    }

    @Test("身份有人、并入的户已经不在管：同正式办理一样被拒")
    func mergeRefused() throws {
        let (one, other) = (Self.file(1, [(1, .wife)]), Self.file(2, [(2, .wife)]))
        let action = HouseholdAction.mergeHousehold(MergeHousehold(into: other.id))
        #expect(Self.refusal(action, one, other) == .roleTaken)
        do throws(Refusal) {
            _ = try Self.rehearse(action, one, other)
        } catch {
            #expect(error.chinese.contains("两户各有一位在世的妻子") && error.chinese.contains("分户"))
            #expect(error.english.contains("both files have a living wife") && error.english.contains("split"))
        }
        #expect(Self.refusal(action, one, HouseholdHistory(id: other.id)) == .householdNotFound)
        let husband = Self.file(3, [(3, .husband)])
        let gone = try Self.rehearse(.mergeHousehold(MergeHousehold(into: one.id)), husband, one).source
        #expect(
            Self.refusal(.mergeHousehold(MergeHousehold(into: gone.id)), other, gone) == .householdNotActive)
    }

    @Test("分户以后：分出的人在新户，留下的在原户")
    func split() throws {
        let family = Self.file(1, [(1, .wife), (2, .husband)])
        let new = HouseholdHistory(id: HouseholdID(Identifier128(high: 2, low: 9)))
        let moved = try Self.rehearse(
            .splitHousehold(SplitHousehold(persons: [Self.person(2)], household: Self.home)), family, new)
        #expect(moved.source.household.members(on: Self.day + 1).map(\.id) == [Self.person(1)])
        #expect(moved.target.household.members(on: Self.day + 1).map(\.id) == [Self.person(2)])
        #expect(moved.target.household.status == .active)
        #expect(moved.source.household.member(Self.person(2))?.wentToFile == true)
        let strangers = SplitHousehold(persons: [Self.person(7)], household: Self.home)
        #expect(Self.refusal(.splitHousehold(strangers), family, new) != nil)
    }
}
