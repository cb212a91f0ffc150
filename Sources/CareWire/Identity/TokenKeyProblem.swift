/// Why a service does not work with its key for person tokens: the persons of the log are known by another.
package enum TokenKeyProblem: Hashable, Sendable {
    /// The log names another key as the one it was begun with.
    case otherThanRecorded
    /// The log names none yet, and the key does not make the tokens of those on record from their ID numbers.
    case otherThanPeople
    /// care-archive has not been heard yet, and at the last run the log was known to rest on another key.
    case otherThanLastRun

    package var code: String {
        switch self {
        case .otherThanRecorded: "CARE-6341"
        case .otherThanPeople: "CARE-6342"
        case .otherThanLastRun: "CARE-6343"
        }
    }

    package var chinese: String {
        switch self {
        case .otherThanRecorded: "token.key 不是这份日志所用的那一把：用它，在册的人会被当作新人，可登记进第二户"
        case .otherThanPeople: "token.key 与在册人员的证件号对不上：用它，在册的人会被当作新人，可登记进第二户"
        case .otherThanLastRun: "token.key 不是上次运行时日志所用的那一把，档案服务又连不上，暂不受理"
        }
    }

    package var english: String {
        switch self {
        case .otherThanRecorded:
            "token.key is not the key this log rests on: by it people on record would be strangers, and could be "
                + "registered in a second household"
        case .otherThanPeople:
            "token.key does not fit the ID numbers of people on record: by it they would be strangers, and could be "
                + "registered in a second household"
        case .otherThanLastRun:
            "token.key is not the key the log rested on at the last run, and care-archive cannot be reached: nothing "
                + "is taken in"
        }
    }
}
