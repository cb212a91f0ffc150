extension Refusal.Reason {
    /// What to say of duties, lists, consultations, surveys and samples; nil for reasons that have nothing to do with
    /// them. The star is the detail.
    var dutyTexts: (chinese: String, english: String)? {
        switch self {
        case .unknownDuty:
            (
                "已发布的政策包在本区划没有这一条*，各条见 carectl duty list",
                "no published pack for this division has the clause*; see carectl duty list"
            )
        case .dutyPeriod: ("这项职责没有这一期*，各期见 carectl duty list", "the duty has no such period*; see carectl duty list")
        case .dutyPeriodAhead: ("这一期还没有开始*，开始后再报", "the period has not begun*; report it then")
        case .dutyReported: ("这一期已报完成*，有误请更正", "it was reported as done already*; correct it if it is wrong")
        case .unknownDutyReport: ("没有这份履责报告*，或已撤回", "no such report*, or it was withdrawn")
        case .dutyEvidence: ("请附凭据：附件、件数或文书编号*", "add the proof: files, a count or a paper*")
        case .dutyPieces:
            ("照片张数不合要求*，补齐或减少后再报；文字材料不算照片", "the clause asks for another number of photos*; texts are none")
        case .sameDepartment: ("不能发给本部门*，请写对方部门", "it cannot go to one's own department*; name another")
        case .dueDayPast: ("期限早于发出之日*，请改期限", "the due day lies before it is sent*; give a later one")
        case .exchangeExists:
            ("这一期名单已移送*，重发须写明替换哪一份和原因", "the list of the period was sent*; say which it replaces, and why")
        case .unknownExchange: ("没有这份名单*，或已被替换", "no such list*, or another took its place")
        case .exchangeReceived: ("这份名单已签收*", "the receipt was confirmed already*")
        case .exchangeDigest: ("收到的文件与所送不符*，不予签收，请联系移送部门", "the file is not the one that was sent*; ask the sender")
        case .notAddressee: ("应由对方部门办理*", "another department has to do it*")
        case .beforeItsCause: ("早于发出之日*", "before the day it was sent*")
        case .consultationExists: ("这个项目已征询过*", "the project was asked about already*")
        case .unknownConsultation: ("没有这次征询*", "no such consultation*")
        case .consultationAnswered: ("这次征询已答复*", "it was answered already*")
        case .consultationOpen: ("尚未答复*，项目不能安排", "there is no answer yet*; the project cannot be arranged")
        case .surveyCounts:
            ("调查人数不对*：发出 ≥ 收回 ≥ 肯定，发出至少 1", "the counts are wrong*: asked ≥ answered ≥ positive, one asked")
        case .surveyExists:
            ("这一期结果已登记*，更正须写明替换哪一份和原因", "the result stands already*; say which it replaces, and why")
        case .unknownSurvey: ("没有可替换的调查结果*", "no such result to replace*")
        case .sampleExists:
            ("这一期已抽样*，重抽须写明替换哪一份和原因", "a sample was drawn already*; say which it replaces, and why")
        case .unknownSample: ("没有这次抽样*", "no such sample*")
        case .unknownFigure:
            ("已发布的政策包在本区划没有这项指标数据*，或没有可替换的", "no published pack here reads this figure*, or none to replace")
        case .figureValue:
            ("指标数据的值不对*，形式和范围见 carectl rules facts", "the value does not fit the figure*; see carectl rules facts")
        case .figureOwner:
            (
                "这项指标数据不由您的部门登记*，请由主管部门、其上级或卫生健康（人口计生）部门登记",
                "the figure is not your department's to state*; that one, the one above, or the family-planning authority does"
            )
        case .figuresContradict:
            (
                "数字矛盾*，部分不能大于总数；核对后先更正错的那一个，再登记这一个",
                "the figures contradict one another*, a part is not more than its whole; put the wrong one right first"
            )
        case .figureExists:
            ("这一期的数已登记*，更正须写明替换哪一个和原因", "the figure of the period stands*; say which it replaces, and why")
        case .dutyOwner:
            (
                "这项职责由主管部门报告、更正和撤回*，请用该部门、其上级或卫生健康（人口计生）部门的密钥",
                "the duty is reported, corrected and withdrawn by its own department*; use a key of it, of the one above, "
                    + "or of the family-planning authority"
            )
        case .dutyOfEvaluator:
            ("评估由上一级做，被评估的单位不能报完成*", "the level above evaluates; the unit does not report its own evaluation as done*")
        case .reportOwner:
            (
                "这份报表由主管部门上报*，请用该部门、其上级或卫生健康（人口计生）部门的密钥",
                "the report is sent by its own department*; use a key of it, of the one above, "
                    + "or of the family-planning authority"
            )
        case .unknownAddressee: ("没有这个部门*", "there is no such department*")
        case .statedByOthers:
            (
                "这是别的部门登记的*，由该部门、其上级或卫生健康（人口计生）部门更正",
                "another department stated it*; that one, the one above, or the family-planning authority puts it right"
            )
        case .reportReason: ("与上一版不同，重报须写明原因*", "it differs from the version before: say why*")
        default: nil
        }
    }
}
