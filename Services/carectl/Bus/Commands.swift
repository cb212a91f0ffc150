import CareDomain
import CareWire
import MessageBus
import ServiceKit
import SwiftProtobuf

/// What intake said to a command.
struct Recorded: Sendable {
    let household: HouseholdID
    /// First and last sequence of its events.
    let sequences: ClosedRange<UInt64>
    let receipt: EncodedCursor
    let warnings: [UserText]
    /// When it was recorded, by the log.
    let recordedAt: Moment
    /// Whether it had been recorded before.
    var isRepeated: Bool
    /// Whether it was sent more than once: that it had been recorded before may be the first sending's work.
    var isResent = false

    /// What a rehearsal says: nothing is recorded, so there is no receipt.
    /// - Parameter remarks: What intake would remark.
    init(
        household: HouseholdID, sequences: ClosedRange<UInt64>, isRepeated: Bool, remarks: [UserText] = []
    ) {
        self.household = household
        self.sequences = sequences
        self.isRepeated = isRepeated
        receipt = .start
        recordedAt = Moment(microseconds: 0)
        warnings = remarks
    }

    /// - Parameter isResent: whether it was sent more than once.
    init(_ wire: Care_V1_CommandReply, isResent: Bool = false) {
        self.isResent = isResent
        recordedAt = Moment(microseconds: wire.recordedAt)
        household = HouseholdID(bytes: wire.household) ?? HouseholdID(Identifier128(high: 0, low: 0))
        sequences = wire.firstSequence...max(wire.firstSequence, wire.lastSequence)
        receipt = EncodedCursor(wire.receipt)
        warnings = wire.warnings.map { UserText(zh: "\($0.code) \($0.textZh)", en: "\($0.code) \($0.textEn)") }
        isRepeated = wire.alreadyRecorded
    }

    /// Tells the person what intake remarks about a command that it recorded.
    func tellRemarks(_ desk: Desk) {
        for remark in warnings { desk.say(UserText(zh: "请注意：", en: "note: ") + remark) }
    }
}

extension Line {
    /// Sends one encoded command, or only has it tried.
    /// - Parameters:
    ///   - id: the command's id, so that a repeat is recognised.
    ///   - refused: told each "not now" of intake while the command is tried again; nil = the person is told after a few
    ///     seconds what is waited for.
    /// - Throws: `Failure` when it is refused, `BusError` when there is no answer.
    func send(
        _ body: [UInt8], id: CommandID, method: BusMethod = .submitCommand, timeout: Duration = .seconds(30),
        refused: ((Failure) -> Void)? = nil
    ) async throws -> Recorded {
        let request = RequestID(id.value.bytes)
        let reply: BusReply
        var isResent = false
        if let refused {
            reply = try await callPatiently(method, body, id: request, timeout: timeout) { failure in
                isResent = true
                refused(failure)
            }
        } else {
            reply = try await callTelling(method, body, id: request, timeout: timeout)
        }
        guard reply.status == .ok else { throw Failure(reply) }
        guard let wire = try? Care_V1_CommandReply(serializedBytes: reply.body) else { throw Failure.badAnswer }
        return Recorded(wire, isResent: isResent || reply.isResent)
    }

    /// Sends one command and tells the person what came of it.
    func send(_ command: HouseholdCommand, desk: Desk) async throws {
        let recorded: Recorded
        do {
            recorded = try await send(try CommandCodec.encode(command), id: command.id)
        } catch let kept as Failure where kept.code == Failure.keptByIntake {
            desk.say(kept.text + Self.whatToDo(command))
            return desk.print("\(command.household) -")
        }
        recorded.tellRemarks(desk)
        let range = recorded.sequences
        let place = range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
        desk.say(
            recorded.isRepeated
                ? UserText(zh: "此前已登记", en: "recorded before")
                : UserText(zh: "已登记，已落盘", en: "recorded and on disk"))
        desk.print("\(recorded.household) \(place)")
    }
}

extension Line {
    /// What becomes of a command that is kept by intake.
    private static func whatToDo(_ command: HouseholdCommand) -> UserText {
        UserText(
            zh: "。请勿重复登记；是否登上，用 carectl intake outbox list 查看（命令 \(command.id)）",
            en: ". Do not enter it again; carectl intake outbox list shows what becomes of it (command \(command.id))")
    }
}

extension Failure {
    /// The command is on intake's own disk and waits for the line to care-archive.
    static let keptByIntake = "CARE-2010"
}

extension CommandID {
    /// A new id from the system's random source.
    static func random() -> CommandID {
        CommandID(Identifier128(high: .random(in: 1...UInt64.max), low: .random(in: 1...UInt64.max)))
    }
}
