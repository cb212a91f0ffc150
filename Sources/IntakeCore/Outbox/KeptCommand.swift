import CareDomain
import CareWire
import EventLog
import SwiftProtobuf

/// A command that an intake keeps on its own disk until it can be forwarded (暂存).
package struct KeptCommand: Sendable {
    /// Version of the file's form; of the first one no sum was kept.
    static let format: UInt32 = 2
    private static let formatWithoutSum: UInt32 = 1

    /// Place in the order in which commands were taken in, from 1.
    package let number: UInt64
    /// The command, as the client sent it.
    let bytes: [UInt8]
    /// The same, read; without the tokens of persons, which are made when it is forwarded.
    let command: HouseholdCommand
    let digest: Identifier128
    let caller: Caller
    let queuedAt: Moment
    /// Why it was not recorded when it was forwarded; nil = it waits for the line.
    package internal(set) var refusal: Care_V1_Refusal?
    /// The submission of its client, which may have been refused elsewhere meanwhile; 0 = not said, or a person has it tried
    /// again.
    var submission: UInt64

    init(
        number: UInt64, bytes: [UInt8], _ received: ReceivedCommand, from caller: Caller, submission: UInt64 = 0,
        at now: Moment
    ) {
        self.submission = submission
        self.number = number
        self.bytes = bytes
        command = received.command
        digest = received.digest
        self.caller = caller
        queuedAt = now
    }

    /// The command as it is forwarded, and from whom: it was learned on the day it was taken in, and an outbox may say so.
    /// - Source: design, 「`learned_on`: queued commands」
    func forwarded(on today: CivilDay) -> (command: HouseholdCommand, caller: Caller) {
        var (command, caller) = (command, caller)
        if command.learnedOn == nil, queuedAt.day < today {
            command.learnedOn = queuedAt.day
            caller.principal.rights.insert(.importHistory)
        }
        return (command, caller)
    }

    /// Whether the key that sent it is one of these divisions: where the family is, an intake that is cut off cannot tell.
    func isSent(within divisions: [DivisionCode]) -> Bool {
        caller.principal.divisions.allSatisfy { sent in divisions.contains { sent.isWithin($0) } }
    }

    /// What it asks for, as the field of `Command` is called, such as record_visit.
    var action: String {
        guard let action = (try? Care_V1_Command(serializedBytes: bytes))?.action,
            let label = Mirror(reflecting: action).children.first?.label
        else { return "" }
        return label.reduce(into: "") { text, letter in
            text += letter.isUppercase ? "_\(letter.lowercased())" : String(letter)
        }
    }
}

extension KeptCommand {
    /// Why a file of the outbox cannot be read.
    package enum Unreadable: String, Error {
        case notAQueuedCommand = "not a queued command, or damaged"
        case otherFormat = "of another version"
        case wrongCommand = "its command cannot be read"
        case wrongSource = "it does not say from whom it came"
    }

    /// The bytes of its file: the message, and SHA-256 over it. What is forwarded from here becomes the record.
    package func encoded() -> [UInt8] {
        let principal = caller.principal
        let wire = Care_V1_QueuedCommand.with {
            $0.format = Self.format
            $0.number = number
            $0.command = .init(bytes)
            $0.source.peer = principal.peer
            $0.source.actor = principal.actor.rawValue
            $0.source.role = principal.role.rawValue
            $0.source.roles = principal.roles.map(\.rawValue).sorted()
            $0.source.department = principal.department.rawValue
            $0.source.divisions = principal.divisions.map(\.rawValue)
            $0.source.rights = principal.rights.map(\.rawValue).sorted()
            $0.traceparent = caller.traceparent ?? ""
            $0.queuedAt = queuedAt.microseconds
            if let refusal { $0.refusal = refusal }
            $0.submission = submission
        }
        let content: [UInt8] = (try? wire.serializedBytes()) ?? []
        return content + Self.sum(content[...])
    }

    /// Reads a file of the outbox.
    package init(decoding file: [UInt8]) throws(Unreadable) {
        let content = file.dropLast(EventHash.byteCount)
        let isWhole = Self.sum(content) == Array(file[content.endIndex...])
        guard let wire = try? Care_V1_QueuedCommand(serializedBytes: isWhole ? Array(content) : file), wire.number > 0
        else { throw .notAQueuedCommand }
        guard wire.format == (isWhole ? Self.format : Self.formatWithoutSum) else {
            throw isWhole ? .otherFormat : .notAQueuedCommand
        }
        guard let received = try? CommandCodec.decode([UInt8](wire.command)) else { throw .wrongCommand }
        let source = wire.source
        let divisions = source.divisions.compactMap { DivisionCode($0) }
        let roles = source.roles.compactMap { Code($0) }
        guard let actor = Code(source.actor), let role = Code(source.role),
            let department = DepartmentID(source.department), divisions.count == source.divisions.count,
            roles.count == source.roles.count
        else { throw .wrongSource }
        let principal = Principal(
            peer: source.peer, actor: actor, role: role, department: department, divisions: divisions,
            rights: Set(source.rights.compactMap { Principal.Right(rawValue: $0) }), roles: Set(roles))
        let caller = Caller(
            principal: principal, traceparent: wire.traceparent.isEmpty ? nil : wire.traceparent,
            legalBasis: received.legalBasis)
        self.init(
            number: wire.number, bytes: [UInt8](wire.command), received, from: caller, submission: wire.submission,
            at: Moment(microseconds: wire.queuedAt))
        if wire.hasRefusal { refusal = wire.refusal }
    }

    private static func sum(_ bytes: ArraySlice<UInt8>) -> [UInt8] { bytes.withUnsafeBytes { EventHash(of: $0) }.bytes }
}
