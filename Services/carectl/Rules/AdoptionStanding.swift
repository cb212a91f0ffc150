import CareDomain
import CareProjections
import RuleEngine
import ServiceKit

/// What became of an adoption beside others of the same pack from the same day: of two, the one published later counts, and
/// whoever sent the other has to hear of it.
struct AdoptionStanding {
    private let registry: PackRegistry
    /// The last publication of these bytes from that day; nil where the log has none.
    private let own: RuleEngine.PublishedPack?

    /// - Parameter registry: As the log has it after the publication.
    init(of version: RulePack, from first: CivilDay, in registry: PackRegistry) {
        self.registry = registry
        own = registry.versions.last {
            $0.pack.id == version.id && $0.pack.hash == version.hash && $0.effectiveFrom == first
        }
    }

    /// The publication that counts in its place by now; nil while it counts itself.
    var successor: RuleEngine.PublishedPack? { own.flatMap { registry.successor(of: $0) } }

    /// The publication whose place it took though nobody was shown that one before; nil where there is none.
    /// - Parameter shown: The version in force when the person was asked; nil = there was none.
    func unseen(besides shown: RuleEngine.PublishedPack?) -> RuleEngine.PublishedPack? {
        guard let own, let before = registry.predecessor(of: own) else { return nil }
        return shown?.isSamePublication(as: before) == true ? nil : before
    }

    static func replacedUnseen(_ version: RuleEngine.PublishedPack) -> UserText {
        UserText(
            zh: "请注意：就在此前有人采用了同一天起的 \(name(version))（\(moment(version)) 发布），已被本次采用取代",
            en:
                "note: just before, somebody adopted \(name(version)) from the same day (published at \(moment(version))); "
                + "this adoption has taken its place")
    }

    /// - Parameter title: The version that was adopted here.
    static func replaced(_ title: String, _ first: CivilDay, by version: RuleEngine.PublishedPack) -> Failure {
        Failure(
            3126,
            UserText(
                zh: "\(title) 已被后来采用的 \(name(version))（\(moment(version)) 发布）取代："
                    + "自 \(first) 起算数的是后者，各户按它认定",
                en:
                    "\(title) was replaced by \(name(version)), adopted later (published at \(moment(version))): that one "
                    + "counts from \(first) on, and the families are determined by it"),
            advice: UserText(
                zh: "请与采用它的人商定；用 carectl rules ls 看哪个算数，确要用本版本的再执行一次同一命令",
                en:
                    "agree with whoever adopted it; carectl rules ls says which counts. Where this version is meant, type the "
                    + "same command again"),
            exit: .problemsFound)
    }

    private static func name(_ version: RuleEngine.PublishedPack) -> String {
        "\(version.pack.id)@\(version.effectiveFrom) \(version.pack.reference.shortHash)"
    }

    private static func moment(_ version: RuleEngine.PublishedPack) -> String { version.publishedAt?.wallClock ?? "-" }
}
