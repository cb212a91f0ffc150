import CareDomain

extension Trial {
    /// A decision of the file whose sum the clause does not allow: it is left out, and the clause answers as if nobody had
    /// decided.
    /// - Source: policies, Amount types: below a floor = refused, an exact sum must be met
    package struct LeftOut: Hashable, Sendable {
        package let clause: ClauseID
        /// What was decided.
        package let sum: Fen
        /// The clause's figure; nil while it waits for a fact or parameter.
        package let standard: Fen?
        package let type: AmountType
        /// Under which code intake refuses such a decision.
        package let code: String
        package let place: FactsFile.DecisionPlace?

        init?(_ piece: OutcomePiece, _ rule: Rule, _ entry: FactsFile.Entry) {
            guard let source = piece.refusedAward,
                let award = entry.facts.awards.first(where: { $0.source == source })
            else { return nil }
            switch award.outcome {
            case .granted(let sum): self.sum = sum
            case .excepted(let sum?): self.sum = sum
            default: return nil
            }
            let isGrant = if case .granted = award.outcome { true } else { false }
            let needsDecision = rule.amount?.type.needsDecision ?? false
            code = Refusal(isGrant && !needsDecision ? .amountIsFixed : .awardOutOfBounds).code
            clause = rule.clause
            standard = piece.standard ?? piece.amount
            type = rule.amount?.type ?? .none
            place = entry.places[source]
        }

        /// What is wrong with the sum, where the decision stands, and what to do.
        package var wording: Wording {
            let at = place.map { "\($0.path)（\($0.line):\($0.column)）" } ?? ""
            let atEnglish = place.map { "\($0.path) (\($0.line):\($0.column))" } ?? "of the file"
            let (chinese, english) = limit
            return Wording(
                "\(at)的决定 \(sum) 元\(chinese)，未采用", "the decision \(atEnglish) of \(sum) yuan \(english) and is left out"
            )
        }

        /// The same as an issue of the file; nil where the decision stands in none.
        package func issue(in file: String) -> PackIssue? {
            guard let place else { return nil }
            return PackIssue(
                file: file, line: place.line, column: place.column, code: code, problem: wording,
                advice: Wording("改正或去掉这个决定", "correct the decision or leave it out"))
        }

        private var limit: (String, String) {
            guard let standard, type != .none else {
                return ("不合 \(clause)：该条没有金额", "does not fit \(clause), which gives no sum")
            }
            switch type {
            case .floor:
                return (
                    "低于 \(clause) 的下限 \(standard) 元；改为 \(standard) 元或以上",
                    "is below the floor of \(clause), \(standard) yuan (decide \(standard) or more)"
                )
            case .ceiling:
                return (
                    "高于 \(clause) 的上限 \(standard) 元；改为 \(standard) 元或以下",
                    "is above the ceiling of \(clause), \(standard) yuan (decide \(standard) or less)"
                )
            default:
                return (
                    "与 \(clause) 的标准 \(standard) 元不同；该条须正好是这个数",
                    "differs from the sum of \(clause), \(standard) yuan, which must be met exactly"
                )
            }
        }
    }
}
