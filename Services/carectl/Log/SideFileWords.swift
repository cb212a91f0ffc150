import EventLogSQLite
import ServiceKit

/// What a damaged file beside the log costs, and what to do.
enum SideFileWords {
    /// - Parameter isSound: whether the events themselves were found sound: only then may a file be made anew from them.
    static func failure(_ flaw: SideFileFlaw, isSound: Bool) -> Failure {
        switch flaw.file {
        case .trail: trail(flaw, isSound)
        case .names: names(flaw, isSound)
        case .refusals: refusals(flaw)
        case .image:
            Failure(
                3115,
                UserText(
                    zh: "events.image（快速启动用的各流末端）坏了；事件一条不少",
                    en: "events.image, the saved ends of the streams for a quick start, is damaged; no event is lost"),
                advice: UserText(
                    zh: "不必做什么：下次启动会把日志从头读一遍，再写一份新的",
                    en: "nothing has to be done: the next start reads the whole log and writes another one"),
                exit: .problemsFound)
        }
    }

    private static func state(_ flaw: SideFileFlaw) -> UserText {
        switch flaw.kind {
        case .missing: UserText(zh: "不见了", en: "is missing")
        case .cut: UserText(zh: "被截短或没有写全", en: "was cut, or not written whole")
        case .damaged: UserText(zh: "坏了", en: "is damaged")
        case .foreign:
            UserText(
                zh: "与日志头所证明的不符：是别的日志的，或被改写过",
                en: "does not lead to what events.head vouches for: it is another log's, or was rewritten")
        }
    }

    private static func trail(_ flaw: SideFileFlaw, _ isSound: Bool) -> Failure {
        let first = flaw.first ?? 1
        return Failure(
            3112,
            UserText(zh: "events.trail（每条事件属于哪一户的对照）", en: "events.trail, which tells whose each event is, ")
                + state(flaw)
                + UserText(
                    zh: "：\(flaw.all) 条中 \(flaw.lost) 条用不了，从位置 \(first) 起。事件一条不少；"
                        + "只是这些位置的行若也损坏，可能说不出是哪一户，整份日志因此打不开",
                    en:
                        ": \(flaw.lost) of \(flaw.all) entries cannot be used, the first at position \(first). No event is "
                        + "lost; but if rows at these positions were damaged, too, nothing may tell which family's they are, "
                        + "and the whole log would stay shut"),
            advice: anew(isSound), exit: .problemsFound)
    }

    private static func names(_ flaw: SideFileFlaw, _ isSound: Bool) -> Failure {
        Failure(
            3113,
            UserText(zh: "events.names（各流的名称）", en: "events.names, the names of the streams, ") + state(flaw)
                + UserText(
                    zh: "：\(flaw.all) 个流中 \(flaw.lost) 个没有名称。事件一条不少；只是一户的行若全部丢失，说不出是哪一户",
                    en:
                        ": \(flaw.lost) of \(flaw.all) streams have no name there. No event is lost; but if all rows of one "
                        + "family were gone, nothing would tell which family it is"),
            advice: anew(isSound), exit: .problemsFound)
    }

    /// Both are made together: neither is written anew alone.
    private static func anew(_ isSound: Bool) -> UserText {
        isSound
            ? UserText(
                zh: "停下 care-archive，把 events.trail 和 events.names 都移到别处，再启动：会由完好的事件重新写出",
                en: "stop care-archive, move both events.trail and events.names elsewhere and start again: they are "
                    + "written anew from the events, which are sound")
            : UserText(
                zh: "事件也有损坏，先不要移动这些文件；按损坏处的提示处理，必要时从备份恢复",
                en:
                    "events are damaged, too: leave these files where they are, deal with the damage first, and restore a "
                    + "backup if need be")
    }

    private static func refusals(_ flaw: SideFileFlaw) -> Failure {
        let loss =
            flaw.lost == 0
            ? UserText(
                zh: "；其中没有丢失任何一条拒绝，事件一条不少",
                en: "; no refusal that was kept in it is lost, and no event is")
            : UserText(
                zh: "：\(flaw.all) 条拒绝中 \(flaw.lost) 条读不出。事件一条不少；只是 care-archive 重新启动后的十分钟里，"
                    + "其中若有更早的一次提交迟到，可能会被办理",
                en:
                    ": \(flaw.lost) of \(flaw.all) refusals cannot be read. No event is lost; but within ten minutes after "
                    + "care-archive was started anew, an earlier attempt at one of them that comes late may be carried out"
            )
        let torn = UserText(
            zh: "。断电时正在写的一条也显得像坏了，那一条还没有答复过谁",
            en: ". One that was being written when the power failed looks damaged, too; nobody had been told of it")
        return Failure(
            3114,
            UserText(zh: "events.refused（已答复拒绝的命令）", en: "events.refused, the commands that were refused, ")
                + state(flaw) + loss + torn,
            advice: UserText(
                zh: "要一份新的：停下 care-archive 至少十分钟，移走 events.refused，再启动",
                en:
                    "for a new one: stop care-archive for at least ten minutes, move events.refused away, and start again"
            ),
            exit: .problemsFound)
    }

    /// For programs.
    static func json(_ flaw: SideFileFlaw) -> JSON {
        .object([
            ("name", .string(flaw.file.rawValue)), ("state", .string(flaw.kind.rawValue)),
            ("first", flaw.first.map { .count($0) } ?? .null), ("lost", .count(flaw.lost)), ("of", .count(flaw.all)),
        ])
    }
}
