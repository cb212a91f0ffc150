import ArgumentParser
import Foundation
import ServiceKit

/// The tool of clerks and operators: one client of the bus like any other, without decisions of its own.
@main
struct Carectl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "carectl",
        abstract: "Work with the care record: import, ask, follow, operate.",
        discussion: """
            Answers go to standard output, everything said about them to standard error, Chinese unless --lang en.
            Exit status: 0 done; 1 ran and found problems; 2 conflict, look again;
            3 done, damaged families kept as they are; 64 usage; 65 bad input data;
            69 service unreachable; 75 try again later; 77 not permitted; 130 interrupted.
            """,
        version: BuildInfo.version,
        subcommands: [
            HouseholdCommands.self, PairingCommands.self, CaseCommands.self, IncidentCommands.self,
            GuardianCommands.self, PlanCommands.self, ApplyCommands.self, PayCommands.self,
            QuotaCommands.self, GrantCommands.self, SettleCommands.self,
            FundCommands.self, LoanCommands.self, AidCommands.self,
            DutyCommands.self, ExchangeCommands.self, ConsultCommands.self, SurveyCommands.self, SampleCommands.self,
            AttachmentCommands.self,
            AuditCommands.self, VisitCommands.self, HandOutCommands.self, ReportCommands.self,
            Synthesize.self,
            LogCommands.self, Trace.self,
            SubscriberCommands.self, ProjectionCommands.self, NoticeCommands.self, RuleCommands.self,
            BusCommands.self, IntakeCommands.self, BackupCommands.self, DrillCommands.self, Ready.self, Version.self,
        ])

    @OptionGroup var common: CommonOptions

    /// Carries out what was typed; what cannot be carried out is said in the person's words (`UsageRefusal`).
    static func main() async {
        Crash.endsProcess()
        do {
            var command = try parseAsRoot()
            if var waiting = command as? any AsyncParsableCommand {
                try await waiting.run()
            } else {
                try command.run()
            }
        } catch {
            // A command that has spoken already ends with its status only.
            guard !(error is ArgumentParser.ExitCode), exitCode(for: error) == .validationFailure else {
                exit(withError: error)
            }
            let refusal = UsageRefusal(message: message(for: error), fullText: fullMessage(for: error))
            StandardError.write(refusal.text(in: language(of: Array(CommandLine.arguments.dropFirst()))) + "\n")
            exit(withError: ArgumentParser.ExitCode(Exit.usage.rawValue))
        }
    }

    /// The language asked for by arguments that could not be read as a whole.
    private static func language(of arguments: [String]) -> Language {
        var flag: String?
        for (index, word) in arguments.enumerated() {
            if word == "--lang", index + 1 < arguments.count { flag = arguments[index + 1] }
            if word.hasPrefix("--lang=") { flag = String(word.dropFirst("--lang=".count)) }
        }
        return Language.choose(flag: flag, environment: ProcessInfo.processInfo.environment)
    }
}

/// `carectl version`
struct Version: CareCommand {
    static let configuration = CommandConfiguration(abstract: "Print the version of this program.")

    @OptionGroup var common: CommonOptions

    func perform(_ desk: Desk) async throws {
        desk.print("carectl \(BuildInfo.version)")
    }
}
