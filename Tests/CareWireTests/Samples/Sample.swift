import CareDomain

/// Invented people and values from which the samples are made.
enum Sample {
    static let household = HouseholdID(Identifier128(high: 0x0102_0304_0506_0708, low: 0x090a_0b0c_0d0e_0f10))
    static let otherHousehold = HouseholdID(Identifier128(high: 7, low: 70))
    static let wife = PersonID(Identifier128(high: 1, low: 11))
    static let husband = PersonID(Identifier128(high: 1, low: 12))
    static let child = PersonID(Identifier128(high: 1, low: 13))
    static let helper = PersonID(Identifier128(high: 2, low: 21))
    static let newHelper = PersonID(Identifier128(high: .max, low: .max))
    static let guardian = PersonID(Identifier128(high: 3, low: 31))
    static let command = CommandID(Identifier128(high: 0xfeed, low: 0xbeef))
    static let token = PersonToken(Identifier128(high: 0x1234, low: 0x5678))
    static let division = DivisionCode("431002")!
    static let reason = Code(unchecked: "moved_away")
    static let hash = (0..<32).map { UInt8($0 * 7 % 256) }

    static func day(_ text: String) -> CivilDay { CivilDay(parsing: text)! }

    static let details = PersonalDetails(
        name: "王秀英", idNumber: "431002196503071221", phone: "13900000000", address: "湖南省郴州市北湖区某路 1 号",
        certificateNumber: "43100219650307122141", diagnosis: "高血压", text: "需要陪同就医\n“每月一次”")
    static let part = SealedPart(subject: wife, details: details)
    static let nameOnly = SealedPart(subject: helper, details: PersonalDetails(name: "李某"))
    static let emptyPart = SealedPart(subject: husband, details: PersonalDetails())

    static let principal = Principal(
        peer: "intake", actor: Code(unchecked: "clerk-7"), role: Code(unchecked: "cadre"),
        department: DepartmentID(unchecked: "org.township"), divisions: [division, DivisionCode("431003001")!],
        rights: [], grant: CommandID(Identifier128(high: 5, low: 6)))
    static let context = EventContext(
        principal: principal, command: command, causation: "household-x#4",
        traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", legalBasis: Code(unchecked: "consent"))
    static let plainContext = EventContext(
        principal: Principal(
            peer: "p", actor: Code(unchecked: "a"), role: Code(unchecked: "r"),
            department: DepartmentID(unchecked: "d"),
            divisions: [], rights: []), command: command)
    static let correction = Correction(
        corrects: EventReference(sequence: 3), reason: Code(unchecked: "typing_error"),
        sealed: [SealedPart(subject: wife, details: PersonalDetails(text: "登记时写错"))])

    static let values: [FactValue] = [
        .bool(true), .bool(false), .int(0), .int(.min), .int(.max), .decimal(thousandths: -15_250),
        .code(Code(unchecked: "full_time")), .day(day("1965-03-07")), .money(Fen(30_000)), .money(Fen(-1)),
        .reference("证明-2014-7"),
    ]
    static let answers = values.enumerated().map {
        FormAnswer(field: Code(unchecked: "field_\($0.offset)"), value: $0.element)
    }
}
