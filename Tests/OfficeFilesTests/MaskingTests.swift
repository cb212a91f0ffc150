import OfficeFiles
import Testing

@Suite("姓名和号码的遮盖")
struct MaskingTests {
    @Test(
        "姓名只留姓，长度看不出来",
        arguments: [
            ("王小明", "王**"), ("王明", "王**"), ("欧阳小明", "欧阳**"), ("欧阳", "欧**"), ("阿依古丽·买买提", "阿**"),
            ("", "**"), (" 王小明 ", "王**"), ("Smith", "S**"),
        ])
    func names(_ name: String, _ masked: String) {
        #expect(Masking.name(name) == masked)
    }

    @Test("行文里用某")
    func politeNames() {
        #expect(Masking.politeName("王小明") == "王某")
        #expect(Masking.politeName("诸葛小明") == "诸葛某")
        #expect(Masking.politeName("") == "某")
    }

    @Test("身份证号留前四后四")
    func idNumbers() {
        #expect(Masking.idNumber("37030319490305412X") == "3703**********412X")
        #expect(Masking.idNumber("370303490305412") == "3703*******5412")
        #expect(Masking.idNumber("12345") == "*****")
        #expect(Masking.shortIDNumber("37030319490305412X") == "3703…412X")
        #expect(Masking.shortIDNumber("123") == "****")
    }

    @Test("电话留前三后四，座机只留末两位")
    func phones() {
        #expect(Masking.phone("13800001234") == "138****1234")
        #expect(Masking.phone("138-0000-1234") == "138****1234")
        #expect(Masking.phone("0735-2345678") == "****78")
        #expect(Masking.phone("12") == "****")
    }
}
