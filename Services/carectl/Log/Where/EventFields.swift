import EventLog
import RuleEngine

/// The fields of an event that `--where` may name: what stands on every event, who caused it, and what it says.
///
/// The same names as in `carectl log view --json`. Only open parts: what is sealed (names, numbers, phones, addresses,
/// diagnoses, free text) has no field here and cannot be asked for.
struct EventField: Hashable, Sendable {
    /// Where the value comes from.
    enum Source: Hashable, Sendable {
        /// On every event.
        case envelope
        /// Who spoke and why, `meta.`; some of it may be missing.
        case meta
        /// What the event says, `data.`; present or missing by its type.
        case data
    }

    let source: Source
    /// The name without its prefix.
    let key: String
    let shape: EventShape
    /// What it means, in Chinese.
    let meaning: String

    /// The name in expressions.
    var name: String {
        switch source {
        case .envelope: key
        case .meta: "\(EventFields.meta).\(key)"
        case .data: "\(EventFields.data).\(key)"
        }
    }
}

/// All fields, and the list of them.
enum EventFields {
    /// Prefix of who spoke and why.
    static let meta = "meta"
    /// Prefix of what the event says.
    static let data = "data"
    /// The type's name of an event that this program does not know.
    static let unknownEvent = "Unknown"

    /// In the order of the list that people read.
    static let all = envelopeFields + metaFields + dataFields

    /// Names of event types by number.
    static let eventNames = Dictionary(uniqueKeysWithValues: EventTypes.all.map { ($0.number, $0.name) })

    static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    private static let envelopeFields = make(
        .envelope,
        [
            ("position", .number, "在日志中的位置"), ("stream", .text, "流，如 household-…"),
            ("category", .plain(.code(StreamCategory.allCases.map(\.rawValue))), "流的种类"),
            ("sequence", .number, "在流中的序号"),
            ("event", .plain(.code(EventTypes.all.map(\.name) + [unknownEvent])), "事件类型，如 PairingAssigned"),
            ("version", .number, "事件格式的版本"), ("occurred_on", .day, "发生日"),
            ("recorded_on", .day, "登记日（北京时间）"), ("recorded_at", .text, "登记时刻，2026-01-31T08:00:00.000000+08:00"),
            ("event_id", .text, "事件编号"), ("append_id", .text, "命令编号（同一命令的事件相同）"),
        ])

    private static let metaFields = make(
        .meta,
        [
            ("learned_on", .day, "得知日（补录时才有）"), ("peer", .text, "说话的密钥"), ("actor", .text, "办理人账号"),
            ("role", .text, "办理人角色"), ("department", .text, "办理人部门"), ("divisions", .texts, "办理人可管的区划"),
            ("causation", .text, "起因：#序号，或命令编号"), ("traceparent", .text, "W3C 跟踪号"),
            ("legal_basis", .text, "处理依据"),
        ])

    private static let dataFields = make(
        .data, household + care + goods + outcomes + money + units + lending + duties + others)

    private static func make(
        _ source: EventField.Source, _ list: [(key: String, shape: EventShape, meaning: String)]
    ) -> [EventField] {
        list.map { EventField(source: source, key: $0.key, shape: $0.shape, meaning: $0.meaning) }
    }

    private typealias Entry = (key: String, shape: EventShape, meaning: String)

    private static let household: [Entry] = [
        ("division", .text, "区划代码"), ("area", .text, "城镇或农村"), ("archive_number", .text, "档案编号"),
        ("kind", .text, "种类（结对、走访、需求、迁移、批次…）"), ("reason", .text, "原因代码"), ("other", .text, "另一户"),
        ("side", .text, "并户、分户中的一方"), ("person_ids", .texts, "成员编号"), ("command", .text, "所指的命令"),
        ("person", .text, "成员编号"), ("role", .text, "家庭角色"), ("sex", .text, "性别"), ("birth_date", .day, "出生日期"),
        ("namesake", .flag, "是否说明同名同日另有其人"),
        ("child", .text, "子女编号"), ("is_orphan", .flag, "是否孤儿"), ("applied_on", .day, "申请日"),
        ("grade", .number, "残疾等级"), ("valid_through", .day, "有效至"), ("fact", .text, "事实名"),
        ("subject", .anything, "对象：household、成员编号，或 {incident_sequence}"), ("value", .anything, "事实或参数的值；金额是 {fen}"),
        ("until", .day, "不再成立的第一天（至的次日）"), ("source", .text, "来源"), ("evidence", .text, "凭据编号"),
        ("victims", .list(.object(["person": .text, "outcome": .text, "grade": .number])), "受害成员"),
        ("guardian", .text, "监护人编号"), ("named_by", .text, "指定监护人的部门"), ("relation", .text, "关系"),
        ("certificate", .text, "公证书编号"), ("scopes", .texts, "监护范围"), ("fee_waived", .flag, "是否免费"),
    ]

    private static let goods: [Entry] = [
        ("goods", .list(.object(["goods": .text, "count": .number])), "发放的物品"), ("receiver", .text, "领取人编号"),
        ("handed_by", .text, "经手人编号"), ("receipt_digest", .text, "签收单的摘要"), ("no_receipt", .text, "没有签收单的原因"),
    ]

    private static let answer = EventShape.object(["field": .text, "value": .anything])

    private static let care: [Entry] = [
        ("helper", .anything, "结对人：{person, unit, real_name_given, contact_given}，结束时是编号"), ("from", .text, "原结对人"),
        ("to", .anything, "新结对人 {person, unit, …}，或下一步骤"), ("form", .text, "走访表"), ("holiday", .text, "节日"),
        ("visitor", .text, "走访人编号"), ("answers", .list(answer), "表上的答案"), ("items", .number, "需求项数"),
        ("need_sequence", .number, "所指需求的序号"), ("item_sequence", .number, "所指计划项的序号"),
        ("department", .text, "负责部门"), ("outcome", .text, "结果"), ("clause", .text, "条款"), ("due_on", .day, "期限"),
        ("key", .text, "提醒的键"), ("details", .list(answer), "提醒的细目"), ("notice_sequence", .number, "所指提醒的序号"),
        ("channel", .text, "送达渠道"), ("attempts", .number, "送达次数"),
        ("application_sequence", .number, "所指申报的序号"), ("papers", .texts, "材料"), ("workflow", .text, "办理流程"),
        ("step", .text, "步骤"), ("previous_sequence", .number, "前一次申报的序号"), ("function", .text, "职能"),
        ("days", .number, "公示天数"), ("objection_sequence", .number, "所指异议的序号"), ("upheld", .flag, "异议是否成立"),
        ("finding", .text, "核查结论"), ("year", .number, "年审年度"), ("exit_reason", .text, "退出原因"),
    ]

    private static let interval = EventShape.object([
        "start": .day, "end": .day, "status": .text, "amount_fen": .number, "hours_thousandths": .number,
        "missing_names": .texts, "right_holds": .flag,
        "payers": .list(.object(["payer": .text, "parts": .number])), "hourly_rate_fen": .number,
        "standard_fen": .number, "decision_sequence": .number,
    ])

    private static let change = EventShape.object([
        "first_month": .text, "last_month": .text, "before_fen": .number, "after_fen": .number,
    ])

    private static let outcomes: [Entry] = [
        ("pack", .text, "政策包"), ("pack_version", .day, "政策包版本"), ("pack_hash", .text, "政策包摘要"),
        ("cadence", .text, "周期"), ("month_rule", .text, "按月规则"), ("intervals", .list(interval), "各期认定，金额以分计"),
        ("fact_sequences", .list(.number), "所依据的事实"), ("read_through_sequence", .number, "读到的序号"),
        ("changes", .list(change), "各月应发的变化，以分计"), ("amount_type", .text, "金额种类"),
        ("rules_change", .text, "采用新规则"), ("start", .day, "起"), ("end", .day, "结束后的第一天（至的次日）"),
        ("amount_fen", .number, "金额，分"), ("second_approver", .text, "第二审批人账号"),
        ("revokes_sequence", .number, "所撤销决定的序号"), ("corrects", .number, "所更正事件的序号"),
        ("correction_reason", .text, "更正原因"),
    ]

    private static let ordered: [String: EventShape] = [
        "clause": .text, "subject": .anything, "first_month": .text, "last_month": .text,
        "parts": .list(.object(["payer": .text, "amount_fen": .number])), "decision_sequence": .number,
    ]

    private static let batchLine: [String: EventShape] = [
        "household": .text, "order_sequence": .number, "place": .number, "line": .object(ordered),
    ]

    private static let money: [Entry] = [
        ("determination_sequence", .number, "所指认定的序号"), ("carried_out", .flag, "补发、追回是否执行"),
        ("months", .texts, "决定所及的月份"),
        ("batch", .text, "发放批次"), ("known_through_sequence", .number, "列入时读到的序号"),
        ("lines", .list(.object(ordered.merging(batchLine) { one, _ in one })), "发放明细，以分计"),
        ("order_sequence", .number, "所指列入的序号"), ("line", .number, "明细号"), ("cause_sequence", .number, "批次中的起因"),
        ("closed_by", .text, "截止批次的账号"), ("issued_by", .text, "送银行的账号"), ("booked_by", .text, "录结果的账号"),
        ("period", .text, "发放期"), ("clauses", .texts, "条款"), ("number", .number, "批次序号"),
        ("households", .texts, "列入的户"), ("damaged_batches", .texts, "截止时已损坏的早先批次"),
        ("members_through", .number, "已锁定到第几户"),
        ("line_count", .number, "明细数"), ("total_fen", .number, "合计，分"), ("file", .number, "银行文件号"),
        (
            "entries", .list(.object(["line": .number, "account_ref": .text, "amount_fen": .number])), "银行文件的行，以分计"
        ),
        ("results", .list(.object(["line": .number, "failure": .text])), "银行回盘"),
        ("through_sequence", .number, "登记到批次的哪一条"),
        ("postings", .list(.object(["account": .text, "amount_fen": .number])), "分录，以分计，合计为零"),
    ]

    private static let lending: [Entry] = [
        ("mode", .text, "帮扶方式"), ("payer", .text, "出资方"), ("receipt", .text, "凭据编号"), ("loan", .text, "借款编号"),
        ("reference", .text, "凭据或银行贷款编号"),
        ("entry_sequence", .number, "所冲销的账目的序号"), ("reversed_sequence", .number, "所冲销的账目在借款流中的序号"),
        ("loan_sequence", .number, "借款流中的序号"), ("from_sequence", .number, "转出资金流中的序号"),
        ("through_day", .day, "历史数据截至日"), ("helped_count", .number, "累计帮扶户数"),
        ("out_count", .number, "脱贫户数"), ("completed_count", .number, "期满户数"),
        ("disbursed_fen", .number, "累计投放，分"), ("capital_fen", .number, "本金投入，分"),
        ("due_fen", .number, "应还，分"), ("repaid_fen", .number, "已还，分"), ("level", .text, "审核级别"),
        ("passed", .flag, "是否通过"), ("committee", .text, "担保的村（居）委会"), ("paper", .text, "担保书编号"),
        ("party", .text, "签协议的一方"),
        ("instalments", .list(.object(["due_day": .text, "amount_fen": .number])), "分期：到期日和金额"),
        ("stage", .text, "帮扶阶段"), ("is_out", .flag, "是否脱贫"), ("basis", .text, "认定依据"), ("fund", .text, "资金编号"),
        ("mother", .text, "借款人的成员编号"),
        (
            "subsidy",
            .object([
                "lender_ref": .text, "principal_fen": .number, "rate_thousandths": .number, "years": .number,
                "days": .number, "share_thousandths": .number,
            ]), "贴息：贷款行、本金、年利率、期限、分担"
        ),
        ("first_day", .day, "报表首日"), ("last_day", .day, "报表末日"), ("known_at", .number, "报表所据的时刻，微秒"),
        ("figures", .list(.object(["name": .text, "value": .number])), "报表的数"), ("problems", .texts, "发现的问题"),
    ]
    private static let units: [Entry] = [
        ("numbers", .list(.object(["clause": .text, "places": .number])), "指导数"), ("unit", .text, "资助单位的区划"),
        ("grant", .text, "资助编号"), ("is_beyond", .flag, "是否超出指导数"), ("award_sequence", .number, "户内决定的序号"),
        ("cause", .text, "释放名额的起因"), ("points_thousandths", .number, "得分，千分之一分"), ("version", .number, "结算的版次"),
        ("city_parts", .number, "市担几份"), ("unit_parts", .number, "单位担几份"),
        ("score_thousandths", .number, "评估得分，千分之一分"), ("cost_fen", .number, "活动经费，分"),
        ("budget_fen", .number, "市级预算限额，分"), ("advance_fen", .number, "预拨，分"),
        ("carried_in_fen", .number, "上年结转，分"), ("numerator", .number, "市级比例的分子"),
        ("denominator", .number, "市级比例的分母"), ("share_fen", .number, "按比例的市级补助，分"),
        ("settled_fen", .number, "应补助，分"),
    ]

    private static let duties: [Entry] = [
        ("attachments", .texts, "凭据文件的摘要"), ("count", .number, "凭据件数"), ("report_sequence", .number, "所指履责报告的序号"),
        ("digest", .text, "名单文件的摘要"), ("rows", .number, "名单行数"), ("due_day", .day, "签收或答复期限"),
        ("replaces", .number, "所替换的序号"), ("list_sequence", .number, "所指名单的序号"), ("project", .text, "项目"),
        ("question_sequence", .number, "所指征询的序号"), ("measure", .text, "调查项目"), ("asked", .number, "发出人数"),
        ("answered", .number, "收回人数"), ("positive", .number, "肯定人数"), ("size", .number, "抽取户数"),
        ("seed", .text, "抽样种子"),
    ]

    private static let others: [Entry] = [
        ("household", .text, "户编号"), ("claimed", .text, "占的是户的档案号：archive_number（占人时是 person）"),
        ("effective_from", .day, "施行日"), ("enacted_on", .day, "公布日"),
        ("hash", .text, "内容摘要"), ("content_bytes", .number, "内容字节数"), ("transition", .text, "新旧衔接"),
        ("parameter", .text, "参数名"), ("keys", .texts, "参数的键"), ("consumer", .text, "消费者"),
        ("event_sequence", .number, "所指事件的序号"), ("action", .text, "处理：skip、retry"), ("run", .text, "比对编号"),
        ("type", .text, "附件的文件种类"), ("place", .text, "附件属于哪个流"), ("purpose", .text, "比对目的"),
        ("household_count", .number, "比对户数"), ("value_count", .number, "比对项数"),
        ("fingerprint", .text, "证件密钥的指纹"),
    ]
}
