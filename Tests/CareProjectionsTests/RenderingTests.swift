import CareDomain
import CareProjections
import CareTestKit
import Foundation
import Testing

@Suite("档案的文字、JSON 与传输形式")
struct RenderingTests {
    private var page: CareArchive {
        CareArchive(
            InventedFamily().history,
            ArchiveQuestion(asOf: .invented("2016-03-01"), knownAt: Moment(parsing: "2016-03-01")), words: .sample)
    }

    private func fixture(_ name: String) throws -> String {
        let url = try #require(Bundle.module.url(forResource: name, withExtension: "txt", subdirectory: "Fixtures"))
        return try String(contentsOf: url, encoding: .utf8)
    }

    @Test("文字页与样页一字不差")
    func textPageMatchesTheGoldenPage() throws {
        #expect(try page.text() == fixture("archive-page"))
    }

    @Test("没人登记过的写不详或没有登记，不写成不属于；凭认定的写认定")
    func unknownIsNoNo() {
        func category(_ body: (inout InventedStream) -> Void) -> String? {
            var stream = InventedStream(1)
            stream.add(.registered(HouseholdRegistered(division: DivisionCode("370304001001")!)), on: "2020-01-01")
            body(&stream)
            let page = CareArchive(stream.history, ArchiveQuestion(asOf: .invented("2021-06-01")), words: .sample)
            return page.text().split(separator: "\n").first { $0.hasPrefix("家庭类别") }.map { String($0.dropFirst(6)) }
        }
        let child = PersonID(Identifier128(high: 7, low: 7))
        func join(_ stream: inout InventedStream) {
            stream.add(.personJoined(PersonJoined(person: child, role: .onlyChild)), on: "2020-01-01")
        }
        #expect(category { _ in } == "不详：档案里没有登记独生子女")
        #expect(category { join(&$0) } == "当日没有登记失独或伤残")
        let assessed = category {
            join(&$0)
            $0.add(.disabilityAssessed(DisabilityAssessed(person: child, grade: 4)), on: "2021-01-01")
        }
        #expect(assessed == "当日不属于特殊困难家庭")
        let certified = category {
            let fact = FactStated(
                fact: FactID(unchecked: "household.special_family"), subject: .household, value: .bool(true),
                source: Code(unchecked: "list"))
            $0.add(.factStated(fact), on: "2021-03-01")
        }
        func died(_ stream: inout InventedStream) {
            join(&stream)
            stream.add(.personDied(PersonDied(person: child)), on: "2020-06-01")
        }
        #expect(category(died) == "失独，自 2020-06-01（依据第 3 条）", "the registration is one place's condition")
        let adopted = category {
            died(&$0)
            $0.add(.childAdopted(ChildAdopted()), on: "2021-01-01")
        }
        #expect(adopted == "当日不属于特殊困难家庭")
        #expect(certified == "计划生育特殊家庭（凭认定），自 2021-03-01（依据第 2 条）；没有登记失独或伤残")
    }

    @Test("JSON 可被通用库读出，金额为整分加小数，时间带东八区")
    func jsonIsReadable() throws {
        let data = Data(page.json.text(indented: true).utf8)
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(object["known_at"] as? String == "2016-03-01T23:59:59.999999+08:00")
        let entitlement = try #require((object["entitlements"] as? [[String: Any]])?.first)
        let amount = try #require(entitlement["amount"] as? [String: Any])
        #expect(amount["fen"] as? Int == 30_000)
        #expect(amount["yuan"] as? String == "300.00")
        #expect((object["pairings"] as? [[String: Any]])?.count == 4)
        #expect((object["status"] as? [String: Any])?["kind"] as? String == "bereaved")
    }

    @Test("经由传输形式往返不变")
    func wireRoundTrip() throws {
        for isRevealed in [false, true] {
            for day in ["2014-08-01", "2014-09-30", "2015-03-01", "2016-03-01"] {
                let page = CareArchive(
                    InventedFamily().history, ArchiveQuestion(asOf: .invented(day), isRevealed: isRevealed),
                    words: .sample)
                let bytes: [UInt8] = try page.wire.serializedBytes()
                #expect(try CareArchive(.init(serializedBytes: bytes)) == page)
            }
        }
    }

    @Test("时刻读写互逆", arguments: ["2014-07-16T09:30:00+08:00", "2014-07-16T01:30:00Z", "2014-07-16T01:30:00.000000Z"])
    func momentText(_ text: String) throws {
        let moment = try #require(Moment(parsing: text))
        #expect(moment.rfc3339 == "2014-07-16T09:30:00.000000+08:00")
        #expect(Moment(parsing: moment.rfc3339) == moment)
    }

    @Test("不是时刻的文字读不出", arguments: ["", "昨天", "2014-07-16T25:00:00Z", "2014-07-16T09:30:00", "2014-02-30"])
    func notAMoment(_ text: String) { #expect(Moment(parsing: text) == nil) }
}
