import CareDomain
import ServiceKit

/// What became of an import so far: of the families of a roster, the forms of a visit file, the lines of a command file.
/// Each is counted once.
struct ImportTally: Equatable {
    /// Registered.
    var new = 0
    /// Recorded in households that were there.
    var changed = 0
    /// Commands that those made which count as changed.
    var entries = 0
    /// Different from the archive and left as they are, because nobody said what the difference means.
    var differing = 0
    /// Those that say what the archive says already; nothing was sent.
    var unchanged = 0
    /// Of which everything had been recorded before.
    var repeated = 0
    /// Kept by intake, in part at least, until care-archive can be reached again.
    var queued = 0
    /// Of which a preview cannot tell what becomes of them: they rest on earlier lines that are not recorded yet.
    var unjudged = 0
    /// Those that were not accepted.
    var refused = 0
    /// Those with cells that this key may not see on record, which were neither compared nor sent; counted above as well.
    var uncompared = 0

    /// Lines answered.
    var answered: Int { new + changed + repeated + queued }

    /// Counts an accepted line.
    mutating func count(_ command: HouseholdCommand, isRepeated: Bool) {
        if isRepeated {
            repeated += 1
        } else if command.isRegistration {
            new += 1
        } else {
            changed += 1
            entries += 1
        }
    }

    /// Counts a family or form by what became of its commands.
    mutating func count(_ answers: CommandAnswers) {
        if answers.refused > 0 {
            refused += 1
        } else if answers.unjudged > 0 {
            unjudged += 1
        } else if answers.queued > 0 {
            queued += 1
        } else if answers.registered > 0 {
            new += 1
        } else if answers.recorded > 0 {
            changed += 1
            entries += answers.recorded
        } else if answers.repeated > 0 {
            repeated += 1
        } else if answers.same > 0 {
            unchanged += 1
        }
    }

    /// One line for the person.
    var text: UserText {
        let left =
            differing == 0
            ? UserText.plain("") : UserText(zh: "不同而未改 \(differing)，", en: "different and left alone \(differing), ")
        let several =
            entries == changed ? UserText.plain("") : UserText(zh: "（\(entries) 条）", en: " (\(entries) entries)")
        return UserText(zh: "新建档 \(new)，变更 \(changed)", en: "new \(new), changed \(changed)") + several
            + UserText(zh: "，", en: ", ") + left
            + UserText(
                zh: "未变 \(unchanged)，此前已登记 \(repeated)，退回 \(refused)",
                en: "unchanged \(unchanged), recorded before \(repeated), refused \(refused)")
            + (uncompared == 0 ? .plain("") : Self.unseen(uncompared))
            + (unjudged == 0 ? .plain("") : Self.open(unjudged)) + (queued == 0 ? .plain("") : Self.kept(queued))
    }

    private static func unseen(_ uncompared: Int) -> UserText {
        UserText(
            zh: "；其中 \(uncompared) 户有无权查看的栏目，未能比对", en: "; in \(uncompared) of them some cells could not be compared")
    }

    private static func open(_ unjudged: Int) -> UserText {
        UserText(
            zh: "，未能预判 \(unjudged)（依赖本文件前面尚未登记的内容，要到正式导入时才知道）",
            en: ", not judged \(unjudged) (they rest on earlier lines of this file; only the run will tell)")
    }

    private static func kept(_ queued: Int) -> UserText {
        UserText(
            zh: "，暂存 \(queued)。档案服务连不上：暂存的在受理服务本机，线路恢复后自动登记；引用它们的未能送出，届时请再导入同一文件，"
                + "不会重复登记",
            en:
                ", kept \(queued). care-archive cannot be reached: what is kept is on intake's own disk and is recorded when the "
                + "line is back; what refers to it was not sent, import the same file again then, nothing is recorded twice"
        )
    }

    /// One JSON object.
    var json: JSON {
        .object([
            ("new", .int(Int64(new))), ("changed", .int(Int64(changed))), ("entries", .int(Int64(entries))),
            ("differing", .int(Int64(differing))),
            ("unchanged", .int(Int64(unchanged))),
            ("repeated", .int(Int64(repeated))), ("queued", .int(Int64(queued))), ("unjudged", .int(Int64(unjudged))),
            ("refused", .int(Int64(refused))), ("uncompared", .int(Int64(uncompared))),
        ])
    }
}

/// What became of the commands of one family or form.
struct CommandAnswers: Equatable {
    /// Registrations recorded.
    var registered = 0
    /// Commands recorded, registrations among them.
    var recorded = 0
    var repeated = 0
    var queued = 0
    var unjudged = 0
    var refused = 0
    /// Words that nobody is shown, and that were those on record.
    var same = 0

    mutating func count(_ command: HouseholdCommand, isRepeated: Bool) {
        guard !isRepeated else { return repeated += 1 }
        recorded += 1
        if command.isRegistration { registered += 1 }
    }
}

extension HouseholdCommand {
    /// Whether it opens a file.
    var isRegistration: Bool {
        if case .registerHousehold = action, correction == nil { true } else { false }
    }
}
