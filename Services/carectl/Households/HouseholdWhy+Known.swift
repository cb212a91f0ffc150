import CareDomain
import CareProjections
import RuleEngine
import ServiceKit

/// What `--known-at` leaves out because nobody knew it by then.
extension HouseholdWhy {
    /// A document has the clause, and it was not known at the moment asked about.
    static func notYetKnown(_ clause: ClauseID, _ known: KnownAt, _ version: RuleEngine.PublishedPack) -> Failure {
        Failure(
            3125,
            UserText(zh: "--known-at 那时还没有条款 \(clause)：", en: "at --known-at there was no clause \(clause) yet: ")
                + since(version, known),
            advice: UserText(
                zh: "--known-at 写那时或以后，或者不写", en: "ask with --known-at of then or later, or without it"),
            exit: .problemsFound)
    }

    /// Why no clause answers where no document for the place was known by then, though today one is in force on the day; nil
    /// where one was known, or none is.
    static func nothingKnown(
        on day: CivilDay, _ known: KnownAt, _ division: DivisionCode?, _ registry: PackRegistry
    ) -> UserText? {
        func isForPlace(_ version: RuleEngine.PublishedPack) -> Bool {
            guard let place = version.pack.territory, let division else { return true }
            return division.isWithin(place)
        }
        guard !registry.inForce(on: day, knownAt: known).contains(where: isForPlace),
            let version = registry.inForce(on: day).first(where: isForPlace)
        else { return nil }
        return UserText(
            zh: "--known-at 那时该户所在地还没有政策文件：", en: "at --known-at there was no document for the family's place yet: ")
            + since(version, known)
    }

    /// From when on a version counts among what is known, by the measure of the question.
    private static func since(_ version: RuleEngine.PublishedPack, _ known: KnownAt) -> UserText {
        let title = "\(version.pack.id)@\(version.effectiveFrom)"
        if case .learned = known {
            let day = version.pack.dated
            return UserText(
                zh: "\(title) 是 \(day) 印发的，自那天起才知道",
                en: "\(title) is a document of \(day) and known from that day on")
        }
        let moment = version.publishedAt?.wallClock ?? "-"
        return UserText(
            zh: "\(title) 是 \(moment) 发布的，自那时起才知道",
            en: "\(title) was published at \(moment) and is known from then on")
    }
}
