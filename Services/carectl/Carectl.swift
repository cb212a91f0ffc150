import ArgumentParser
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
            HouseholdCommands.self, PairingCommands.self, CaseCommands.self, ApplyCommands.self, PayCommands.self,
            QuotaCommands.self, GrantCommands.self, SettleCommands.self,
            FundCommands.self, LoanCommands.self, AidCommands.self,
            DutyCommands.self, ExchangeCommands.self, ConsultCommands.self, SurveyCommands.self, SampleCommands.self,
            AttachmentCommands.self,
            AuditCommands.self, VisitCommands.self, ReportCommands.self,
            Synthesize.self,
            LogCommands.self, Trace.self,
            SubscriberCommands.self, ProjectionCommands.self, NoticeCommands.self, RuleCommands.self,
            BusCommands.self, IntakeCommands.self, BackupCommands.self, DrillCommands.self, Ready.self, Version.self,
        ])

    @OptionGroup var common: CommonOptions
}

/// `carectl version`
struct Version: CareCommand {
    static let configuration = CommandConfiguration(abstract: "Print the version of this program.")

    @OptionGroup var common: CommonOptions

    func perform(_ desk: Desk) async throws {
        desk.print("carectl \(BuildInfo.version)")
    }
}
