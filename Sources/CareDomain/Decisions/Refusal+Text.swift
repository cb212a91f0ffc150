extension Refusal {
    /// A day after the service's own today. The sentence names that too: it is the service's clock that may be wrong.
    package static func future(_ day: CivilDay, today: CivilDay, field: String?) -> Refusal {
        Refusal(
            .dayInFuture, field: field, detail: day.description,
            words: "\(day)；本服务的今天是 \(today)，如不对请校准时钟",
            english: "\(day); this service's today is \(today), if that is wrong set its clock")
    }

    /// The sentence for the user in Chinese: what happened and what to do.
    package var chinese: String {
        let what = (detailWords ?? detail).map { "（\($0)）" } ?? ""
        return texts.chinese.replacingPlaceholder(with: what)
    }

    /// The same in English.
    package var english: String {
        let what = (detailEnglish ?? detail).map { " (\($0))" } ?? ""
        return texts.english.replacingPlaceholder(with: what)
    }

    private var texts: (chinese: String, english: String) {
        switch reason {
        case .householdNotFound: ("没有这一户档案*，请核对户编号", "no such household*; check its id")
        case .householdNotActive:
            (
                "该户档案已停用*，不能再登记；并入他户的请在那一户登记，应补、多发仍在本档案决定（pay decide），"
                    + "已销档的，未办完的申请仍可撤回或不予通过，帮扶计划仍可登记完成，作过的决定仍可撤销",
                "the household's file is closed*; nothing can be added: of a merged one use the other file; arrears and "
                    + "over-payments are still decided in this one (pay decide), and in a file that was closed applications "
                    + "can still be withdrawn or rejected, plan items recorded as done and decisions taken back"
            )
        case .householdExists: ("该户已经建档*", "the household is already registered*")
        case .commandAbandoned:
            ("这条命令早先已被放弃，请用新的命令编号重新提交", "the command was given up earlier; send it again with a new id")
        case .staleView: ("您打开之后档案有了新内容*，请刷新后再提交", "the file changed since you opened it*; reload and try again")
        case .notYourDivision:
            // The household's division may be the one that is out of reach: the field says which is meant.
            field.map { $0.hasPrefix("household") } ?? true
                ? ("该户不在您的辖区*", "the household is outside your division*")
                : (
                    "这个区划不在您的辖区*，请用管这里的密钥", "the division is outside those of your key*; use a key of that place"
                )
        case .missingRight: ("您没有这项权限*，请联系管理员", "you do not have the right*; ask the administrator")
        case .dayInFuture: ("日期在今天之后*，请核对", "the day lies in the future*; check it")
        case .dayTooEarly: ("日期过早*，请核对", "the day is too early*; check it")
        case .dayOrder: ("日期先后矛盾*，请核对", "the days contradict each other*; check them")
        case .learnedOnNotAllowed:
            ("您不能填写获知日期*，需要历史导入权限", "you may not set the day it was learned*; it needs import-history")
        case .noMembers: ("建档至少要有一名成员", "a household needs at least one member")
        case .personUnknown: ("该户没有这名成员*", "the household has no such member*")
        case .personInHousehold: ("这名成员已在本户*", "the person is already in this household*")
        case .personElsewhere:
            (
                "此人已登记在另一户*，请先核对是否同一人；离婚后另立一户、写着亡故的独生子女的，孩子不写身份证号，写姓名和出生日期",
                "the person is registered in another household*; check whether it is the same. In the new file of a divorced parent the only "
                    + "child who died is told by name and birth date, without the ID number"
            )
        case .roleTaken:
            (
                "本户当日已有这一身份的成员*：原来的人已故的先登记去世，离开的先登记离开；独生子女只有一名，再生育的、双胞胎登记为其他成员并登记生育",
                "the household has somebody in this role on the day*: record first that the former one died or left; there is one "
                    + "only child, and a later child or a twin is another member whose birth is recorded"
            )
        case .alreadyDead: ("这名成员已登记死亡*", "the person is already recorded as dead*")
        case .idNumberInvalid: ("身份证号不正确*，请逐位核对", "the ID number is wrong*; check it digit by digit")
        case .idNumberDisagrees: ("身份证号与出生日期或性别不一致*", "the ID number disagrees with birth date or sex*")
        case .gradeOutOfRange: ("残疾等级应为一至四级*", "the disability grade must be 1 to 4*")
        case .personNotPresent: ("当日该成员不在本户*", "the person was not in the household on that day*")
        case .numberNeverChanges:
            (
                "身份证号、出生日期、性别一人一个，不会变更*：录错的用更正；是另一个人的，先登记原来的人离开，再登记此人加入",
                "ID number, birth date and sex never change*: correct what was wrong; of another person record that the former one "
                    + "left and this one joined"
            )
        case .personBack:
            (
                "此人以前是本户成员，已登记离开*；确又回来的，用原来的成员编号登记（add_person 的 person），不另立一人",
                "this person was of the family and is on record as having left*; who came back is recorded under the former person "
                    + "id (person of add_person), not as somebody else"
            )
        case .unknownFact: ("事项不在已发布的词汇表中*", "the fact is not in the published vocabulary*")
        case .factForm: ("事项的取值形式不对*", "the value has the wrong form for this fact*")
        case .factCode: ("取值不在允许范围内*", "the value is not among those allowed*")
        case .factSubject: ("事项的对象不对*：分清“户”与“人”", "the fact is about the other kind of subject*: household or person")
        case .unknownCode: ("代码不在已发布的词汇表中*", "the code is not in the published vocabulary*")
        case .guardianState: ("监护手续的先后不对*：指定、本人同意、公证、生效", "guardianship goes named, consented, notarised*")
        case .guardianIsSelf: ("监护人不能是本人*", "a person cannot be their own guardian*")
        case .unknownPairingKind: ("没有这种结对*", "no such kind of pairing*")
        case .alreadyPaired:
            (
                "此人已在这一结对岗位上*，同一人不占两份；更正起日的，不能晚于此人资料补充之日",
                "this helper already holds the slot*, and nobody holds it twice; a corrected first day is no later than the day from which "
                    + "the helper's details were completed"
            )
        case .notPaired: ("此人当日不在这一结对岗位上*", "this helper does not hold the slot on that day*")
        case .helperOverlap: ("同一人不能兼任两个结对岗位*", "one person cannot hold two pairing slots*")
        case .helperIsMember: ("帮扶人不能是本户成员*", "a helper cannot be a member of the household*")
        case .helperWithoutName: ("帮扶人未实名，该岗位视为空缺*", "the helper has no real name, the slot counts as empty*")
        case .unknownVisitForm: ("没有这种走访表或栏目*", "no such visit form or field*")
        case .unknownNeed: ("没有这项需求*", "no such need*")
        case .needClosed: ("这项需求已办结*", "the need is already closed*")
        case .itemsOutOfRange: ("需求项数应为 1 至 99*", "the number of items must be 1 to 99*")
        case .unknownPlanItem: ("没有这项帮扶计划或已完成*", "no such plan item, or it is done*")
        case .unknownClause: ("已发布的政策包没有这一条*，或对象不对", "no published pack has the clause*, or it is for another subject")
        case .nothingToDecide: ("这些日子没有待决定的待遇*", "nothing is there to decide on these days*")
        case .refusalStands:
            (
                "这些日子已决定不予批准*，这项决定仍然有效。要另作决定，先撤销它：carectl case import 文件，文件里一行 decide_award，"
                    + "outcome 写 revoked，revokes 写它的事件序号，from 写从哪天起不再不予批准（clause、person、incident 照原决定）；"
                    + "登记错的用 carectl case withdraw 户 序号 撤回",
                "these days were turned down*, and that decision stands. Take it back before deciding otherwise: carectl case "
                    + "import FILE with a line decide_award, outcome revoked, revokes with its event's number, from with the first "
                    + "day that is not turned down any more (clause, person, incident as decided then); one entered in error is "
                    + "withdrawn with carectl case withdraw HOUSEHOLD NUMBER"
            )
        case .amountIsFixed:
            (
                "这一条给多少由条款确定*，不需要也不能另作金额决定；要停发用 held（暂缓）或 refused（不批），确属例外用 excepted",
                "the clause itself says what it gives*: no sum is there to decide; hold (held) or turn down (refused) to stop it, "
                    + "and decide an exception (excepted) where there is one"
            )
        case .awardOutOfBounds: ("金额不符合条款*，不予接受", "the clause does not allow this amount*")
        case .awardWithoutAmount: ("请填写批准的金额*", "state the amount that is granted*")
        case .unknownDecision: ("没有这项决定，或已撤销*", "no such decision, or it is revoked*")
        case .secondApproverMissing:
            ("这类决定须另有一人复核*，请写明复核人", "this decision needs a second approver*; name the person")
        case .secondApproverSame:
            ("复核人不能就是作决定的人*", "the second approver cannot be the person who decides*")
        case .functionHeld:
            (
                "审核认定、资金管理、资金发放、监督评估须由不同的人办理*，请换没有办过本案其他职能的人",
                "review, fund, payment and supervision of a case need different people*; somebody else has to do it"
            )
        case .clauseDepartment:
            (
                "这一条由别的部门主管*，请用主管部门、乡镇（街道）或卫生健康（人口计生）部门的密钥",
                "another department is in charge of the clause*; use a key of it, of the township, "
                    + "or of the family-planning authority"
            )
        case .actOwner:
            (
                "这项事实由主管部门、乡镇（街道）或村（居）登记*，请用其中一家的密钥",
                "this is stated by the department in charge, the township or the village*; use a key of one of them"
            )
        case .functionOffice:
            (
                "这项职能不由您的部门办理*，请用主管部门的密钥",
                "the function belongs to other departments than yours*; use a key of one of them"
            )
        case .householdDamaged:
            (
                "一户的记录损坏，本批没有列入，修复后另批发放*",
                "a household's record is damaged: it is left out of this batch and paid in another once it is repaired*"
            )
        case .sumWithoutPayer:
            (
                "一户有款项还没有出资方，本批没有列入；补上事实或政策包写明出资方后另批发放*",
                "a household has a sum that nobody is known to bear: it is left out of this batch until the facts or the pack name a payer*"
            )
        case .paidByOthers:
            (
                "一户有款项由所在单位（或保险）直接给付，不经批次发放；帮扶计划里有跟进事项，办妥后登记完成*",
                "an employer or insurer pays a sum to the family itself: no batch does; an item of the plan follows it up, record it as done*"
            )
        case .paidInOtherFile:
            (
                "一户有成员的一些月份在原先（或另一）户的档案里已经发过，本批不再列入；金额有差的待人决定*",
                "months of a member were paid in another household's file, where the person was: they are left out; a difference waits for a person*"
            )
        case .dueInOtherFile:
            (
                "一户有成员一些月份在另一户的档案里也应发，先在那一户：这些月份由那一户发，本批不列入*；那一户不该发的，在那一户更正事实，本户再列一批",
                "months of a member are due in another household's file, too, where the person was before: that file pays them, and they are left out here*; if it should not, correct its facts and begin a further batch of these months"
            )
        case .arrearsWait:
            (
                "一户有月份在正常批次走过以后才得知应发，正常批次不补；请用 pay decide 决定，补发批次再发*",
                "months of a household became known after the regular batches had gone past them: decide with pay decide, an arrears batch pays*"
            )
        case .indexYear: ("指数一年一个数，按日历年登记*", "an index has one figure for each calendar year*")
        case .coversFigures:
            (
                "设定的值代替政策包公布的数*；只到某一天的，写明最后一天再设定一次；哪个数从哪天起算，见 rules ls",
                "the value stands in place of figures that the pack publishes*; where it is to end, set it once more with its last "
                    + "day; rules ls says which counts from which day"
            )
        case .monthsToCome:
            (
                "还没有开始的月份不发，没有列入*；到了那个月，为那个月另列一批",
                "months that have not begun are not paid and were left out*; once they have, begin a batch of those months"
            )
        case .lineHeld, .lineNeedsFact, .lineRuleFails, .lineOnHold, .accountsDiffer, .orderedTwice, .payeeDied,
            .payeeDiedUnsent,
            .debtorDied, .recoveryUnreceived, .nothingReceived:
            reason.sendingTexts ?? ("", "")
        case .unknownBatch: ("没有这个发放批次*，或不在您的辖区", "no such payment batch*, or outside your division")
        case .batchState: ("批次当前状态不允许这样办*", "the batch's state does not allow it*")
        case .batchScope: ("批次的范围与编号不符*", "the scope is not that of this batch*")
        case .batchEmpty: ("批次里没有家庭*", "the batch names no family*")
        case .nothingToIssue: ("没有可送银行的明细*", "nothing waits to be sent to the bank*")
        case .unknownBankFile: ("没有这个送银行的文件*", "no such file was sent to the bank*")
        case .unknownReference:
            ("回盘里的业务参考号不在所送文件中*，整份未入账", "the bank's reference is not in the file sent*; nothing was booked")
        case .referenceOfOtherFile:
            (
                "回盘里的业务参考号是另一个送银行的文件的*，整份未入账",
                "the bank's reference is of another file that was sent*; nothing was booked"
            )
        case .lineTwice: ("回盘里同一笔出现两次*，整份未入账", "the bank answered a line twice*; nothing was booked")
        case .lineSum: ("回盘金额与所送不符*，整份未入账", "the bank's sum is not the one sent*; nothing was booked")
        case .answerTotals: ("回盘的笔数或合计不符*，整份未入账", "the bank's totals do not agree*; nothing was booked")
        case .unknownPaymentLine: ("批次里没有这一笔*", "the batch has no such line*")
        case .lineState: ("这一笔的状态不允许这样办*", "the line's state does not allow it*")
        case .noWorkflow, .foreignClause, .applicationOpen, .unknownApplication, .applicationState, .applicationMoved,
            .actorLevel, .actorLevelOwn, .reviewedBefore,
            .actorRole, .papersMissing, .unknownPaper, .applicantDead, .noticeRunning, .noticeMissing, .noticeDaysUnset,
            .noticeDaysOutOfRange, .noticeBackdated, .objectionOpen, .objectionUpheld, .objectionClosed,
            .unknownObjection, .returnTarget, .reverificationYear, .exitReason, .paperFileMissing, .stepClosed,
            .stepLate, .paperTooEarly, .exitNotDead, .reverificationOpen, .applicationGranted:
            reason.applicationTexts ?? ("", "")
        case .incidentReported, .incidentAlike, .incidentBeforeFile, .guardianNamer, .guardianRelation, .guardianScope,
            .helperAlike, .helperUntold, .helperInSlot, .handoverToSelf, .successorInSlot, .helperIncomplete,
            .helperCompleted, .closedWithOpen, .deathUnrecorded, .payeeDeathUnrecorded,
            .adoptionUndated,
            .adoptedChildDied,
            .needsWithdrawn, .needsLeft:
            reason.recordTexts ?? ("", "")
        case .handOutClause, .handOutPeriod, .handOutEarly, .handOutTwice, .handOutWithoutRight, .handOutItems,
            .handOutReceiver, .handOutOffice:
            reason.handOutTexts ?? ("", "")
        case .mergeUnfinished, .handOutInMerged, .dueNetted, .duePartlyNetted, .dueElsewhere, .duePlaceMissing,
            .grantedInOtherFile, .earlierBatchDamaged, .functionsUnproven, .handOutAfterMerge, .correctionElsewhere,
            .toldInOtherFile:
            reason.otherFileTexts ?? ("", "")
        case .factOwner, .fileOwner, .factKept, .accountPayer, .planItemOwner, .institutionUnnamed:
            reason.rightsTexts ?? ("", "")
        case .dueNotKnown, .dueAwaitsDecision, .lineAwaitsDecision, .openMonthsLeft, .awaitsRegularBatch,
            .leftToRegularBatches, .letGoForBatchesToo:
            reason.dueTexts ?? ("", "")
        case .roleSex, .afterDeath, .membersLive, .archiveNumberTaken, .numberOfResidence, .numberOfCounty, .noName,
            .personTwice, .mayBeLaterChild, .deathInName, .spouseStays, .noRulesHere, .backAsKnown, .adoptedParent,
            .namesakeElsewhere, .namesakeWithoutReason, .bornBeforeOnlyChild:
            reason.memberTexts ?? ("", "")
        case .entryReversed, .unknownEntry, .entryRestedOn, .earlierReopened, .reversedAtReceiver, .reversedBySame,
            .unknownFund, .fundExists, .fundScope, .fundShort, .fundHistory, .receiptTwice, .unknownLoan, .loanExists,
            .loanNumber, .loanRunning, .notAMother, .loanAmount, .loanCeiling, .loanState, .loanReviewOrder,
            .loanReason, .loanGuarantee, .loanSchedule, .loanIncomplete, .repaidTooMuch, .writeOffNotProposed,
            .writeOffSumChanged, .repaidBeforeWriteOff, .bookedAsRecovery,
            .reportTooEarly, .reportVersion, .unknownPayer, .lenderTwice, .noRightToAid,
            .loanBeforeFile, .subsidyShare, .modeOfDistrict, .fundHistoryOverlaps, .loanOfClosedFile,
            .closedWithLoans:
            reason.lendingTexts ?? ("", "")
        case .unknownDuty, .dutyPeriod, .dutyPeriodAhead, .dutyReported, .unknownDutyReport, .dutyEvidence, .dutyPieces,
            .sameDepartment, .dueDayPast, .exchangeExists, .unknownExchange, .exchangeReceived, .exchangeDigest,
            .notAddressee, .beforeItsCause, .consultationExists, .unknownConsultation, .consultationAnswered,
            .consultationOpen, .surveyCounts, .surveyExists, .unknownSurvey, .sampleExists, .unknownSample,
            .unknownFigure, .figureValue, .figureExists, .reportReason, .dutyOwner,
            .statedByOthers, .unknownAddressee, .figureOwner, .figuresContradict, .dutyOfEvaluator, .reportOwner:
            reason.dutyTexts ?? ("", "")
        case .unknownAttachment: ("没有这个附件，或无权办理*", "no such attachment, or not for this key*")
        case .correctionTarget: ("要更正的记录不存在或不能更正*", "the event to correct does not exist or cannot be corrected*")
        case .correctionKind: ("更正内容须与原记录同类*", "a correction must be of the same kind as what it corrects*")
        case .nothingToDo: ("内容没有变化*", "nothing would change*")
        case .unknownDivision: ("区划代码不存在或当日未启用*", "no such division code, or not in use on that day*")
        case .retroactiveNotNamed:
            (
                "施行日早于制定日*，追溯适用须写明（transition: retroactive）",
                "the first day lies before it was enacted*; name it retroactive (transition: retroactive)"
            )
        case .unknownUnit, .noGuidance, .placesExhausted, .beyondGuidance, .grantReasonMissing, .grantStands,
            .grantGivenOtherwise,
            .grantPriorYear, .grantNeedsPlace, .grantNeedsApplication, .grantBeforeConfirmation, .grantBeforeRight,
            .unknownGrant, .grantReleased, .grantUnfinished,
            .grantConfirmed, .grantPaid, .grantElsewhere, .unknownProject, .unknownPart, .pointsOutOfRange,
            .evidenceMissing, .replacementReason, .negativeSum, .scoreMissing, .placesOpen, .unitAbove, .sumSetTwice,
            .advanceOfSelfFunded, .granteeDead:
            reason.unitTexts ?? ("", "")
        case .versionReplaced:
            (
                "这些日子已有发布的版本*，发布不能取代它；确要取代，用 rules adopt 并写明 --from、--transition",
                "a version is published for these days*; publishing cannot replace it: if that is meant, use rules adopt with "
                    + "--from and --transition"
            )
        case .packRejected: ("政策包未通过检查*", "the rule pack did not pass its checks*")
        }
    }
}

extension String {
    fileprivate func replacingPlaceholder(with text: String) -> String {
        guard let star = firstIndex(of: "*") else { return self }
        return String(self[..<star]) + text + String(self[index(after: star)...])
    }
}
