import CareDomain

extension ApplicationEvent {
    /// Reads a command's action; nil when it is not about an application. What the pack decides is not taken from a client.
    init?(action: Care_V1_Command.OneOf_Action) throws(WireError) {
        switch action {
        case .submitApplication(let wire):
            var event = try ApplicationSubmitted(wire: wire)
            (event.workflow, event.step, event.previous) = (nil, nil, nil)
            self = .submitted(event)
        case .forwardApplication(let wire):
            var event = try ApplicationForwarded(wire: wire)
            (event.to, event.function) = (nil, nil)
            self = .forwarded(event)
        case .returnApplication(let wire): self = .returned(try .init(wire: wire))
        case .rejectApplication(let wire): self = .rejected(try .init(wire: wire))
        case .withdrawApplication(let wire): self = .withdrawn(try .init(wire: wire))
        case .openPublicNotice(let wire): self = .noticeOpened(try .init(wire: wire))
        case .raiseObjection(let wire): self = .objectionRaised(try .init(wire: wire))
        case .decideObjection(let wire): self = .objectionDecided(try .init(wire: wire))
        case .confirmApplication(let wire):
            var event = try ApplicationConfirmed(wire: wire)
            event.to = nil
            self = .confirmed(event)
        case .reverifyApplication(let wire): self = .reverified(try .init(wire: wire))
        default: return nil
        }
    }

    func action() throws(WireError) -> Care_V1_Command.OneOf_Action {
        switch self {
        case .submitted(let event): .submitApplication(try event.wire())
        case .forwarded(let event): .forwardApplication(try event.wire())
        case .returned(let event): .returnApplication(try event.wire())
        case .rejected(let event): .rejectApplication(try event.wire())
        case .withdrawn(let event): .withdrawApplication(try event.wire())
        case .noticeOpened(let event): .openPublicNotice(try event.wire())
        case .objectionRaised(let event): .raiseObjection(try event.wire())
        case .objectionDecided(let event): .decideObjection(try event.wire())
        case .confirmed(let event): .confirmApplication(try event.wire())
        case .reverified(let event): .reverifyApplication(try event.wire())
        }
    }
}
