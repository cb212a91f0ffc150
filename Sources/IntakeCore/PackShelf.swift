import CareDomain
import RuleEngine

/// The published pack versions as intake knows them, and the catalogue against which commands are checked.
struct PackShelf {
    private(set) var catalog = PolicyCatalog.empty
    private var registry = PackRegistry()

    /// Takes news of a pack stream in. A version that cannot be read here is left out; it was checked when published.
    mutating func take(_ news: SharedNews.PackNews) {
        guard case .published(let published) = news.event else { return }
        guard let pack = try? RulePack.load(bytes: published.bytes, name: published.pack.rawValue) else { return }
        registry.add(pack)
        catalog = registry.policyCatalog
    }
}
