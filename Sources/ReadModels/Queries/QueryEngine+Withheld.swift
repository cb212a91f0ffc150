import CareDomain
import CareProjections
import CareWire

/// What is kept from whoever asks, whatever else of a family it may see.
extension QueryEngine {
    /// The measure of all answers.
    package var sight: FactSight { words.sight(of: principal.department, on: today) }

    /// Facts with what they are called, by id.
    func told(_ facts: Set<FactID>) -> [Care_V1_Word] {
        facts.sorted().map { CareArchive.Label($0.rawValue, words.title($0)).word }
    }

    /// Which facts are kept from the department, pack by pack. The packs are everybody's: this tells nothing of a family.
    func withheldFacts() -> Care_V1_WithheldFactList {
        .with {
            $0.entries = words.restrictions.hiddenByPack(from: principal.department, on: today).map { pack, facts in
                .with {
                    $0.pack = pack.rawValue
                    $0.division = words.territories[pack]?.rawValue ?? ""
                    $0.facts = told(Set(facts))
                }
            }
        }
    }
}
