import CareDomain

/// A command about a pack: publish a version, or set a parameter.
package struct PackCommand: Hashable, Sendable {
    /// Chosen by the client; sending it again is the same command.
    package var id: CommandID
    package var pack: PackID
    /// Day of publication, or first day of the value.
    package var occurredOn: CivilDay
    package var event: PackEvent
    /// Whether a version is adopted: only then may it take days from a version published before.
    package var isAdoption: Bool

    package init(
        id: CommandID, pack: PackID, occurredOn: CivilDay, event: PackEvent, isAdoption: Bool = false
    ) {
        self.id = id
        self.pack = pack
        self.occurredOn = occurredOn
        self.event = event
        self.isAdoption = isAdoption
    }

    /// Sixteen bytes that stand for the content.
    package func digest() throws(WireError) -> Identifier128 {
        switch event {
        case .published(let published): Derivation.digest(try Payload.bytes(of: message(published)))
        case .parameterSet(let set): Derivation.digest(try Payload.bytes(of: message(set)))
        }
    }

    /// Reads a `PublishPack`.
    package init(publish wire: Care_V1_PublishPack) throws(WireError) {
        let published: PackPublished = try Field.required(wire.hasPack ? wire.pack : nil, "pack")
        self.init(
            id: try Field.id(wire.commandID, "command_id"), pack: published.pack,
            occurredOn: try Field.day(wire.occurredOn, "occurred_on"), event: .published(published),
            isAdoption: wire.isAdoption)
    }

    /// Reads a `SetParameter`.
    package init(set wire: Care_V1_SetParameter) throws(WireError) {
        self.init(
            id: try Field.id(wire.commandID, "command_id"), pack: try Field.code(wire.pack, "pack"),
            occurredOn: try Field.day(wire.occurredOn, "occurred_on"),
            event: .parameterSet(try Field.required(wire.hasParameter ? wire.parameter : nil, "parameter")))
    }

    /// The message that publishes a version.
    /// - Parameter isAdoption: Whether it may take days from a version published before.
    /// - Throws: `WireError` when it breaks a limit.
    package static func publish(
        _ published: PackPublished, id: CommandID, occurredOn: CivilDay, isAdoption: Bool = false
    ) throws(WireError) -> Care_V1_PublishPack {
        let command = PackCommand(
            id: id, pack: published.pack, occurredOn: occurredOn, event: .published(published), isAdoption: isAdoption)
        let wire = try command.message(published)
        _ = try PackCommand(publish: wire)
        return wire
    }

    /// The message that sets a parameter.
    /// - Throws: `WireError` when it breaks a limit.
    package static func set(
        _ parameter: ParameterSet, of pack: PackID, id: CommandID, occurredOn: CivilDay
    ) throws(WireError) -> Care_V1_SetParameter {
        let command = PackCommand(id: id, pack: pack, occurredOn: occurredOn, event: .parameterSet(parameter))
        let wire = try command.message(parameter)
        _ = try PackCommand(set: wire)
        return wire
    }

    private func message(_ published: PackPublished) throws(WireError) -> Care_V1_PublishPack {
        var wire = Care_V1_PublishPack()
        wire.commandID = id.data
        wire.occurredOn = occurredOn.dayNumber
        wire.pack = try published.wire()
        wire.isAdoption = isAdoption
        return wire
    }

    private func message(_ parameter: ParameterSet) throws(WireError) -> Care_V1_SetParameter {
        var wire = Care_V1_SetParameter()
        wire.commandID = id.data
        wire.pack = pack.rawValue
        wire.occurredOn = occurredOn.dayNumber
        wire.parameter = try parameter.wire()
        return wire
    }
}
