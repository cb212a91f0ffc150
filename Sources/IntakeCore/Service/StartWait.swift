import ArchiveClient
import MessageBus

/// What intake still waits for before it can decide: it first reads from care-archive which packs are published and who
/// belongs to which household.
package enum StartWait: Hashable, Sendable {
    /// Nothing was heard: care-archive is not running, refused to start, or cannot be reached.
    case archiveSilent
    /// care-archive answers, but does not give the log out; the code of its answer.
    case archiveRefuses(code: String)
    /// care-archive answers, and what was recorded so far is being read.
    case reading

    /// What an answer to the first reading says.
    init(after reply: BusReply) {
        if !IntakeService.comesFromArchive(reply) {
            self = .archiveSilent
        } else if reply.status == .ok {
            self = .reading
        } else {
            self = .archiveRefuses(code: reply.code)
        }
    }

    /// For people at the counter.
    package var chinese: String {
        switch self {
        case .archiveSilent: "受理服务正在等待档案服务 care-archive：它没有应答，可能未启动、拒绝启动或线路不通，请看它的日志"
        case .archiveRefuses(let code): "受理服务正在等待档案服务 care-archive：它答复 \(code)，尚不提供事件"
        case .reading: "受理服务正在从档案服务 care-archive 读取已发布的政策和人员，请稍候重试"
        }
    }

    /// The same in English; also the reason at `/readyz`.
    package var english: String {
        switch self {
        case .archiveSilent:
            "waiting for care-archive, which does not answer: it is not running, refused to start or cannot be "
                + "reached; its log says which"
        case .archiveRefuses(let code): "waiting for care-archive, which answers \(code) and gives no events out yet"
        case .reading: "reading packs and persons from care-archive; try again"
        }
    }
}

extension FlowFailure {
    /// `starting`, with what is waited for.
    static func starting(_ wait: StartWait) -> FlowFailure {
        FlowFailure(
            code: FlowFailure.starting.code, chinese: wait.chinese, english: wait.english,
            isRetriable: FlowFailure.starting.isRetriable)
    }
}
