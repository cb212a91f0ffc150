extension Refusal.Reason {
    /// What to say of an application; nil for reasons that have nothing to do with one. The star stands for the detail.
    var applicationTexts: (chinese: String, english: String)? {
        switch self {
        case .noWorkflow:
            (
                "已发布的政策包没有写这一条怎样申报*，请核对条款；没有办理程序的待遇不必申报",
                "no published pack says how to apply for this clause*; check it: what has no workflow needs no application"
            )
        case .foreignClause:
            (
                "这一条属于别处的政策包，不适用于该户所在地*",
                "the clause is of another place's pack; it does not apply where the family belongs*"
            )
        case .applicationOpen:
            ("这一条、这一对象已有在办或有效的申报*，不能再报一件", "an application about the same is open*; there cannot be a second one")
        case .unknownApplication:
            ("该户没有这件申报*，编号见 carectl apply show", "the household has no such application*; see carectl apply show")
        case .applicationState: ("申报在当前状态或当前步骤不能这样办*", "the application's state or step does not allow it*")
        case .applicationMoved: ("申报已不在这一步*，请刷新后再办", "the application is at another step now*; look again")
        case .actorLevel: ("这一步须由负责该级的人办理*", "this step needs somebody responsible for that level*")
        case .actorLevelOwn:
            ("层层审核，这一级须由本级的人办理*，上级、下级都不能代办", "each level does its own: this takes somebody of the level*")
        case .reviewedBefore:
            ("同一人已在另一级审核过*，各级须由不同的人审核", "the same person reviewed at another level*; levels need different people")
        case .actorRole: ("这一步须由规定岗位的人办理*", "this step needs another role*")
        case .papersMissing: ("材料不全，还缺*，请一次补齐", "papers are missing*; bring them all at once")
        case .unknownPaper:
            (
                "办理程序里没有这种材料*，请用列出的代码；没有列出的不必交",
                "the workflow asks for no such paper*; use one of the codes listed, or none"
            )
        case .paperFileMissing:
            (
                "这些材料须附扫描件或照片*：写成 --paper 代码=文件",
                "a scan or photo of these papers has to be attached*: --paper CODE=FILE"
            )
        case .applicantDead:
            (
                "申报对象已登记死亡*，不能申报或确认；在办的请退出或不予通过",
                "the beneficiary is recorded as dead*; nothing can be applied for or confirmed"
            )
        case .noticeRunning: ("公示期未满*，期满次日起再往下办", "the period of the public notice is not over*; go on the day after")
        case .noticeMissing:
            (
                "尚未公示*，先用 carectl apply notice 公示，期满次日起再往下办",
                "there was no public notice yet*; open it first with carectl apply notice, and go on when it is over"
            )
        case .noticeDaysUnset:
            (
                "没有规定公示天数*，请设定参数或在公示时写明",
                "nobody set how long the notice lasts*; set the parameter or say it"
            )
        case .noticeDaysOutOfRange: ("公示天数不对*，应为 1 至 365 天", "the notice may not last so many days*; 1 to 365")
        case .noticeBackdated:
            (
                "公示日不能倒填*，需要历史导入权限",
                "a notice cannot be opened on an earlier day*; it needs import-history"
            )
        case .objectionOpen:
            (
                "有异议尚未核查*，先用 carectl apply answer 写明结果",
                "an objection is not decided yet*; decide it first: carectl apply answer"
            )
        case .objectionUpheld: ("异议成立*，请退回或不予通过", "an objection was upheld*; return or reject the application")
        case .objectionClosed:
            (
                "当前不在公示中，不能提出异议*；已确认的请走年审退出",
                "nothing is on public notice*; what is confirmed can only exit"
            )
        case .unknownObjection:
            ("没有这条待核查的异议*，编号见 carectl apply show", "no such objection waits for a decision*; see carectl apply show")
        case .returnTarget:
            (
                "不能退回到这一步*，只能退回到前面的步骤（公示除外）",
                "it cannot be returned to that step*; only to an earlier one that is no notice"
            )
        case .reverificationYear: ("这一年度不能年审，或已审过*", "nothing is to be looked at again for that year, or it was*")
        case .paperTooEarly:
            (
                "公示结束前还没有这份材料*，公示期满往下办时再交",
                "this paper does not exist before the notice is over*; hand it in when the notice is passed on"
            )
        case .stepClosed:
            ("这一步不在开放时间内*，不能办理；请在开放时间内办理", "the step is not open on that day*; do it while it is open")
        case .stepLate: ("已过这一步的期限*，记为逾期办理", "the step was due earlier*; it is recorded as late")
        case .exitNotDead:
            (
                "档案里没有当日或以前的死亡记录，不能以死亡退出*，请先登记死亡（名册或命令文件，carectl case import），或改用其他退出原因",
                "no death on or before that day is on file*; record it first, or name another reason for leaving"
            )
        case .reverificationOpen:
            (
                "以前的年度还没有年审*，先逐年审完（--year），或从那一年退出",
                "an earlier year was not looked at yet*; look at the years in order (--year), or let it end in that year"
            )
        case .applicationGranted:
            (
                "这件申报已有资助*，不能撤回；先取消资助（carectl grant release）",
                "something was granted on the application*; take that back first (carectl grant release)"
            )
        case .exitReason: ("退出原因须是规定的代码*", "the reason for leaving must be one of the codes*")
        default: nil
        }
    }
}
