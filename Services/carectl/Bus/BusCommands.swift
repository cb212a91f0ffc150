import ArgumentParser
import MessageBus
import OfficeFiles
import ServiceKit

/// `carectl bus`
struct BusCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bus", abstract: "Keys and reachability of the services.",
        subcommands: [KeyCommands.self, BusPing.self])
}

/// `carectl bus ping`
struct BusPing: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "ping", abstract: "Ask each service for a sign of life and print the round-trip time.")

    @OptionGroup var common: CommonOptions

    @Option(help: "How many times.")
    var count = 1

    func perform(_ desk: Desk) async throws {
        var table = TextTable([
            .init(desk.word("服务", "service")), .init(desk.word("地址", "endpoint")),
            .init(desk.word("往返", "round trip"), .right), .init(desk.word("答复", "answer")),
        ])
        for service in CareService.allCases {
            let line = try await desk.line(to: service)
            do throws(any Error) {
                var best = Duration.seconds(3600)
                for _ in 0..<max(1, count) { best = min(best, try await line.ping(timeout: .seconds(3))) }
                table.append([service.rawValue, line.endpoint, Self.text(best), desk.word("正常", "ok")])
            } catch {
                let failure = Failure(explaining: error)
                desk.status = failure.exit
                table.append([service.rawValue, line.endpoint, "", failure.line(in: desk.language)])
            }
        }
        desk.show(table)
    }

    private static func text(_ duration: Duration) -> String {
        let microseconds = Int64(duration / .microseconds(1))
        return "\(microseconds / 1000).\(String(microseconds % 1000 + 1000).dropFirst()) ms"
    }
}
