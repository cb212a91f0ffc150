import CareDomain
import RuleEngine

extension NoticePolicySet {
    /// What the published packs say about notices, each for its territory: where a document asks for no helpers and no
    /// visits, nobody is told of any. A pack without a territory stands for the places that have none of their own.
    package init(rules: PublishedRules) {
        self.init()
        for version in rules.registry.versions {
            let pack = version.pack
            let policy = NoticePolicy(pack)
            guard let territory = pack.territory else {
                fallback = fallback ?? policy
                continue
            }
            // Of two documents of one place the one that asks for something counts.
            guard policies[territory] == nil || !policy.slots.isEmpty || !policy.holidays.isEmpty else { continue }
            policies[territory] = policy
        }
    }
}

extension NoticePolicy {
    /// The duties that ask for something are those of the pack's own clauses: four pairings CZ-2.14a, holiday visits
    /// CZ-2.14b. Each holds for the families and days that its determination names.
    fileprivate init(_ pack: RulePack) {
        let duties = pack.duties
        let visit = duties.duties.first { if case .holiday = $0.due { true } else { false } }
        var lead: Int32 = 7
        if case .holiday(let days)? = visit?.due { lead = Int32(days) }
        let review = duties.notices.certificateReview
        self.init(
            slots: duties.pairingKinds.map {
                PolicyCatalog.PairingSlot(kind: $0.kind, title: $0.title.chinese)
            }, needsRealName: duties.pairingNeedsRealName,
            holidays: duties.holidays.map { PolicyCatalog.Word(code: $0.code, title: $0.title.chinese) },
            pairing: duties.pairingClause.map { DutyNotice(clause: $0, owner: duties.duty(of: $0)?.owner) },
            visiting: visit.map { DutyNotice(clause: $0.clause, owner: $0.owner) },
            reviewing: review.map { DutyNotice(clause: $0.clause, owner: $0.owner) },
            dutyClauses: Set(duties.duties.map(\.clause)).union(
                pack.rules.filter { $0.kind == .definition }.map(\.clause)), visitLeadDays: lead,
            reviewLeadDays: Int32(review?.days ?? 90), rightLeadDays: Int32(duties.notices.rightBeginsDays),
            clauseTitles: Dictionary(
                uniqueKeysWithValues: pack.rules.map {
                    ($0.clause, Title(chinese: $0.title.chinese, english: $0.title.english))
                }))
    }
}
