import CareDomain
import EventLog

/// Why a query has no answer. The code is stable; the texts are for the person.
package struct QueryRefusal: Error, Hashable, Sendable {
    /// What the caller's program should make of it.
    package enum Outcome: Hashable, Sendable { case notFound, refused, badRequest, unauthorised, notYet }

    package let outcome: Outcome
    /// `CARE-` and four digits.
    package let code: String
    package let chinese: String
    package let english: String
    /// Households that the caller may see and could have meant.
    package var candidates: [HouseholdID] = []
    /// Damaged events that were met, for the log's owner to close their stream.
    package var damages: [Damage] = []

    private init(_ outcome: Outcome, _ number: Int, _ chinese: String, _ english: String) {
        self.outcome = outcome
        self.code = "CARE-\(number)"
        self.chinese = chinese
        self.english = english
    }

    private init(_ outcome: Outcome, _ refusal: Refusal) {
        self.outcome = outcome
        self.code = refusal.code
        self.chinese = refusal.chinese
        self.english = refusal.english
    }

    /// There is no such household, or the caller may not know of it: both look the same from outside.
    package static let householdNotFound = QueryRefusal(.notFound, Refusal(.householdNotFound))

    /// There is no such batch, or the caller may not know of it.
    package static let batchNotFound = QueryRefusal(.notFound, Refusal(.unknownBatch))

    /// No pack names the unit for the year, or the caller may not act there.
    package static let unitNotFound = QueryRefusal(.notFound, Refusal(.unknownUnit))
    /// There is no such thing, only the beginning of its id fits several, or the caller may not know of it.
    package static func notFound(_ reason: Refusal.Reason) -> QueryRefusal { QueryRefusal(.notFound, Refusal(reason)) }

    /// The right is missing.
    package static func missingRight(_ right: Principal.Right) -> QueryRefusal {
        QueryRefusal(.unauthorised, Refusal(.missingRight, detail: right.rawValue))
    }

    /// The division is none of the caller's; that there is such a division is no secret.
    package static let notYourDivision = QueryRefusal(
        .unauthorised, Refusal(.notYourDivision, field: "division"))

    /// The beginning of the id fits several households.
    package static func ambiguous(_ candidates: [HouseholdID]) -> QueryRefusal {
        var refusal = QueryRefusal(
            .refused, 3501, "户编号开头对应多户，请多写几位：\(candidates.map(\.description).joined(separator: "、"))",
            "several households begin like this, write more of the id: "
                + candidates.map(\.description).joined(separator: ", "))
        refusal.candidates = candidates
        return refusal
    }

    /// The household's id or its beginning cannot be read.
    package static let householdText = QueryRefusal(
        .badRequest, 3502, "户编号应为 26 位小写字母和数字，或其开头至少 4 位",
        "a household id has 26 lower-case letters and digits; at least the first 4 are needed")

    /// Events of the household are damaged: what is left of them does not tell its facts.
    package static func damaged(_ household: HouseholdID, _ damages: [Damage]) -> QueryRefusal {
        var refusal = QueryRefusal(
            .refused, 3511, "户 \(household) 的记录有损坏，事实不完整；请先用 carectl log verify 查明并恢复",
            "the record of household \(household) is damaged and its facts are incomplete; see carectl log verify and restore it"
        )
        refusal.damages = damages
        return refusal
    }

    /// A field of the query is not valid.
    package static func field(_ name: String) -> QueryRefusal {
        let (chinese, english) =
            switch name {
            case "division":
                (
                    "：应为本系统所及的 6、9 或 12 位区划代码（市写前四位加 00，如 431000）",
                    ": it is a division code of 6, 9 or 12 digits in the places kept here; a prefecture ends in 00 (431000)"
                )
            case "depth": ("：应为 6（县）、9（乡镇）或 12（村）", ": it is 6 (counties), 9 (townships) or 12 (villages)")
            default: ("", "")
            }
        return QueryRefusal(
            .badRequest, 3503, "查询条件 \(name) 无效\(chinese)", "query field \(name) is not valid\(english)")
    }

    /// More entries are asked for than one answer has.
    package static func limit(most: Int) -> QueryRefusal {
        QueryRefusal(
            .badRequest, 3503, "查询条件 limit 无效：一次至多 \(most) 个",
            "query field limit is not valid: at most \(most) at a time")
    }

    /// What is asked for is no status of a household.
    package static let householdStatus = QueryRefusal(
        .badRequest, 7269,
        "没有这种情形；可填 bereaved（失独）、disabled_child（伤残）、any（失独或伤残）、none（都不是）、closed（档案已停用）、"
            + "registered_in_error（误登）",
        "no such status; one of bereaved (失独), disabled_child (伤残), any (either), none (neither), closed (file closed), "
            + "registered_in_error (误登)")

    /// No published pack knows the family type.
    package static func familyType(_ code: String, known: [String]) -> QueryRefusal {
        let list = known.joined(separator: "、")
        return QueryRefusal(
            .badRequest, 6588, "没有 \(code) 这种家庭类别；已发布的政策包有：\(list.isEmpty ? "无" : list)",
            "no family type \(code); the published packs know: \(list.isEmpty ? "none" : list)")
    }

    /// No published pack asks for visits in that clause.
    package static func visitClause(_ clause: String, known: [String]) -> QueryRefusal {
        let list = known.joined(separator: "、")
        return QueryRefusal(
            .badRequest, 6589, "\(clause) 不是要求走访的条款；要求走访的条款有：\(list.isEmpty ? "无" : list)",
            "\(clause) asks for no visits; the clauses that do: \(list.isEmpty ? "none" : list)")
    }

    /// No published pack gives goods in that clause.
    package static func goodsClause(_ clause: String, known: [String]) -> QueryRefusal {
        let list = known.joined(separator: "、")
        return QueryRefusal(
            .badRequest, 6424, "\(clause) 不是按户发放实物的条款；发放实物的条款有：\(list.isEmpty ? "无" : list)",
            "\(clause) gives no goods to households; the clauses that do: \(list.isEmpty ? "none" : list)")
    }

    /// The clause's goods have no such period.
    package static func goodsPeriod(_ period: String, form: String) -> QueryRefusal {
        QueryRefusal(
            .badRequest, 6425, "这一条没有“\(period)”这一期，应写成 \(form) 的样子",
            "the clause has no period \(period); write it like \(form)")
    }

    /// Nothing was asked.
    package static let empty = QueryRefusal(
        .badRequest, 3504, "查询内容为空或本版本不认识", "the query is empty or unknown to this version")

    /// The reason for showing personal data is missing or too long.
    package static let revealReason = QueryRefusal(
        .badRequest, 3505, "查看完整信息须写明理由（500 字节以内）", "showing personal data needs a reason of at most 500 bytes")

    /// No checkpoint is signed yet, or one is being made; later there is one.
    package static let noCheckpoint = QueryRefusal(
        .notYet, 3509, "检查点尚未生成或正在生成，请稍后再取", "no checkpoint yet, or one is being made; ask again later")

    /// A damaged or younger stream has no proof.
    package static let noProof = QueryRefusal(
        .refused, 3510, "该户在最近一次检查点之后才建档，或记录有损坏，暂无证明",
        "the household is younger than the newest checkpoint, or its log is damaged: there is no proof")

    /// One query compares too much.
    package static let comparisonTooLarge = QueryRefusal(
        .badRequest, 3506, "一次最多比对 64 户、4096 项（每户 512 项），请分批",
        "one query compares at most 64 households and 4096 values, 512 of one household; ask in parts")

    /// The run compares more than it said at its beginning, or says two things.
    package static let comparisonBeyondRun = QueryRefusal(
        .refused, 3507, "本次导入比对的内容多于开头申报的数量，请重新导入",
        "the run compares more than it said at its beginning; import again")

    /// Too many different values were tried for one field of one person today.
    package static let tooManyWrongValues = QueryRefusal(
        .refused, 3508, "今天对同一人同一项已试过太多不同的内容，请明天再导入，或请有 reveal 权限的人核对",
        "too many different values were tried for one person today; import tomorrow, or ask somebody with the right reveal"
    )

    /// The files of too many families would have to be read one by one for one answer.
    package static func tooManyHouseholds(most: Int) -> QueryRefusal {
        QueryRefusal(
            .badRequest, 6260, "要逐户翻看的家庭超过 \(most) 户，请按县区或镇（街道）分别查询",
            "more than \(most) files would have to be read one by one; ask for one county or township at a time")
    }
}
