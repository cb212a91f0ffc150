import ArchiveClient
import CareDomain
import CareWire
import MessageBus
import SwiftProtobuf

/// Answers of the core as replies of the bus. The body of a refused one is the `Refusal`.
enum CommandAnswers {
    static func reply<Work: Sendable>(_ result: CommandResult, to token: ReplyToken) -> ServiceAction<Work> {
        switch result {
        case .recorded(let recorded):
            let reply = Care_V1_CommandReply.with {
                $0.household = .init(recorded.household.value.bytes)
                $0.firstSequence = recorded.place.first
                $0.lastSequence = recorded.place.last
                $0.receipt = .init(recorded.place.cursor)
                $0.recordedAt = recorded.place.recordedAt.microseconds
                $0.warnings = recorded.warnings.map { $0.wire(showsCandidate: false) }
                $0.alreadyRecorded = recorded.isRepeated
            }
            return .reply(token, .ok(bytes(reply)))
        case .acceptable(let household, let warnings):
            let reply = Care_V1_CommandReply.with {
                $0.household = .init(household.value.bytes)
                $0.warnings = warnings.map { $0.wire(showsCandidate: false) }
            }
            return .reply(token, .ok(bytes(reply)))
        case .refused(let refusal):
            // The flow named a candidate only when the caller may see it.
            let wire = refusal.wire(showsCandidate: true)
            return .reply(
                token,
                BusReply(
                    status: status(of: refusal.reason), code: wire.code, textZH: wire.textZh, textEN: wire.textEn,
                    body: bytes(wire)))
        case .failed(let failure):
            return .reply(
                token,
                BusReply(
                    status: failure.isRetriable ? .unavailable : .refused, code: failure.code, textZH: failure.chinese,
                    textEN: failure.english, retryAfterMilliseconds: failure.isRetriable ? 100 : 0))
        }
    }

    private static func status(of reason: Refusal.Reason) -> BusStatus {
        switch reason {
        case .householdNotFound, .unknownBatch, .unknownGrant, .unknownFund, .unknownLoan,
            .unknownDutyReport, .unknownExchange, .unknownConsultation:
            .notFound
        case .staleView, .householdExists, .personElsewhere, .namesakeElsewhere, .grantStands, .grantGivenOtherwise:
            .conflict
        case .missingRight, .notYourDivision: .unauthorised
        default: .refused
        }
    }

    private static func bytes(_ message: some Message) -> [UInt8] {
        (try? message.serializedBytes()) ?? []
    }
}

extension FlowFailure {
    /// A command whose events cannot be written within the limits of the contract.
    init(_ error: WireError) {
        self.init(
            code: error.refusal.code, chinese: error.chineseText, english: error.englishText, isRetriable: false)
    }
}
