import ArchiveClient

/// One command on its way that is about a stream of its own: it says what it needs and is told the answers. Pure.
protocol CommandRun {
    /// What only one command at a time may be about.
    associatedtype Subject: Hashable
    /// What a call is about; the run is told together with the answer.
    associatedtype Asked
    /// What the run waits for.
    associatedtype Need

    var subject: Subject { get }
    /// Who waits for the result.
    var token: RequestToken { get }

    /// What it needs first.
    func start() -> [Need]

    /// What is to be done for something it needs; a question goes out under the call's id.
    func step(for need: Need, _ call: CallID) -> RunStep<Asked>

    /// What it needs now that no answer will come to a call; nil when it cannot go on and ends with the failure.
    mutating func goOn(after failure: FlowFailure, _ asked: Asked) -> [Need]?
}

extension CommandRun {
    mutating func goOn(after failure: FlowFailure, _ asked: Asked) -> [Need]? { nil }
}

/// What follows from something that a run needs.
enum RunStep<Asked> {
    case ask(IntakeAction, about: Asked)
    case end(CommandResult)
}
