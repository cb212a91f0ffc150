import CareDomain
import CareProjections
import RuleEngine

/// The codes of a pack that commands name, beside the values of its facts.
enum PackCodes {
    /// One list of codes.
    struct List {
        /// As the key of a JSON page.
        let name: String
        let chinese: String
        let words: [LabelledCode]
    }

    /// Lists that hold something, in a fixed order.
    static func lists(of pack: RulePack) -> [List] {
        let duties = pack.duties
        let pairing = duties.pairingKinds.map {
            LabelledCode(code: Code(unchecked: $0.kind.rawValue), title: $0.title)
        }
        return [
            List(name: "sources", chinese: "事实来源", words: pack.sources),
            List(name: "pairing_kinds", chinese: "结对类别", words: pairing),
            List(name: "visit_kinds", chinese: "走访类别", words: duties.visitKinds),
            List(
                name: "visit_forms", chinese: "走访表",
                words: duties.visitForms.map { LabelledCode(code: $0.code, title: $0.title) }),
            List(name: "needs", chinese: "需求类别", words: duties.needKinds),
            List(
                name: "holidays", chinese: "重大节假日",
                words: duties.holidays.map { LabelledCode(code: $0.code, title: $0.title) }),
        ].filter { !$0.words.isEmpty }
    }

    /// One member per list, each an array of `code` and `title`.
    static func json(of pack: RulePack) -> JSON {
        .object(
            lists(of: pack).map { list -> (String, JSON) in
                (
                    list.name,
                    .array(
                        list.words.map {
                            .object([("code", .string($0.code.rawValue)), ("title", .wording($0.title))])
                        })
                )
            })
    }
}
