import CareDomain
import CareWire

/// A household's stream as care-archive answered it: the events, or why they cannot be read and where the family is
/// registered by what stands before the place that cannot.
package enum HouseholdReading: Sendable {
    case read([ReadHouseholdEvent], isWhole: Bool)
    case failed(FlowFailure)

    /// Reads the body of an answer. Total on any bytes.
    package init(_ body: [UInt8]) {
        guard let reply = try? Care_V1_ReadStreamReply(serializedBytes: body) else {
            self = .failed(.unreadable)
            return
        }
        self.init(reply)
    }

    package init(_ reply: Care_V1_ReadStreamReply) {
        do {
            let read = try ArchiveMessages.streamEvents(reply, ArchiveMessages.household)
            self = .read(read.events, isWhole: read.isWhole)
        } catch {
            let damaged = error as? ArchiveMessages.StreamDamaged
            var failure = damaged.map { FlowFailure.fenced($0.reason) } ?? .unreadable
            failure.division = Self.division(reply)
            self = .failed(failure)
        }
    }

    /// Where the family is by the events from the first on up to the first that is missing or cannot be read: what comes
    /// behind is not judged without it.
    private static func division(_ reply: Care_V1_ReadStreamReply) -> DivisionCode? {
        var history = HouseholdHistory(id: HouseholdID(Identifier128(high: 0, low: 0)))
        for event in reply.events {
            guard let read = try? ArchiveMessages.household(event),
                read.known.reference.sequence == history.lastSequence + 1
            else { break }
            history.append(read.known)
        }
        return history.events.map(\.proposed.occurredOn).max().flatMap(history.household.division)
    }
}

extension FlowFailure {
    /// What is said of a family's record that cannot be read. Whoever may not act for the family is answered as if there
    /// were none; where nobody can tell whose it is, only who acts everywhere is told.
    /// - Parameters:
    ///   - division: Where the family is registered, as far as it was known before.
    ///   - field: Where the command names the family; nil = as what it is about.
    /// - Returns: The refusal; nil = the failure itself is told.
    /// - Source: design, 「a department sees its households only」
    package func concealed(
        from principal: Principal, at division: DivisionCode?, field: String? = nil
    ) -> Refusal? {
        guard isAboutRecord else { return nil }
        let isTold = (self.division ?? division).map(principal.mayAct) ?? principal.divisions.contains(.everywhere)
        return isTold ? nil : Refusal(.householdNotFound, field: field)
    }

    /// Whether it tells that there is a record, one that is damaged or of a newer version.
    private var isAboutRecord: Bool { isFenced || code == Self.unreadable.code }
}
