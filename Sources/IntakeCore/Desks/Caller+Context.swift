import CareDomain

extension Caller {
    /// What stands around an append that carries a command out: the command's own, or a step that follows from it.
    func context(_ id: CommandID, of command: CommandID) -> EventContext {
        EventContext(
            principal: principal, command: id, causation: id == command ? nil : command.description,
            traceparent: traceparent, legalBasis: legalBasis)
    }
}
