import CareDomain

extension ApplicationEvent {
    /// Its type's number.
    package var kind: EventKind {
        switch self {
        case .submitted: .applicationSubmitted
        case .forwarded: .applicationForwarded
        case .returned: .applicationReturned
        case .rejected: .applicationRejected
        case .withdrawn: .applicationWithdrawn
        case .noticeOpened: .publicNoticeOpened
        case .objectionRaised: .objectionRaised
        case .objectionDecided: .objectionDecided
        case .confirmed: .applicationConfirmed
        case .reverified: .applicationReverified
        }
    }

    /// Its payload in the newest version.
    func payload() throws(WireError) -> [UInt8] {
        switch self {
        case .submitted(let event): try Payload.encode(event)
        case .forwarded(let event): try Payload.encode(event)
        case .returned(let event): try Payload.encode(event)
        case .rejected(let event): try Payload.encode(event)
        case .withdrawn(let event): try Payload.encode(event)
        case .noticeOpened(let event): try Payload.encode(event)
        case .objectionRaised(let event): try Payload.encode(event)
        case .objectionDecided(let event): try Payload.encode(event)
        case .confirmed(let event): try Payload.encode(event)
        case .reverified(let event): try Payload.encode(event)
        }
    }

    /// Reads a payload of the newest version; nil when the kind is not an event of an application.
    init?(kind: EventKind, newest bytes: RawSpan) throws(WireError) {
        switch kind {
        case .applicationSubmitted: self = .submitted(try Payload.decode(bytes))
        case .applicationForwarded: self = .forwarded(try Payload.decode(bytes))
        case .applicationReturned: self = .returned(try Payload.decode(bytes))
        case .applicationRejected: self = .rejected(try Payload.decode(bytes))
        case .applicationWithdrawn: self = .withdrawn(try Payload.decode(bytes))
        case .publicNoticeOpened: self = .noticeOpened(try Payload.decode(bytes))
        case .objectionRaised: self = .objectionRaised(try Payload.decode(bytes))
        case .objectionDecided: self = .objectionDecided(try Payload.decode(bytes))
        case .applicationConfirmed: self = .confirmed(try Payload.decode(bytes))
        case .applicationReverified: self = .reverified(try Payload.decode(bytes))
        default: return nil
        }
    }
}
