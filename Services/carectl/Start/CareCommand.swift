import ArgumentParser

/// A command that works at a desk: whatever it throws is explained to the person and becomes the exit status.
protocol CareCommand: AsyncParsableCommand {
    var common: CommonOptions { get }

    /// Does the work; results go to the desk's standard output.
    /// - Throws: anything; `Failure` knows how to show itself.
    func perform(_ desk: Desk) async throws
}

extension CareCommand {
    mutating func run() async throws {
        let desk = Desk(common)
        let status: Exit
        do {
            try await perform(desk)
            status = desk.status
        } catch {
            let failure = Failure(explaining: error)
            desk.say(failure.line(in: desk.language))
            status = failure.exit
        }
        await desk.close()
        if status != .success { throw ArgumentParser.ExitCode(status.rawValue) }
    }
}
