/// What a request asks for: a number of `Method` in Proto/care/v1/bus.proto, which names the bodies too.
package struct BusMethod: RawRepresentable, Sendable, Hashable {
    /// The number on the wire.
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// intake: take in a command.
    package static let submitCommand = BusMethod(rawValue: 1)
    /// intake: decide a command without writing.
    package static let tryCommand = BusMethod(rawValue: 2)
    /// intake: publish a rule pack.
    package static let publishPack = BusMethod(rawValue: 3)
    /// intake: set a parameter of a pack.
    package static let setParameter = BusMethod(rawValue: 4)
    /// intake: do something about a payment batch.
    package static let submitPayment = BusMethod(rawValue: 5)
    /// intake: do something about a unit's guidance numbers, grants or settlement.
    package static let submitUnit = BusMethod(rawValue: 6)
    /// intake: do something about a fund, a loan or other aid.
    package static let submitLoan = BusMethod(rawValue: 8)
    /// intake: record something in the duty book of a division.
    package static let submitDuty = BusMethod(rawValue: 9)
    /// care-archive: bring part of a file that a record shall name.
    package static let putAttachment = BusMethod(rawValue: 10)
    /// care-archive: read part of a file that a record names.
    package static let getAttachment = BusMethod(rawValue: 11)
    /// care-archive: append to the log.
    package static let append = BusMethod(rawValue: 20)
    /// care-archive: read one stream.
    package static let readStream = BusMethod(rawValue: 21)
    /// care-archive: read the log from a cursor.
    package static let readAll = BusMethod(rawValue: 22)
    /// care-archive: the end of a stream.
    package static let readStreamHead = BusMethod(rawValue: 23)
    /// care-archive: how far a consumer has come.
    package static let reportConsumer = BusMethod(rawValue: 24)
    /// care-archive: a command is about to be refused for good.
    package static let refuseCommand = BusMethod(rawValue: 25)
    /// care-archive: a question to the read models.
    package static let query = BusMethod(rawValue: 40)
    /// Any service: an operator's request.
    package static let operate = BusMethod(rawValue: 60)
}
