import Testing

@testable import CareDomain

/// Every number here is invented: real division prefixes with made-up days and serials.
@Suite("公民身份号码")
struct IdentityResidentIDTests {
    private func problem(_ text: String) -> ResidentIDNumber.Problem? {
        do throws(ResidentIDNumber.Problem) {
            _ = try ResidentIDNumber(text)
            return nil
        } catch {
            return error
        }
    }

    /// A number with the right check character.
    private func number(_ body: String) -> String {
        body + String(decoding: [ResidentIDNumber.checkCharacter(body.utf8.map { Int($0) - 48 })], as: UTF8.self)
    }

    @Test("标准附录的例子成立，出生日期与性别取自号码")
    func exampleOfTheStandard() throws {
        let id = try ResidentIDNumber("11010519491231002X")
        #expect(id.birthDate == CivilDay(year: 1949, month: 12, day: 31))
        #expect(id.sex == .female)
        #expect(id.divisionDigits == "110105")
        #expect(try ResidentIDNumber("440524188001010014").sex == .male)
    }

    @Test("小写 x、全角数字和两端空格与标准写法相同")
    func writtenForms() throws {
        let plain = try ResidentIDNumber("11010519491231002X")
        #expect(try ResidentIDNumber("11010519491231002x") == plain)
        #expect(try ResidentIDNumber(" \t11010519491231002X\u{3000}") == plain)
        #expect(try ResidentIDNumber("１１０１０５１９４９１２３１００２Ｘ") == plain)
    }

    @Test("任何一位数字写错或相邻两位写反都被发现")
    func typingErrorsAreFound() {
        let right = Array(number("43100219650910001").utf8)
        #expect(problem(String(decoding: right, as: UTF8.self)) == nil)
        for place in 0..<17 {
            for digit in UInt8(48)...57 where digit != right[place] {
                var wrong = right
                wrong[place] = digit
                #expect(problem(String(decoding: wrong, as: UTF8.self)) != nil)
            }
            var swapped = right
            swapped.swapAt(place, place + 1)
            if swapped != right { #expect(problem(String(decoding: swapped, as: UTF8.self)) != nil) }
        }
    }

    @Test("拒绝时说出原因")
    func refusals() {
        #expect(problem("") == .length(0))
        #expect(problem("4310021965091000") == .length(16))
        #expect(problem("431002650910001") == .oldForm)
        #expect(problem("43100219650910A015") == .character(place: 15))
        #expect(problem("4310021965091000１Y") == .character(place: 18))
        #expect(problem("4310021965091X0015") == .character(place: 14))
        #expect(problem(number("43100219650229001")) == .birthDate)
        #expect(problem(number("43100219651301001")) == .birthDate)
        #expect(problem("110105194912310021") == .checkDigit)
        #expect(problem("身份证号码十八个汉字不是数字也要拒绝的") == .length(19))
    }

    @Test("十五位旧号码可以升为十八位")
    func upgradeOfOldForm() throws {
        let id = try #require(ResidentIDNumber.upgrading(oldForm: "110105491231002"))
        #expect(id.digits == "11010519491231002X")
        #expect(ResidentIDNumber.upgrading(oldForm: "110105490231002") == nil)
        #expect(ResidentIDNumber.upgrading(oldForm: "11010519491231002X") == nil)
    }

    @Test("无论怎样打印都只露出头四位和末四位")
    func neverPrintedWhole() throws {
        struct Holder {
            let id: ResidentIDNumber
        }
        let id = try ResidentIDNumber("11010519491231002X")
        var dumped = ""
        dump(Holder(id: id), to: &dumped)
        let prints = ["\(id)", String(reflecting: id), String(describing: Holder(id: id)), dumped]
        for print in prints { #expect(!print.contains("19491231")) }
        #expect("\(id)" == "1101…002X")
    }
}
