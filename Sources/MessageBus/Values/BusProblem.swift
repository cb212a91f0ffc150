/// What the bus itself refuses or reports. Codes 8001 to 8099; once released, a code keeps its meaning.
package enum BusProblem: Int, Sendable, CaseIterable {
    /// The service has too much to do.
    case overloaded = 8001
    /// No answer in time; the outcome is unknown.
    case deadline = 8002
    /// The key is not on the service's list.
    case unknownKey = 8003
    /// The key was taken off the list.
    case keyWithdrawn = 8004
    /// The key's time is over.
    case keyExpired = 8005
    /// The key has not got the right to ask for this.
    case rightMissing = 8006
    /// The frame is not one of the protocol.
    case malformed = 8007
    /// The frame speaks another version.
    case unsupportedVersion = 8008
    /// The service does not know the method.
    case unknownMethod = 8009
    /// The body, or the answer, is larger than a frame may be.
    case tooLarge = 8010
    /// The service has a fault.
    case fault = 8011
    /// The service is stopping.
    case stopping = 8012
    /// The service cannot be reached.
    case unreachable = 8013
    /// The caller has too many requests under way.
    case tooManyInFlight = 8014
    /// The peer has too many subscriptions.
    case tooManySubscriptions = 8015
    /// The subscriber took nothing for too long.
    case subscriberStalled = 8016
    /// The service is starting.
    case starting = 8017
    /// The caller gave up.
    case cancelled = 8018
    /// The log does not hold the place that is asked for: it was put back to an older state.
    case placeUnknown = 8019

    /// "CARE-nnnn".
    package var code: String { "CARE-\(rawValue)" }

    /// The outcome that goes with it.
    package var status: BusStatus {
        switch self {
        case .overloaded, .tooManyInFlight, .tooManySubscriptions: .overloaded
        case .deadline: .deadline
        case .placeUnknown: .conflict
        case .unknownKey, .keyWithdrawn, .keyExpired, .rightMissing: .unauthorised
        case .malformed, .unknownMethod, .tooLarge: .badRequest
        case .unsupportedVersion: .unsupportedVersion
        case .fault: .internal
        case .stopping, .unreachable, .subscriberStalled, .starting, .cancelled: .unavailable
        }
    }

    /// What to tell the person, in Chinese.
    package var textZH: String { texts.zh }
    /// The same in English.
    package var textEN: String { texts.en }

    private var texts: (zh: String, en: String) {
        switch self {
        case .overloaded: ("服务繁忙，请稍后用同一编号重试", "the service is busy; retry later with the same id")
        case .deadline:
            ("未在时限内得到答复，结果未知，请用同一编号重试", "no answer in time, the outcome is unknown; retry with the same id")
        case .unknownKey: ("密钥不在本服务的名单上", "the key is not on the list of this service")
        case .keyWithdrawn: ("密钥已被撤销", "the key was withdrawn")
        case .keyExpired: ("密钥已过有效期", "the key has expired")
        case .rightMissing: ("该密钥无权提出此请求", "the key has not got the right to ask for this")
        case .malformed: ("请求的格式不对", "the request cannot be read")
        case .unsupportedVersion:
            ("不支持该协议版本，本服务使用版本 1", "unsupported protocol version; this service speaks version 1")
        case .unknownMethod: ("本服务不办理该方法", "this service does not know the method")
        case .tooLarge: ("内容超过允许的大小", "the content is larger than allowed")
        case .fault: ("服务内部出错，管理员可按请求编号查询", "the service has a fault; the operator finds it under the request id")
        case .stopping: ("服务正在停止，请稍后用同一编号重试", "the service is stopping; retry later with the same id")
        case .unreachable:
            (
                "连不上服务：服务没有启动，或本钥匙已过期、不在名单上；请稍后用同一编号重试",
                "the service cannot be reached: it is not running, or this key has expired or is not listed; retry later with the same id"
            )
        case .tooManyInFlight: ("同时进行的请求太多，请稍后重试", "too many requests under way; retry later")
        case .tooManySubscriptions: ("订阅数量已达上限", "too many subscriptions")
        case .subscriberStalled:
            ("订阅方长时间没有接收，订阅已结束", "the subscriber took nothing for too long; the subscription has ended")
        case .starting: ("服务正在启动，请稍后重试", "the service is starting; retry later")
        case .cancelled: ("请求已被取消，结果未知", "the request was cancelled; the outcome is unknown")
        case .placeUnknown:
            (
                "日志里没有这个位置：日志可能从备份恢复过，请从头读取并核对恢复之后的登记",
                "the log does not hold this place: it may have been restored from a backup; read from the beginning"
            )
        }
    }
}
