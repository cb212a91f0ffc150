import CareDomain

/// What an explanation says of transition clauses.
enum TransitionWords {
    /// Why a version answers on a day.
    /// - Parameters:
    ///   - inForce: The version in force on the day.
    ///   - before: The same bytes where they were in force before, from an earlier day.
    /// - Returns: nil where no transition clause has a part in it.
    static func why(
        _ place: PackRegistry.Reach, on day: CivilDay, inForce: PublishedPack, before: PackRegistry.Reach?
    ) -> Wording? {
        let version = place.version
        if !place.inForce.contains(day) {
            return Wording(
                "\(inForce.effectiveFrom) 起施行的版本只适用于新个案，此前已享受且未中断，仍按 \(version.effectiveFrom) 起的版本判定",
                "the version in force from \(inForce.effectiveFrom) applies to new cases only; the right held before and went"
                    + " on without a break, so the version from \(version.effectiveFrom) still answers")
        }
        if place.takesNewCasesOnly {
            return Wording(
                "\(version.effectiveFrom) 起施行的版本只适用于新个案；此前未享受或已中断，按此版本判定",
                "the version in force from \(version.effectiveFrom) applies to new cases only; no right held before, or it was"
                    + " broken off, so this version answers")
        }
        if version.transition == .retroactive {
            return Wording(
                "此版本 \(version.enactedOn) 制定，追溯自 \(version.effectiveFrom) 起适用",
                "this version was enacted on \(version.enactedOn) and applies retroactively from \(version.effectiveFrom)"
            )
        }
        if let before, before.takesNewCasesOnly {
            let since = before.version.effectiveFrom
            return Wording(
                "此版本自 \(since) 起只适用于新个案，自 \(version.effectiveFrom) 起对所有人施行，按此版本判定",
                "this version applied to new cases only from \(since), and applies to everybody from \(version.effectiveFrom),"
                    + " so it answers")
        }
        return nil
    }
}

extension TransitionClause {
    /// The word for people.
    package var wording: Wording {
        switch self {
        case .all: Wording("对所有人", "everybody")
        case .retroactive: Wording("追溯适用", "retroactive")
        case .newCases: Wording("仅新个案", "new cases only")
        }
    }
}
