import ServiceKit

/// 登记时的提示: what intake remarks about lines that it recorded, such as what is still open in a file that is closed.
///
/// Of a correction all of it is told: what that leaves to be done elsewhere is nowhere else to be read. Of other lines the first
/// few are, and how many more there were; a file of an office's whole past would bury them otherwise.
struct LineNotes {
    private static let mostShown = 20
    private var shown = 0
    private var more = 0

    /// Tells what belongs to one line or row.
    /// - Parameter place: words for the line, at the beginning of each remark.
    mutating func tell(_ recorded: Recorded, isCorrection: Bool, at place: UserText, desk: Desk) {
        for warning in recorded.warnings {
            if !isCorrection {
                guard shown < Self.mostShown else {
                    more += 1
                    continue
                }
                shown += 1
            }
            desk.say(place + warning)
        }
    }

    /// Says how many were left out, when any were.
    func finish(_ desk: Desk) {
        guard more > 0 else { return }
        desk.say(
            UserText(
                zh: "另有 \(more) 处提示没有列出", en: "\(more) more notes are not listed"))
    }
}
