import CareDomain

/// What an explanation says of transition clauses.
enum TransitionWords {
    /// Why a version answers on a day.
    /// - Parameter inForce: The version in force on the day.
    /// - Returns: nil where no transition clause has a part in it.
    static func why(_ place: PackRegistry.Reach, on day: CivilDay, inForce: PublishedPack) -> Wording? {
        let version = place.version
        if version.pack.hash != inForce.pack.hash {
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
