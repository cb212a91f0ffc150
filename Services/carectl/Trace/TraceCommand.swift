import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import EventLog
import ServiceKit

/// `carectl trace`
struct Trace: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace", abstract: "Print what led to what: a command, its events, what services made of them.",
        discussion: """
            ID is a household (or the beginning of its id), a command's or event's id,
            #POSITION, STREAM/SEQUENCE or a stream. Of a command or event the tree begins
            with its first cause and marks what was asked with ◀.

            The log has no index of causes. Read are the household's stream, the other
            households that its events name, and (keys that operate) reservations of
            persons within 1,000 positions of the command; at most 20,000 events of a
            stream and 24 further streams. What is cut off is said. Payment batches are
            named as causes; carectl pay show shows them. An id that is neither a household
            nor the command that registered one is looked for by walking the log as far as
            your key may see it.

              carectl trace 0q3cd1t5
              carectl trace '#1200'
              carectl trace household-0q3cd1t5bk81n9y6vzj2a4wm7e/12 --json
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Household, command id, event id, #position, STREAM/SEQUENCE or stream.")
    var id: String

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let target = try TraceTarget(id)
        var reader = TraceReader(try await desk.line(to: .careArchive))
        guard let focus = try await begin(target, &reader, desk) else { throw notFound }
        try await reader.readRelated()
        try await reader.readReservations()
        let nodes = CauseTree(reader.events).answer(focus)
        guard !nodes.isEmpty else { throw notFound }
        if json {
            let document = JSON.object([
                ("asked", .string(id)), ("trees", .array(nodes.map(\.json))),
                ("streams", .array(reader.streams.sorted().map { .string($0) })),
                ("left_out", .array(reader.cuts.map { .string($0[desk.language]) })),
            ])
            desk.print(document.text(indented: true))
        } else {
            desk.write(nodes.map { $0.text(in: desk.language) }.joined(separator: "\n"))
        }
        for cut in reader.cuts { desk.say(cut) }
    }

    /// Reads the streams in which the answer lies.
    /// - Returns: what the tree is to be asked; nil when nothing was found.
    private func begin(
        _ target: TraceTarget, _ reader: inout TraceReader, _ desk: Desk
    ) async throws -> CauseTree.Focus? {
        switch target {
        case .household(let beginning):
            let archive = try await desk.line(to: .careArchive)
            let stream = try StreamNames.typed(try await archive.household(beginning, on: desk.today).description)
            return try await reader.read(stream) ? .streams([stream.text]) : nil
        case .stream(let stream):
            return try await reader.read(stream) ? .streams([stream.text]) : nil
        case .event(let stream, let sequence):
            return try await reader.read(stream) ? .event(stream: stream.text, sequence: sequence) : nil
        case .position(let position):
            guard let event = try await reader.event(at: position) else { return nil }
            try await reader.read(StreamName(event.stream))
            return .event(stream: event.stream, sequence: event.sequence)
        case .id(let id):
            return try await begin(id, &reader, desk)
        }
    }

    /// Sixteen bytes may be a household, the command that registered one, or any command or event.
    private func begin(
        _ id: Identifier128, _ reader: inout TraceReader, _ desk: Desk
    ) async throws -> CauseTree.Focus? {
        let own = try StreamNames.typed(id.description)
        if try await reader.read(own) { return .streams([own.text]) }
        let registered = try StreamNames.typed(HouseholdID.derived(from: CommandID(id)).description)
        if try await reader.read(registered), reader.events.contains(where: { $0.command == id }) {
            return .command(id)
        }
        desk.mention(
            UserText(zh: "正在日志中查找 \(id)", en: "looking for \(id) in the log"))
        let found = try await reader.search(id)
        guard !found.isEmpty else { return nil }
        for event in found.prefix(TraceReader.relatedStreams) { try await reader.read(StreamName(event.stream)) }
        if let event = found.first(where: { $0.eventID == id && $0.command != id }) {
            return .event(stream: event.stream, sequence: event.sequence)
        }
        return .command(id)
    }

    private var notFound: Failure {
        Failure(
            6276, UserText(zh: "没有找到 \(id)，或此密钥看不到", en: "\(id) was not found, or your key may not see it"),
            advice: UserText(
                zh: "用 carectl household find 或 carectl log view 查找",
                en: "look for it with carectl household find or carectl log view"), exit: .problemsFound)
    }
}
