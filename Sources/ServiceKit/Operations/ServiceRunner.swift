import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

/// Starts a service, keeps it running until SIGTERM or SIGINT, stops it in order and says how it ended.
package enum ServiceRunner {
    /// Where a run writes, so that tests can look.
    package struct Output: Sendable {
        /// What was asked for: help and version.
        package let standardOutput: @Sendable (String) -> Void
        /// Logs and errors.
        package let standardError: @Sendable (String) -> Void

        package init(
            standardOutput: @escaping @Sendable (String) -> Void, standardError: @escaping @Sendable (String) -> Void
        ) {
            self.standardOutput = standardOutput
            self.standardError = standardError
        }
    }

    /// The whole of a service's `main`: never returns.
    package static func main(_ definition: ServiceDefinition) async -> Never {
        Crash.endsProcess()
        // Whatever a service writes may say something of a family: nobody else on the machine reads it.
        umask(0o077)
        // A peer that closes its end must show as an error of that write, not end the process.
        signal(SIGPIPE, SIG_IGN)
        // Likewise a file that may not grow any more: the write fails as on a full disk.
        signal(SIGXFSZ, SIG_IGN)
        OpenFileLimit.raise()
        let output = Output(
            standardOutput: { FileHandle.standardOutput.write(Data($0.utf8)) },
            standardError: StandardError.write)
        let code = await run(
            definition, arguments: Array(CommandLine.arguments.dropFirst()),
            environment: ProcessInfo.processInfo.environment, output: output)
        exit(code.rawValue)
    }

    /// Runs a service and answers with its exit code.
    /// - Parameters:
    ///   - arguments: without the program's name.
    ///   - environment: the process's variables.
    ///   - stopSignals: signals that mean a graceful stop; tests pass none and stop the service otherwise.
    ///   - onListening: called with the operations port.
    package static func run(
        _ definition: ServiceDefinition,
        arguments: [String],
        environment: [String: String],
        output: Output,
        stopSignals: [UnixSignal] = [.sigterm, .sigint],
        onListening: @escaping @Sendable (Int) -> Void = { _ in }
    ) async -> ExitCode {
        var language = Language.choose(environment: environment)
        do {
            let declared = CommonSettings.all + definition.settings
            let flags = try FlagReader(
                arguments, declared: declared, extra: ["--config", "--lang"], service: definition.name)
            language = Language.choose(flag: flags.values["--lang"], environment: environment)
            if flags.wantsHelp {
                output.standardOutput(
                    HelpText.render(
                        service: definition.name, summary: definition.summary, settings: declared, language: language))
                return .success
            }
            if flags.wantsVersion {
                output.standardOutput("\(definition.name) \(BuildInfo.version)\n")
                return .success
            }
            let settings = try await ServiceSettings.load(
                declared: declared, service: definition.name,
                sections: CommonSettings.sections.subtracting([definition.name]), flags: flags.values,
                environment: environment, path: flags.values["--config"] ?? environment["GUANHUAI_CONFIG"])
            try await serve(definition, settings, language, output, stopSignals, onListening)
            return .success
        } catch {
            return report(error, service: definition.name, language: language, output: output)
        }
    }

    private static func serve(
        _ definition: ServiceDefinition,
        _ settings: ServiceSettings,
        _ language: Language,
        _ output: Output,
        _ stopSignals: [UnixSignal],
        _ onListening: @escaping @Sendable (Int) -> Void
    ) async throws {
        let logger = Logger(label: definition.name) { label in
            ServiceLogHandler(
                label: label, format: settings[CommonSettings.logFormat],
                level: settings[CommonSettings.logLevel].level, now: SystemTime.microseconds,
                write: output.standardError)
        }
        logger.info(
            "starting",
            metadata: [
                LogKey.version: "\(BuildInfo.version)",
                "open_files": "\(OpenFileLimit.present.map { "\($0.soft)" } ?? "unknown")",
                LogKey.settings: "\(settings.summary(in: .english))",
            ])
        let metrics = MetricsRegistry()
        ProcessMetrics.register(in: metrics, service: definition.name)
        let readiness = Readiness(parts: definition.parts)
        let ops = try OpsServer(
            host: settings[CommonSettings.opsHost], port: settings[CommonSettings.opsPort], readiness: readiness,
            metrics: metrics, logger: logger
        ) { port in
            // The last port that is opened.
            Crash.keepsNoFiles()
            onListening(port)
        }
        let context = ServiceContext(
            name: definition.name, settings: settings, logger: logger, metrics: metrics, readiness: readiness,
            language: language)
        let parts = try await definition.build(context)
        // Started first and stopped last, so that operators see a service that is starting or stopping.
        var services = ([ops] + parts).map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) }
        if settings[CommonSettings.stopWithInput] {
            services.append(.init(service: InputWatch(), successTerminationBehavior: .gracefullyShutdownGroup))
        }
        var configuration = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: stopSignals, logger: logger)
        configuration.maximumGracefulShutdownDuration = settings[CommonSettings.stopTimeout]
        try await ServiceGroup(configuration: configuration).run()
        logger.info("stopped")
    }

    private static func report(
        _ error: any Error, service: String, language: Language, output: Output
    ) -> ExitCode {
        guard let known = error as? any UserFacingError else {
            let message = UserMessage(
                6030,
                UserText(zh: "\(service) 因内部错误停止：\(error)", en: "\(service) stopped by an internal error: \(error)"),
                advice: UserText(zh: "请把这一行和日志交给维护人员", en: "give this line and the log to the maintainers"))
            output.standardError(Redactor.redact(message.line(in: language)) + "\n")
            return .internalError
        }
        output.standardError(Redactor.redact(known.message.line(in: language)) + "\n")
        return known.exitCode
    }
}
