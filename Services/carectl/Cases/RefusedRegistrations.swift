import CareDomain
import CaseImport
import ServiceKit

/// Registrations of a file of commands that were refused: whatever a later line says of such a family is refused for want of
/// a file, and what helps is to put the registration right.
struct RefusedRegistrations {
    /// Line of the registration, by the household that it would have made.
    private var lines: [HouseholdID: Int] = [:]

    /// Takes the refusal of a line.
    /// - Returns: The same, of a line that rests on a refused registration with which one that is.
    mutating func explain(_ failure: Failure, of draft: CommandDraft) -> Failure {
        let household = draft.command.household
        if case .registerHousehold = draft.command.action, draft.command.correction == nil {
            lines[household] = draft.line
            return failure
        }
        guard failure.code == MessageCode(Refusal.Reason.householdNotFound.rawValue).description,
            let line = lines[household]
        else { return failure }
        var failure = failure
        failure.text = UserText(
            zh: "这一户的建档（第 \(line) 行）被退回，还没有档案",
            en: "the family's registration (line \(line)) was refused: there is no file yet")
        failure.advice = UserText(
            zh: "把第 \(line) 行改好，两行一起再导入", en: "put line \(line) right and import both again")
        return failure
    }
}
