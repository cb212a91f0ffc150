import ArchiveClient
import CareDomain
import CareWire
import MessageBus
import SwiftProtobuf

/// 拒绝: a client that was told *refused* may tell others, or do it in another way. So care-archive hears of it first, and
/// takes no attempt at the command any more that is late on its way through another intake.
extension IntakeService {
    /// Notes whom to answer about a command, and which submission it belongs to.
    mutating func began(_ request: IncomingRequest, _ append: DecidingAppend, _ digest: Identifier128) {
        let token = RequestToken(request.token.number)
        answering[token] = request.token
        submissions.begin(token, Submissions.Entry(append: append, digest: digest, number: request.submission))
    }

    /// Whether a refusal follows from the caller's key alone: all intakes have the same list, and say the same. Of what another
    /// had recorded nothing is left to be refused: care-archive would say for ever that it stands.
    static func isDecidedByKey(_ refusal: Refusal) -> Bool {
        refusal.reason == .missingRight || refusal.reason == .notYourDivision || refusal.isOfRepeat
    }

    /// What care-archive is told of a refusal.
    static func refusal(of submission: Submissions.Entry) -> [UInt8] {
        let wire = Care_V1_RefuseCommand.with {
            $0.stream = submission.append.stream
            $0.appendID = .init(submission.append.id.value.bytes)
            $0.contentDigest = .init(submission.digest.bytes)
            $0.submission = submission.number
        }
        return (try? wire.serializedBytes()) ?? []
    }

    /// Answers a command that is refused, now that care-archive knows.
    /// - Returns: false when the reply is about something else.
    mutating func refused(_ tag: UInt64, _ reply: BusReply, _ actions: inout Actions) -> Bool {
        guard let (token, refusal) = refusing.removeValue(forKey: tag) else { return false }
        actions.append(CommandAnswers.reply(Self.result(refusal, after: reply), to: token))
        return true
    }

    private static func result(_ refusal: Refusal, after reply: BusReply) -> CommandResult {
        // An archive of an earlier version remembers no refusals.
        if reply.code == BusProblem.unknownMethod.code { return .refused(refusal) }
        guard reply.status == .ok, let told = try? Care_V1_RefuseCommandReply(serializedBytes: reply.body) else {
            // Whether it is refused for good is not known: another attempt may still be carried out.
            return .failed(
                FlowFailure(code: reply.code, chinese: reply.textZH, english: reply.textEN, isRetriable: true))
        }
        return told.recorded ? .failed(.decidedMeanwhile) : .refused(refusal)
    }
}

extension FlowFailure {
    /// Another attempt at the command was recorded just before this one would have been refused.
    static let decidedMeanwhile = FlowFailure(
        code: "CARE-6529", chinese: "同一命令的另一次发送刚刚登记，请用同一编号再查一次",
        english: "another attempt at the command has just been recorded; ask again with the same id",
        isRetriable: true)
}
