import EventLog
import ServiceKit

extension Failure {
    /// What the files of a log, or of a copy of one, did not allow.
    init(_ error: EventLogError) {
        guard error.code != .diskFull else {
            self.init(
                6310,
                UserText(
                    zh: "磁盘已满，没有写完；原有的内容都还在",
                    en: "the disk is full and the work was not finished; what was there before is untouched"),
                advice: UserText(
                    zh: "腾出空间后再试；没写完的新目录可以删去",
                    en: "make room and try again; a new folder that was not finished may be removed"),
                exit: .temporary)
            return
        }
        if error.code == .wrongFormat, !HashAlgorithm.sm3.isAvailable {
            self = .noSM3
            return
        }
        self.init(
            Self.number(of: error.code),
            UserText(
                zh: "\(error.chineseText)（\(error.code.rawValue)）", en: "\(error.englishText) (\(error.code.rawValue))"),
            exit: error.isRetriable ? .temporary : .problemsFound)
    }

    /// A log with events that this machine cannot hash.
    static let noSM3 = Failure(
        6643,
        UserText(
            zh: "日志里有用国密 SM3 计算杂凑的事件，本机的 OpenSSL 不提供 SM3，核对不了",
            en: "events of this log are hashed with SM3, which the OpenSSL of this machine does not offer: they cannot "
                + "be checked here"),
        advice: UserText(
            zh: "换一台 OpenSSL 提供 SM3 的机器，或改正本机 OpenSSL 的配置",
            en: "use a machine whose OpenSSL offers SM3, or mend the configuration of this one's"),
        exit: .usage)

    /// Stable numbers of what can go wrong with a log.
    private static func number(of code: EventLogError.Code) -> Int {
        switch code {
        case .diskFull: 6310
        case .storageFailed: 6311
        case .readFailed: 6312
        case .corrupted: 6313
        case .writerStopped: 6314
        case .closed: 6315
        case .writerLocked: 6316
        case .staleEpoch: 6317
        case .durabilityTooWeak: 6318
        case .eventsMissing: 6319
        case .eventsChanged: 6320
        case .headUnreadable: 6321
        case .headOlder: 3111
        case .wrongFormat: 6322
        case .invalidStreamName: 6323
        case .invalidRequest: 6324
        case .invalidCursor: 6325
        case .malformedRecord: 6326
        }
    }
}
