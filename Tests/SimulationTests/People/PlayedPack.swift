/// A pack of a monthly sum, two projects of the year with guidance numbers, two pairings and one holiday.
enum PlayedPack {
    static let text = """
        pack: played-2024
        valid_from: 2024-01-01
        zh: 模拟用的政策包
        en: pack of the simulation
        document: {number: 模〔2024〕1号, issuer: 模拟区, dated: 2024-01-01}
        facts:
          - {id: person.birth_date, type: date, nature: plain, timeless: true, zh: 出生日期, en: birth date}
          - {id: person.death_date, type: date, nature: event, zh: 死亡日期, en: date of death}
          - id: person.role
            type: enum
            nature: certified
            zh: 身份
            en: role
            values:
              wife: {zh: 妻子, en: wife}
              husband: {zh: 丈夫, en: husband}
              only_child: {zh: 独生子女, en: only child}
              other: {zh: 其他成员, en: other member}
          - {id: person.account_ref, type: ref, nature: plain, zh: 收款账户, en: payment details}
          - {id: household.poor, type: bool, nature: certified, zh: 困难, en: poor}
        parameters:
          - {id: pl.adjustment, type: decimal, unit: 分, keys: [bound], zh: 综合调整的上下限, en: bounds of the adjustment}
        readings:
          - {id: quota_is_cap, question: PL-5, default: true, zh: 指导数是否上限, en: whether the numbers are caps,
             meanings: {"true": {zh: 是, en: "yes"}, "false": {zh: 否, en: "no"}}}
          - {id: reduction_mode, question: PL-6, choices: [percentage_point, relative], default: percentage_point, zh: 扣减方式, en: reduction,
             meanings: {percentage_point: {zh: 百分点, en: points}, relative: {zh: 按比例, en: relative}}}
          - {id: reduction_step, question: PL-6, choices: [whole_points, pro_rata], default: whole_points, zh: 扣减步长, en: step,
             meanings: {whole_points: {zh: 整分, en: whole points}, pro_rata: {zh: 按比例, en: pro rata}}}
        definitions: []
        pairing:
          clause: PL-2
          kinds:
            - {id: cadre, zh: 干部, en: cadre, personal: true}
            - {id: volunteer, zh: 志愿者, en: volunteer, personal: true}
        visits:
          kinds:
            - {id: routine, zh: 日常走访, en: routine}
        holidays:
          - {id: dragon_boat, zh: 端午节, en: Dragon Boat Festival}
        applications:
          - id: subsidy
            zh: 补贴申报
            en: application for the subsidy
            clauses: [PL-1]
            papers:
              - {id: form, zh: 申请表, en: form}
              - {id: sheet, zh: 公示单, en: notice sheet}
              - {id: receipt, zh: 领取凭据, en: receipt}
            steps:
              - {id: declare, zh: 申报, en: declaration, kind: declare, level: village, papers: [form]}
              - {id: township, zh: 审核, en: review, kind: review, level: township}
              - {id: notice, zh: 公示, en: notice, kind: notice, level: county, notice_days: 2}
              - {id: confirm, zh: 确认, en: confirmation, kind: confirm, level: county, papers: [sheet]}
              - {id: funds, zh: 拨款, en: funds, kind: record, level: county, function: fund}
              - {id: pay, zh: 发放, en: payment, kind: record, level: county, function: payment, papers: [receipt]}
              - {id: archive, zh: 归档, en: archive, kind: record, level: village}
        guidance:
          clause: PL-5
          cap: quota_is_cap
          projects:
            - {clause: PL-3, column: 健康}
            - {clause: PL-4, column: 助学}
          units:
            - {division: "431002", id: pl.district, zh: 本区, city: 1, unit: 1}
            - {division: "431000", id: pl.city, zh: 全市, city: 1, unit: 0}
          parts: [PL-6a]
          adjustment: PL-6b
          bounds: pl.adjustment
          full_from: 90
          mode: reduction_mode
          step: reduction_step
        rules:
          - clause: PL-1
            zh: 补贴
            en: subsidy
            words: 困难的每月补贴二十元。
            kind: cash_entitlement
            unit: household·month
            department: dept.finance
            conditions:
              - {id: poor, zh: 困难, en: poor, expr: household.poor}
            amount: {type: exact, value: 20, unit: yuan}
            payers: [{shares: {finance: 1}}]
          - clause: PL-2
            zh: 结对
            en: pairing
            words: 困难户实行结对。
            kind: record_duty
            unit: household
            department: dept.fp
            conditions:
              - {id: poor, zh: 困难, en: poor, expr: household.poor}
            duty: {owner: dept.fp, due: always, evidence_zh: 帮扶人姓名, evidence_en: the names of the helpers}
          - clause: PL-3
            zh: 健康项目
            en: health project
            words: 困难户每户补助三千元。
            kind: project_fund
            unit: household·year
            department: dept.fp
            conditions:
              - {id: poor, zh: 困难, en: poor, expr: household.poor}
            amount: {type: in_principle, value: 3000, unit: yuan}
            payers: [{shares: {finance: 1}}]
          - clause: PL-4
            zh: 助学项目
            en: study project
            words: 困难户每户补助二千元。
            kind: project_fund
            unit: household·year
            department: dept.fp
            conditions:
              - {id: poor, zh: 困难, en: poor, expr: household.poor}
            amount: {type: in_principle, value: 2000, unit: yuan}
            payers: [{shares: {finance: 1}}]
        interactions:
          - clause: PL-7
            zh: 一户一年一项
            en: one project per household and year
            words: 同一户，当年不得同时享受多个项目补助。
            kind: one_per_year
            among: [PL-3, PL-4]
            strength: hard
        declarations:
          - clause: PL-5
            zh: 指导数
            en: guidance numbers
            words: 指导数。
            kind: quota
            unit: unit × project·year
            owner: dept.fp
            evidence_zh: 批准户数
            evidence_en: households granted
            targets:
              - {unit: "431002", clause: PL-3, value: 2}
              - {unit: "431002", clause: PL-4, value: 1}
              - {unit: "431000", clause: PL-3, value: 1}
              - {unit: "431000", clause: PL-4, value: 1}
          - clause: PL-6a
            zh: 组织
            en: organisation
            words: 组织。
            kind: evaluation
            unit: unit
            owner: dept.fp
            points: 100
            evidence_zh: 方案
            evidence_en: plan
          - clause: PL-6b
            zh: 调整
            en: adjustment
            words: 综合调整。
            kind: evaluation
            unit: unit
            owner: dept.fp
            points: 100
            evidence_zh: 理由
            evidence_en: reason
        """
}
