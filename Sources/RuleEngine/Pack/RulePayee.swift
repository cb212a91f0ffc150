import CareDomain

/// 代缴、代办: the institution that gets a rule's money in place of the person, as the pack says.
package struct RulePayee: Sendable {
    /// 保险机构.
    package let title: Wording
    /// The parameter with the references of its accounts by place; nil = each person has one of their own.
    package let account: ParameterID?
    /// The pack does not say who is paid, and the kind of the clause (a premium, an hour of care, a fee that is waived) is paid to no person.
    package let isAssumed: Bool
}

extension RuleKind {
    /// Whether money of the kind goes to an institution unless the pack says that the person gets it: an insurance or an
    /// hour of care is bought, a fee is not asked for, so the family gets no cash.
    var isPaidToInstitution: Bool { [.insurancePremium, .feeWaiver, .inkindHours].contains(self) }
}

extension PackReader {
    /// `payee: person`, or `payee: {zh: 保险机构, en: the insurer, account: cz.insurer_account}`.
    func payee(_ value: YAMLValue?, _ kind: RuleKind) -> RulePayee? {
        guard let value else {
            guard kind.isPaidToInstitution else { return nil }
            return RulePayee(title: Wording("机构", "an institution"), account: nil, isAssumed: true)
        }
        if value.text == "person" { return nil }
        guard let fields = document.fields(value, required: ["zh", "en"], optional: ["account"]),
            let title = document.wording(fields)
        else { return nil }
        var account: ParameterID?
        if let place = fields["account"], let name = document.text(place) {
            account = scope.parameters.first { $0.id.rawValue == name && $0.holdsAccounts }?.id
            if account == nil {
                document.note(
                    place, "pack.payee",
                    Wording("\(name) 不是存放收款账户编号的参数", "\(name) is no parameter that holds references of accounts"),
                    Wording(
                        "声明一个 type: ref 的参数，keys 不写或写 [division]；每人各有机构的不写 account",
                        "declare a parameter of type ref without keys or with keys [division]; leave account out where each "
                            + "person has an institution of their own"))
            }
        }
        return RulePayee(title: title, account: account, isAssumed: false)
    }
}

extension ParameterDefinition {
    /// Whether its values can be references of accounts, alike everywhere or by place.
    fileprivate var holdsAccounts: Bool { type == .reference && (keys.isEmpty || keys == ["division"]) }
}

extension RulePack {
    /// Whether a parameter holds the accounts of institutions that are paid.
    package func holdsAccounts(_ parameter: ParameterID) -> Bool { rules.contains { $0.payee?.account == parameter } }
}

extension Rule {
    /// Who gets the money in place of the person, with what is known of the accounts; nil = the person.
    func institution(_ values: [ParameterValue]) -> InstitutionPayee? {
        payee.map { payee in
            let accounts = values.filter { $0.parameter == payee.account }.compactMap {
                value -> InstitutionPayee.Account? in
                guard case .reference(let reference) = value.value else { return nil }
                let division = value.keys.first.flatMap { DivisionCode($0) }
                guard value.keys.isEmpty || division != nil else { return nil }
                return .init(division: division, period: value.period, reference: reference, by: value.by)
            }
            return InstitutionPayee(
                title: payee.title.chinese, english: payee.title.english, parameter: payee.account, accounts: accounts)
        }
    }
}
