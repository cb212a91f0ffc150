import CareDomain

/// An event as `carectl log` shows it: name, Chinese title, open fields in a fixed order, sealed parts masked.
package struct EventView: Hashable, Sendable {
    /// `PairingAssigned`; `Unknown` for an event of a newer program.
    package let name: String
    /// 结对.
    package let title: String
    /// Open fields in the order of the contract. Days are written out, ids are 26 characters, money is in fen.
    package let fields: [ViewField]
    /// One object for each sealed part: subject and, masked or revealed, what it says.
    package let sealed: [ViewValue]

    /// How sealed parts are shown.
    package enum Sealed: Hashable, Sendable {
        /// Names as 王**, everything else as ***.
        case masked
        /// In full; the caller has recorded who reads them and why.
        case revealed
    }

    /// The view of an event.
    package init(_ event: CareEvent, correction: Correction? = nil, sealed display: Sealed = .masked) {
        name = event.name
        title = event.title
        var fields = ViewFields()
        event.describe(in: &fields)
        if let correction {
            fields.add("corrects", .int(Int64(clamping: correction.corrects.sequence)))
            fields.add("correction_reason", correction.reason)
        }
        self.fields = fields.fields
        sealed = (event.sealedParts + (correction?.sealed ?? [])).map { Self.part($0, display) }
    }

    /// The view of an event that this program does not know.
    package init(unknownKind kind: UInt32, version: UInt32, payloadBytes: Int) {
        name = "Unknown"
        title = "未知事件"
        fields = [
            ViewField("kind", .int(Int64(kind))), ViewField("version", .int(Int64(version))),
            ViewField("payload_bytes", .int(Int64(payloadBytes))),
        ]
        sealed = []
    }

    /// Everything as one object: `event`, `title`, the fields, `sealed` when there are sealed parts.
    package var value: ViewValue {
        var all = [ViewField("event", .text(name)), ViewField("title", .text(title))] + fields
        if !sealed.isEmpty { all.append(ViewField("sealed", .list(sealed))) }
        return .object(all)
    }

    private static func part(_ part: SealedPart, _ display: Sealed) -> ViewValue {
        var fields = ViewFields()
        fields.add("subject", part.subject)
        guard let details = part.details else {
            fields.add("readable", false)
            return .object(fields.fields)
        }
        let hidden: (String) -> String = { display == .revealed ? $0 : "***" }
        fields.add("name", details.name.map { display == .revealed ? $0 : $0.prefix(1) + "**" })
        fields.add("id_number", details.idNumber.map(hidden))
        fields.add("phone", details.phone.map(hidden))
        fields.add("address", details.address.map(hidden))
        fields.add("certificate_number", details.certificateNumber.map(hidden))
        fields.add("diagnosis", details.diagnosis.map(hidden))
        fields.add("text", details.text.map(hidden))
        return .object(fields.fields)
    }
}

extension CareEvent {
    /// `PairingAssigned`.
    package var name: String {
        switch self {
        case .household(let event): event.kindName
        case .person(.reserved): "PersonReserved"
        case .person(.confirmed): "PersonConfirmed"
        case .person(.released): "PersonReleased"
        case .pack(.published): "PackPublished"
        case .pack(.parameterSet): "ParameterSet"
        case .access(.read): "SealedPartsRead"
        case .access(.compared): "DetailsCompared"
        case .access(.settled): "ParkedEventSettled"
        case .access(.attachmentKept): "AttachmentKept"
        case .access(.attachmentRead): "AttachmentRead"
        case .batch(let event): event.name
        case .unit(let event): event.name
        case .lending(let event): event.name
        case .duty(let event): event.name
        case .deployment(.tokenKeyAdopted): "TokenKeyAdopted"
        }
    }

    /// The event's sealed parts, in order.
    package var sealedParts: [SealedPart] {
        switch self {
        case .household(.personJoined(let event)): event.sealed
        case .household(.personDetailsChanged(let event)): event.sealed
        case .household(.disabilityAssessed(let event)): event.sealed
        case .household(.guardianNamed(let event)): event.sealed
        case .household(.pairingAssigned(let event)): event.sealed
        case .household(.pairingHandedOver(let event)): event.sealed
        case .household(.visitRecorded(let event)): event.sealed
        case .household(.needRaised(let event)): event.sealed
        case .household(.needAnswered(let event)): event.sealed
        case .household(.planItemOpened(let event)): event.sealed
        case .household(.goodsHandedOut(let event)): event.sealed
        case .household(.awardDecided(let event)): event.sealed
        case .household(.dueDecided(let event)): event.sealed
        case .household(.application(let event)): event.sealed
        case .access(.read(let event)): event.sealed
        case .access(.attachmentRead(let event)): event.sealed
        default: []
        }
    }

    /// 结对.
    package var title: String { kind.title }
}

extension EventKind {
    /// What the event is called in Chinese, 结对.
    package var title: String {
        switch self {
        case .householdRegistered: "建档"
        case .householdMoved: "迁移"
        case .householdClosed: "销档"
        case .householdRegisteredInError: "误登"
        case .householdMerged: "并户"
        case .householdSplit: "分户"
        case .commandAbandoned: "放弃命令"
        case .personJoined: "成员加入"
        case .personLeft: "成员离户"
        case .personDetailsChanged: "成员信息变更"
        case .personDied: "死亡"
        case .childBorn: "生育"
        case .childAdopted: "收养"
        case .disabilityAssessed: "残疾评定"
        case .factStated: "事实陈述"
        case .incidentReported: "突发事件"
        case .guardianNamed: "指定监护人"
        case .guardianConsented: "本人同意"
        case .guardianNotarised: "监护公证"
        case .guardianEnded: "监护终止"
        case .pairingAssigned: "结对"
        case .pairingHandedOver: "结对交接"
        case .pairingEnded: "结对结束"
        case .visitRecorded: "走访"
        case .needRaised: "需求提出"
        case .needAnswered: "需求答复"
        case .needClosed: "需求办结"
        case .planItemOpened: "帮扶计划项"
        case .planItemDone: "帮扶计划项完成"
        case .goodsHandedOut: "实物发放"
        case .awardDecided: "待遇决定"
        case .dueDecided: "应补多发决定"
        case .paymentOrdered: "列入发放"
        case .paymentConcluded: "发放结果"
        case .withdrawn: "撤回"
        case .determinationMade: "认定结果"
        case .noticeRaised: "提醒"
        case .noticeDelivered: "提醒送达情况"
        case .personReserved: "占位"
        case .personConfirmed: "确认占位"
        case .personReleased: "释放占位"
        case .packPublished: "发布政策包"
        case .parameterSet: "设置参数"
        case .sealedPartsRead: "查看敏感信息"
        case .detailsCompared: "比对敏感信息"
        case .parkedEventSettled: "处理滞留"
        case .attachmentKept: "存入附件"
        case .attachmentRead: "查看附件"
        case .tokenKeyAdopted: "登记证件密钥指纹"
        case .paymentBatchPrepared: "编制发放批次"
        case .paymentMembersNamed: "批次列户"
        case .paymentBatchClosed: "批次截止"
        case .paymentLinesFrozen: "锁定发放明细"
        case .paymentBatchFrozen: "锁定发放批次"
        case .bankFileIssued: "送银行"
        case .bankAnswerTaken: "银行回盘"
        case .paymentReturned: "发放退回"
        case .paymentReversed: "发放冲销"
        case .paymentStepsDone: "发放结果登记完毕"
        case .applicationSubmitted: "申报"
        case .applicationForwarded: "办理一步"
        case .applicationReturned: "退回补正"
        case .applicationRejected: "不予通过"
        case .applicationWithdrawn: "撤回申报"
        case .publicNoticeOpened: "公示"
        case .objectionRaised: "异议"
        case .objectionDecided: "异议核查结果"
        case .applicationConfirmed: "确认"
        case .applicationReverified: "年审"
        case .guidanceSet: "下达指导数"
        case .unitBudgetSet: "市级预算限额"
        case .unitAdvanceSet: "预拨"
        case .unitScored: "评估评分"
        case .settlementFrozen: "结算"
        case .placeReserved: "占名额"
        case .placeConfirmed: "确认名额"
        case .placeReleased: "释放名额"
        case .fundOpened, .fundDeposited, .fundReserved, .fundReleased, .fundPosted, .fundHandedOver, .fundTakenOver,
            .fundHistoryStated, .fundReferenceTaken, .fundReferenceFreed, .fundPostingReversed, .fundEntryReversed,
            .loanReversed,
            .loanApplied, .loanReviewed, .loanGuaranteed,
            .loanSigned, .loanInformed,
            .loanHelperNamed, .loanDisbursed, .loanRepaid, .loanWriteOffProposed, .loanWrittenOff, .loanStaged,
            .loanExitAssessed, .loanWithdrawn, .loanReportSent, .loanNoticeRaised, .loanNoticeDelivered:
            lendingTitle ?? "未知事件"
        case .dutyReported, .dutyCorrected, .dutyWithdrawn, .listSent, .listReceived, .consultationAsked,
            .consultationAnswered, .projectArranged, .surveyStated, .sampleDrawn, .figureStated, .reportSent,
            .dutyNoticeRaised, .dutyNoticeDelivered:
            dutyTitle ?? "未知事件"
        case .unspecified, .UNRECOGNIZED: "未知事件"
        }
    }
}
