import CareDomain
import CareWire

/// The needs form of 2021 (需求走访表): its fields in order, with the labels of the paper.
///
/// - Source: 博西办发〔2021〕50号 附件3
package enum NeedsForm {
    /// How a field is answered.
    package enum Kind: Hashable, Sendable {
        case date, text, integer, choice, yesNo, choiceText, needItems, signature
    }

    /// One field.
    package struct Field: Hashable, Sendable {
        package let code: String
        /// Label of the paper, and heading of the column.
        package let label: String
        package let kind: Kind
        /// The row of the paper form, from 0.
        package let paperRow: Int

        /// Bytes of text that the record holds; nil for answers of another kind.
        var limit: Int? {
            switch code {
            case "head_name", "visitor_signature": WireLimits.name
            case "phone": WireLimits.phone
            case "address": WireLimits.address
            default: kind == .choiceText || kind == .needItems ? WireLimits.freeText : nil
            }
        }

        init(_ paperRow: Int, _ code: String, _ label: String, _ kind: Kind) {
            self.code = code
            self.label = label
            self.kind = kind
            self.paperRow = paperRow
        }
    }

    /// Code of the form in `VisitRecorded`.
    package static let code = "needs-2021"

    package static let fields = [
        Field(0, "form_date", "年 月 日", .date),
        Field(1, "head_name", "户主姓名", .text),
        Field(2, "family_size", "家庭人口数", .integer),
        Field(2, "family_type", "家庭类型", .choice),
        Field(2, "has_pension", "是否有退休金", .yesNo),
        Field(3, "has_medical_insurance", "是否有医疗保险", .yesNo),
        Field(3, "has_special_assistance", "是否享受特别扶助金", .yesNo),
        Field(3, "has_comprehensive_policy", "是否有计生特殊家庭综合保险单", .yesNo),
        Field(4, "joined_free_checkup", "是否参加免费查体", .yesNo),
        Field(4, "is_dibao", "是否低保户", .yesNo),
        Field(5, "is_wubao", "是否五保户", .yesNo),
        Field(5, "phone", "联系电话", .text),
        Field(6, "address", "家庭住址", .text),
        Field(7, "main_difficulty", "目前家庭主要困难", .choiceText),
        Field(8, "need_visit", "走访慰问需求", .needItems),
        Field(8, "need_housekeeping", "家政服务需求", .needItems),
        Field(8, "need_farming", "助农方面需求", .needItems),
        Field(9, "need_serious_illness", "大病救助需求", .needItems),
        Field(9, "need_psychological", "心理慰藉需求", .needItems),
        Field(9, "need_errands", "家务代办需求", .needItems),
        Field(10, "need_adoption", "抱养方面需求", .needItems),
        Field(10, "need_fertility", "助孕方面需求", .needItems),
        Field(10, "need_checkup", "查体方面需求", .needItems),
        Field(11, "need_other", "其他需求", .needItems),
        Field(12, "visitor_signature", "走访人签字：", .signature),
    ]

    /// The field with a code.
    static func field(_ code: String) -> Field { fields.first { $0.code == code }! }

    /// The field of a need's kind; nil for kinds of other forms.
    static func find(_ kind: Code) -> Field? { fields.first { $0.code == kind.rawValue } }

    /// Columns beside those of the paper, by which the family is found.
    package static let householdHeading = "户编号"
    package static let headNumberHeading = "户主身份证号"
}
