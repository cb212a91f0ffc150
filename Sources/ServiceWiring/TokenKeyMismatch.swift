import CareWire
import ServiceKit

/// The key for person tokens is not the one that the log rests on; the service does not run with it.
package struct TokenKeyMismatch: UserFacingError {
    private let problem: TokenKeyProblem
    private let path: String

    /// - Parameter path: The key file.
    package init(_ problem: TokenKeyProblem, path: String) {
        self.problem = problem
        self.path = path
    }

    package var message: UserMessage {
        UserMessage(
            Int(problem.code.drop { !$0.isNumber }) ?? 0, UserText(zh: problem.chinese, en: problem.english),
            advice: UserText(
                zh: "把原来的那一把放回 \(path)（backup create --with-keys 的备份里有，别的受理机上也有），再启动",
                en: "put the key that was there before back to \(path) (a backup made --with-keys has it, and so has "
                    + "every other intake), then start again"))
    }

    package var exitCode: ExitCode { .badData }
    package var isRetriable: Bool { false }
}
