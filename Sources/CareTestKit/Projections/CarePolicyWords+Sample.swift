import CareDomain
import CareProjections

extension CarePolicyWords {
    private static let realName: HelperDetails = [.name, .unit, .contact]

    /// Words of an invented pack like Chenzhou's.
    package static let sample = CarePolicyWords(
        pairingDuties: [
            PairingDuty(
                clause: ClauseID("CZ-2.14a")!, inForce: DayPeriod(start: .invented("2014-07-16")),
                territory: DivisionCode("431000"),
                slots: [
                    Slot(
                        kind: PairingKind(unchecked: "department"), chinese: "部门", english: "department",
                        takesOwnPerson: false, asks: realName),
                    Slot(
                        kind: PairingKind(unchecked: "cadre"), chinese: "干部", english: "cadre", takesOwnPerson: true,
                        asks: realName),
                    Slot(
                        kind: PairingKind(unchecked: "party_member"), chinese: "党员", english: "party member",
                        takesOwnPerson: true, asks: realName),
                    Slot(
                        kind: PairingKind(unchecked: "volunteer"), chinese: "志愿者", english: "volunteer",
                        takesOwnPerson: true, asks: realName),
                ])
        ],
        clauseTitles: [ClauseID("CZ-2.1")!: "提高扶助标准", ClauseID("CZ-2.15")!: "“手拉手”帮扶机制"],
        factTitles: [FactID(unchecked: "household.dibao"): "低保"],
        needKinds: [Code(unchecked: "need_psychological"): "心理慰藉需求"],
        codes: [
            Code(unchecked: "mid_autumn"): "中秋节", Code(unchecked: "moved_away"): "迁离",
            Code(unchecked: "certificate"): "证件", Code(unchecked: "finance"): "财政",
        ],
        divisions: [DivisionCode("431002")!: "北湖区"],
        packVersions: [
            PackVersion(
                pack: PackID(unchecked: "chenzhou-2014"), effectiveFrom: .invented("2014-07-16"),
                hash: Array(repeating: 7, count: 32))
        ])
}
