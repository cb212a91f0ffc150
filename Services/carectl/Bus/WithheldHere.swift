import CareDomain
import CareProjections
import CareWire
import MessageBus
import RuleEngine
import ServiceKit

/// Facts of families that are kept from the department of this key (遮), pack by pack.
struct WithheldHere: Sendable {
    /// The facts of one pack with what they are called, by id.
    struct Pack: Sendable {
        let pack: PackID
        /// Where it keeps them; nil = anywhere.
        let place: DivisionCode?
        let facts: [FactID: String]
    }

    let packs: [Pack]

    /// One name for all of it: two keys with the same see the same.
    var name: String {
        packs.map { "\($0.pack):" + $0.facts.keys.map(\.rawValue).sorted().joined(separator: ",") }.sorted()
            .joined(separator: ";")
    }

    /// What they are called, each once.
    var titles: String { Set(packs.flatMap(\.facts.values)).sorted().joined(separator: "、") }
}

extension Line {
    /// What is kept from this key.
    func withheld() async throws -> WithheldHere {
        guard case .withheldFacts(let list) = try await ask(.withheldFacts(.init())) else { throw Failure.badAnswer }
        return WithheldHere(
            packs: list.entries.compactMap { entry in
                guard let pack = PackID(entry.pack) else { return nil }
                let facts = entry.facts.compactMap { word in FactID(word.code).map { ($0, word.textZh) } }
                return .init(
                    pack: pack, place: DivisionCode(entry.division),
                    facts: Dictionary(facts, uniquingKeysWith: { first, _ in first }))
            })
    }

    /// Refuses to speak of an event as if there were none, when it is there and kept from this key.
    /// - Throws: `Failure` 6333 for such an event.
    func refuseWithheld(_ sequence: UInt64, of household: String, on day: CivilDay) async throws {
        guard let page = try? await page(of: household, on: day),
            page.history.contains(where: { $0.sequence == sequence && $0.kind == "Withheld" })
        else { return }
        let titles = page.withheldFacts.map(\.chinese).joined(separator: "、")
        throw Failure(
            6333,
            UserText(
                zh: "第 \(sequence) 条不给本部门看（遮）；本部门不可见的事实：\(titles)",
                en: "event \(sequence) is kept from this department, which may not see: \(titles)"),
            advice: UserText(zh: "确有需要，请有权的部门查看", en: "if it is needed, ask a department that may see it"),
            exit: .notPermitted)
    }
}

extension Desk {
    /// Says beside events which statements are not among them. A key that may only operate is not told.
    func mentionWithheld(_ archive: Line) async {
        guard let titles = try? await archive.withheld().titles, !titles.isEmpty else { return }
        mention(
            UserText(
                zh: "对这些事实的陈述不给本部门看，不在其中（遮）：\(titles)",
                en: "statements of these facts are kept from this department and not among them: \(titles)"))
    }
}
