import CareDomain
import Testing

@testable import RuleEngine

/// What happened on a day that nobody stated is unknown, not absent.
@Suite("收养日期未登记，事实为未知")
struct AdoptionDayTests {
    private static let roles = ["wife", "adopted_child", "other"].map { Code(unchecked: $0) }
    private static let child = RuleSubject.person(PersonID(Identifier128(high: 0, low: 3)))
    private static let second = RuleSubject.person(PersonID(Identifier128(high: 0, low: 4)))

    private static func definition(
        _ id: String, _ subject: EntityKind, _ type: FactType, _ nature: FactNature
    ) -> FactDefinition {
        FactDefinition(
            id: FactID(unchecked: id), subject: subject, type: type, nature: nature, title: Wording(id, id))
    }

    private static let role = definition("person.role", .person, .code(roles), .certified)
    private static let ofFamily = definition("household.adoption_on", .household, .date, .event)
    private static let ofChild = definition("person.adopted_on", .person, .date, .event)

    private static func called(_ person: RuleSubject, _ role: String?, from day: String) -> FactStatement {
        SmallPack.fact("person.role", role.map { .code(Code(unchecked: $0)) }, from: day, person)
    }

    private static func adopted(_ person: RuleSubject, on day: String) -> FactStatement {
        SmallPack.fact("person.adopted_on", .day(SmallPack.day(day)), from: day, person)
    }

    private static func adoption(on day: String) -> FactStatement {
        SmallPack.fact("household.adoption_on", .day(SmallPack.day(day)), from: day)
    }

    /// 未知, a day, or nothing on record.
    private static func reads(
        _ statements: [FactStatement], _ fact: FactDefinition, of subject: RuleSubject = .household, on day: String,
        in facts: [FactDefinition] = [role, ofFamily, ofChild]
    ) -> String {
        let view = FactView(FactBase(statements: statements), vocabulary: FactVocabulary(facts))
        guard let entity = view.entities.firstIndex(of: subject), let place = view.vocabulary.index(of: fact.id) else {
            return "?"
        }
        switch view.lookup(entity: entity, fact: place, day: SmallPack.day(day).dayNumber).segment?.value {
        case nil: return "-"
        case .day(let day): return "\(day)"
        case .unknown(let set): return set.items == [.fact(fact.id, subject)] ? "未知" : "?"
        default: return "?"
        }
    }

    @Test("称为收养子女的日子，没有收养日期的未知；以前没有；不再这样称呼以后没有")
    func undated() {
        let told = [Self.called(Self.child, "adopted_child", from: "2012-03-01")]
        for (fact, subject) in [(Self.ofFamily, RuleSubject.household), (Self.ofChild, Self.child)] {
            #expect(Self.reads(told, fact, of: subject, on: "2012-02-29") == "-")
            #expect(Self.reads(told, fact, of: subject, on: "2012-03-01") == "未知")
            let left = told + [Self.called(Self.child, nil, from: "2014-01-01")]
            #expect(Self.reads(left, fact, of: subject, on: "2015-01-01") == "未知", "who left was adopted")
            let put = told + [Self.called(Self.child, "other", from: "2014-01-01")]
            #expect(Self.reads(put, fact, of: subject, on: "2013-12-31") == "未知")
            #expect(Self.reads(put, fact, of: subject, on: "2014-01-01") == "-")
        }
    }

    @Test("有收养日期的照日期；户上的日期是唯一一名的；两名的，没有日期的那一名未知，户上的自有记的日期起已知")
    func dated() {
        let one = [Self.called(Self.child, "adopted_child", from: "2012-03-01")]
        let own = one + [Self.adopted(Self.child, on: "2013-05-05"), Self.adoption(on: "2013-05-05")]
        #expect(Self.reads(own, Self.ofChild, of: Self.child, on: "2013-05-04") == "-")
        #expect(Self.reads(own, Self.ofFamily, on: "2013-05-05") == "2013-05-05")
        let ofFamily = one + [Self.adoption(on: "2013-05-05")]
        #expect(Self.reads(ofFamily, Self.ofChild, of: Self.child, on: "2014-01-01") == "-")
        #expect(Self.reads(ofFamily, Self.ofFamily, on: "2013-05-04") == "-")
        let two = own + [Self.called(Self.second, "adopted_child", from: "2012-06-01")]
        #expect(Self.reads(two, Self.ofChild, of: Self.second, on: "2012-06-01") == "未知")
        #expect(Self.reads(two, Self.ofChild, of: Self.child, on: "2013-05-05") == "2013-05-05")
        #expect(Self.reads(two, Self.ofFamily, on: "2012-05-31") == "-")
        #expect(Self.reads(two, Self.ofFamily, on: "2013-05-04") == "未知")
        #expect(Self.reads(two, Self.ofFamily, on: "2013-05-05") == "2013-05-05")
    }

    @Test("政策包只认户的收养日期的，子女名下的日期同样算已知")
    func familyOnly() {
        let facts = [Self.role, Self.ofFamily]
        let told = [Self.called(Self.child, "adopted_child", from: "2012-03-01")]
        #expect(Self.reads(told, Self.ofFamily, on: "2012-03-01", in: facts) == "未知")
        let dated = told + [Self.adopted(Self.child, on: "2013-05-05"), Self.adoption(on: "2013-05-05")]
        #expect(Self.reads(dated, Self.ofFamily, on: "2012-03-01", in: facts) == "-")
    }
}
