import CareDomain
import RuleEngine

extension NoticePolicySet {
    /// What the published packs say about notices, each for its territory; the first pack that knows pairings also
    /// stands for places without a pack.
    package init(rules: PublishedRules) {
        self.init()
        for version in rules.registry.versions {
            let pack = version.pack
            guard !pack.duties.pairingKinds.isEmpty || !pack.duties.holidays.isEmpty else { continue }
            let policy = NoticePolicy(pack)
            if let territory = pack.territory { policies[territory] = policy }
            if fallback == nil { fallback = policy }
        }
    }
}

extension NoticePolicy {
    fileprivate init(_ pack: RulePack) {
        let duties = pack.duties
        let visit = duties.duties.first { if case .holiday = $0.due { true } else { false } }
        var lead: Int32 = 7
        if case .holiday(let days)? = visit?.due { lead = Int32(days) }
        self.init(
            slots: duties.pairingKinds.map {
                PolicyCatalog.PairingSlot(kind: $0.kind, title: $0.title.chinese, isPersonal: $0.isPersonal)
            }, needsRealName: duties.pairingNeedsRealName,
            holidays: duties.holidays.map { PolicyCatalog.Word(code: $0.code, title: $0.title.chinese) },
            pairingClause: pack.hardshipClause, visitClause: pack.hardshipClause,
            dutyClauses: Set(duties.duties.map(\.clause)).union(
                pack.rules.filter { $0.kind == .definition }.map(\.clause)), visitLeadDays: lead)
    }
}

extension RulePack {
    /// The definition whose determination says that a family is one the duties are for.
    /// - Source: CZ-1.1, CZ-2.14a 对特殊困难家庭
    fileprivate var hardshipClause: ClauseID? { rules.first { $0.kind == .definition }?.clause }
}
