import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import OfficeFiles
import ServiceKit

/// `carectl household deaths`
struct HouseholdDeaths: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "deaths",
        abstract: "List of whom an accident alone says that they died: deaths that are still to be recorded.",
        discussion: """
            去世尚未登记. An accident says that somebody died of it, not when. Until the death is recorded (carectl case death) the person
            counts as living: sums are paid on, and the family is not bereaved. The list is of files that are open today, as known now;
            who is recorded as dead since, or whose accident was withdrawn, is not in it any more. What an accident says is told to
            the departments alone that may see it; to the others it is said that it is kept from them.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "In this division: 6, 9 or 12 digits.")
    var division: String?

    @Option(help: "At most this many families; 0 = all.")
    var limit = 0

    @Flag(help: "One JSON document.")
    var json = false

    @Flag(help: "A CSV file that spreadsheet programs open.")
    var csv = false

    private static let titles = ["户编号", "区划", "身份", "姓名", "突发事件", "记录"]

    func perform(_ desk: Desk) async throws {
        let archive = try await desk.line(to: .careArchive)
        var query = Care_V1_UnrecordedDeathsQuery.with { $0.division = division ?? "" }
        var last = Care_V1_UnrecordedDeathList()
        let (families, total) = try await archive.all(limit: limit > 0 ? limit : nil) { page in
            query.size = page.size
            query.after = page.after
            guard case .unrecordedDeaths(let list) = try await archive.ask(.listUnrecordedDeaths(query)) else {
                throw Failure.badAnswer
            }
            last = list
            return (list.households, list.total, list.nextPage)
        }
        if json {
            let document = JSON.object([
                ("total", .count(total)), ("person_count", .count(last.personCount)),
                ("incomplete_household_count", .count(last.incompleteHouseholdCount)),
                ("accidents_withheld", .bool(last.accidentsWithheld)),
                ("households", .array(families.map(\.json))),
            ])
            return desk.print(document.text(indented: true))
        }
        let rows = families.flatMap { family in
            family.deaths.map { death in
                [
                    family.household.idText, csv ? family.division : desk.place(family.division),
                    death.roleWord(desk), death.maskedName, DayText.of(death.incidentOn), "#\(death.incidentSequence)",
                ]
            }
        }
        desk.show(Self.titles.map { .init($0) }, rows, csv: csv)
        tell(last, families: total, desk)
    }

    /// What the list says, what it leaves out, and what to do.
    private func tell(_ list: Care_V1_UnrecordedDeathList, families: UInt64, _ desk: Desk) {
        if !csv {
            desk.mention(
                UserText(
                    zh: "共 \(families) 户 \(list.personCount) 人去世尚未登记"
                        + (families > 0 ? "；核实后 carectl case death 户编号 成员 --on 去世之日" : ""),
                    en: "\(list.personCount) deaths of \(families) families are not on record"
                        + (families > 0 ? "; find out, then: carectl case death HOUSEHOLD MEMBER --on DAY" : "")))
        }
        if list.accidentsWithheld {
            desk.say(
                UserText(
                    zh: "突发事件对您的部门遮着的地方，仅由事故得知的去世不列入：请由看得到的部门核对",
                    en:
                        "where accidents are kept from your department what they tell is not listed: a department that may see them "
                        + "has to look"))
        }
        if list.incompleteHouseholdCount > 0 {
            desk.say(
                UserText(
                    zh: "另有 \(list.incompleteHouseholdCount) 户的记录读不全，没有列入",
                    en: "\(list.incompleteHouseholdCount) more families are left out: their record cannot be read whole"
                ))
        }
    }
}

extension Care_V1_UnrecordedDeathList.Entry {
    fileprivate var json: JSON {
        .object([
            ("household", .id(household)), ("division", .string(division)), ("deaths", .array(deaths.map(\.json))),
        ])
    }
}

extension Care_V1_UnrecordedDeath {
    private var member: MemberRole? { try? MemberRole(wireRole: role) }

    func roleWord(_ desk: Desk) -> String {
        guard let member else { return "" }
        return desk.word(member.chinese, member.rawValue.split(separator: "_").joined(separator: " "))
    }

    /// What is said of a line of a batch.
    func sentence(ofLine number: UInt32, _ desk: Desk) -> UserText {
        let day = DayText.of(incidentOn)
        return UserText(
            zh: "第 \(number) 笔请注意：\(roleWord(desk))的去世尚未登记，第 \(incidentSequence) 条记此人死于 \(day) 的突发事件；登记去世以前按在世计发",
            en:
                "note of line \(number): the death of the \(roleWord(desk)) is not on record: event \(incidentSequence) says that they "
                + "died of what happened on \(day); until it is recorded they are paid as living")
    }

    var json: JSON {
        .object([
            ("person", .id(person)), ("role", member.map { .string($0.rawValue) } ?? .null),
            ("name", maskedName.isEmpty ? .null : .string(maskedName)),
            ("incident", .count(incidentSequence)), ("incident_on", .day(incidentOn)),
        ])
    }
}
