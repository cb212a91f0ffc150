import CareDomain

@testable import RuleEngine

/// A pack of a few facts for tests of the reader and the evaluator.
enum SmallPack {
    static let text = """
        pack: small-2015
        valid_from: 2015-01-01
        zh: 小包
        en: small pack
        document: {number: 小〔2015〕1号, issuer: 小区, dated: 2015-01-01}
        facts:
          - {id: person.birth_date, type: date, nature: plain, timeless: true, zh: 出生日期, en: birth date}
          - {id: person.death_date, type: date, nature: event, zh: 死亡日期, en: date of death}
          - id: person.role
            type: enum
            nature: certified
            zh: 身份
            en: role
            values: {wife: {zh: 妻子, en: wife}, only_child: {zh: 独生子女, en: only child}}
          - {id: person.grade, type: int, range: [1, 4], nature: certified, zh: 等级, en: grade}
          - {id: household.poor, type: bool, nature: certified, zh: 困难, en: poor}
          - {id: household.near, type: bool, nature: plain, zh: 近, en: near}
          - {id: household.moved_on, type: date, nature: event, zh: 迁入, en: moved in}
          - {id: household.until, type: date, nature: plain, zh: 期限, en: time limit}
          - {id: household.rooms, type: int, range: [0, 9], nature: plain, zh: 房间, en: rooms}
        parameters:
          - {id: p.rate, type: money, unit: yuan, per: household·month, zh: 标准, en: rate,
             values: [{from: 2015-02-01, to: 2015-06-30, value: 12.50}, {from: 2015-07-01, value: 20}]}
          - {id: p.person_rate, type: money, unit: yuan, per: person·month, zh: 每人标准, en: rate per person}
        readings:
          - {id: strict, question: SM-Q1, default: false, zh: 从严, en: strict}
        definitions:
          - {id: person.alive, zh: 健在, en: alive, expr: "!has(self.death_date)"}
        rules:
          - clause: SM-1
            zh: 补贴
            en: subsidy
            words: 困难的每月补贴。
            kind: cash_entitlement
            unit: household·month
            department: dept.finance
            conditions:
              - {id: poor, zh: 困难, en: poor, expr: household.poor}
            amount: {type: parameter, parameter: p.rate}
            payers: [{when: household.near, shares: {city: 1, county: 2}}, {shares: {province: 1}}]
        """

    /// The pack, read.
    static func load() throws -> RulePack { try RulePack.load(bytes: Array(text.utf8), name: "small.yaml") }

    /// The issues of the pack with one text replaced by another.
    static func issues(replacing old: String, with new: String) -> [PackIssue] {
        precondition(text.contains(old), "SmallPack.issues: \(old) is not in the pack")
        var parts: [String] = []
        var rest = Substring(text)
        while let found = rest.firstRange(of: old) {
            parts.append(String(rest[..<found.lowerBound]))
            rest = rest[found.upperBound...]
        }
        parts.append(String(rest))
        let changed = parts[0] + new + parts.dropFirst().joined(separator: old)
        do {
            _ = try RulePack.load(bytes: Array(changed.utf8), name: "small.yaml")
            return []
        } catch {
            return error.issues
        }
    }

    static func day(_ text: String) -> CivilDay { CivilDay(parsing: text)! }

    /// A statement true from a day and known since that day.
    static func fact(
        _ id: String, _ value: FactValue?, from: String = "2000-01-01", until: String? = nil, recorded: String? = nil,
        _ subject: RuleSubject = .household, sequence: UInt64 = 1
    ) -> FactStatement {
        let known = day(recorded ?? from)
        return FactStatement(
            fact: FactID(unchecked: id), subject: subject, value: value,
            period: DayPeriod(start: day(from), end: until.map(day)),
            recordedAt: Moment(microseconds: Int64(known.dayNumber) * 86_400_000_000),
            source: EventReference(sequence: sequence))
    }
}
