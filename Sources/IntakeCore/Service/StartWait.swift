import ArchiveClient
import CareWire
import MessageBus

/// What intake waits for before it can decide and record: it first reads from care-archive which packs are published and who
/// belongs to which household.
package enum StartWait: Hashable, Sendable {
    /// Nothing was heard: care-archive is not running, refused to start, or cannot be reached.
    case archiveSilent
    /// care-archive answers, but does not give the log out; the code of its answer.
    case archiveRefuses(code: String)
    /// care-archive answers, and what was recorded so far is being read.
    case reading
    /// care-archive does not take the record of the key for tokens.
    case tokenKeyNotTaken(FlowFailure)
    /// All is read, and care-archive's disk takes nothing at present.
    case archiveFull

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
        case .archiveFull: "档案服务 care-archive 的磁盘已满或出错：查询照常，登记不了；腾出空间后自动恢复"
        case .tokenKeyNotTaken(let failure):
            "受理服务要先登记 token.key 的指纹，档案服务 care-archive 没有收：\(failure.code) \(failure.chinese)"
                + (failure.isRetriable ? "" : "。升级程序之后请执行 carectl bus keys upgrade")
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
        case .archiveFull:
            "the disk of care-archive is full or fails: queries go on, nothing is recorded; by itself again when there "
                + "is room"
        case .tokenKeyNotTaken(let failure):
            "the fingerprint of token.key has to be put on record first, and care-archive does not take it: "
                + "\(failure.code) \(failure.english)"
                + (failure.isRetriable ? "" : "; after a new version: carectl bus keys upgrade")
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

    /// The key for tokens is not the log's; the same again helps only with the right key.
    init(_ problem: TokenKeyProblem) {
        self.init(code: problem.code, chinese: problem.chinese, english: problem.english, isRetriable: false)
    }
}
