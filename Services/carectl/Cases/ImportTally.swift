import CareDomain
import ServiceKit

/// What became of an import so far.
struct ImportTally: Equatable {
    /// Households registered.
    var new = 0
    /// Other commands recorded.
    var changed = 0
    /// Families that differ from the archive and were left as they are, because nobody said what the difference means.
    var differing = 0
    /// Families or rows that say what the archive says already; nothing was sent.
    var unchanged = 0
    /// Commands that had been recorded before.
    var repeated = 0
    /// Commands that intake keeps until care-archive can be reached again.
    var queued = 0
    /// Lines of which a preview cannot tell what becomes of them: they rest on earlier lines that are not recorded yet.
    var unjudged = 0
    /// Lines, rows or families that were not accepted.
    var refused = 0

    /// Commands answered.
    var answered: Int { new + changed + repeated + queued }

    /// Counts an accepted command.
    mutating func count(_ command: HouseholdCommand, isRepeated: Bool) {
        if isRepeated {
            repeated += 1
        } else if case .registerHousehold = command.action, command.correction == nil {
            new += 1
        } else {
            changed += 1
        }
    }

    /// One line for the person.
    var text: UserText {
        let left =
            differing == 0
            ? UserText.plain("") : UserText(zh: "不同而未改 \(differing)，", en: "different and left alone \(differing), ")
        return UserText(zh: "新建档 \(new)，变更 \(changed)，", en: "new \(new), changed \(changed), ") + left
            + UserText(
                zh: "未变 \(unchanged)，此前已登记 \(repeated)，退回 \(refused)",
                en: "unchanged \(unchanged), recorded before \(repeated), refused \(refused)")
            + (unjudged == 0 ? .plain("") : Self.open(unjudged)) + (queued == 0 ? .plain("") : Self.kept(queued))
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
            ("new", .int(Int64(new))), ("changed", .int(Int64(changed))), ("differing", .int(Int64(differing))),
            ("unchanged", .int(Int64(unchanged))),
            ("repeated", .int(Int64(repeated))), ("queued", .int(Int64(queued))), ("unjudged", .int(Int64(unjudged))),
            ("refused", .int(Int64(refused))),
        ])
    }
}
