import CareDomain
import CareWire
import SwiftProtobuf

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A page or list from the bus that does not keep to the contract. Retrying does not help.
package struct PageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Path of the field, `header.household`.
    package let field: String

    package init(_ field: String) { self.field = field }

    package var description: String { "page field \(field) is not valid" }
}

/// Sets optional fields of generated messages, which have no optional setters.
func set<Value>(_ value: Value?, _ assign: (Value) -> Void) {
    if let value { assign(value) }
}

extension TypedIdentifier {
    /// The sixteen bytes as a message field holds them.
    package var wireData: Data { Data(value.bytes) }

    /// Reads sixteen bytes of a message field.
    /// - Throws: `PageError` for another number.
    package init(wireData data: Data, _ field: String) throws(PageError) {
        guard let value = Identifier128(bytes: data) else { throw PageError(field) }
        self.init(value)
    }
}

extension CareArchive.Label {
    /// The message.
    package var word: Care_V1_Word {
        var wire = Care_V1_Word()
        wire.code = code
        wire.textZh = chinese
        return wire
    }

    /// Reads the message.
    package init(_ wire: Care_V1_Word) { self.init(wire.code, wire.textZh) }

    init?(_ wire: Care_V1_Word, ifSet isSet: Bool) {
        guard isSet else { return nil }
        self.init(wire)
    }
}

extension CareArchive.Subject {
    var wire: Care_V1_LineSubject {
        var wire = Care_V1_LineSubject()
        set(person) { wire.person = $0.wireData }
        set(incident) { wire.incidentSequence = $0 }
        wire.textZh = text
        return wire
    }

    init(_ wire: Care_V1_LineSubject) throws(PageError) {
        self.init(
            person: wire.hasPerson ? try PersonID(wireData: wire.person, "person") : nil,
            incident: wire.hasIncidentSequence ? wire.incidentSequence : nil, text: wire.textZh)
    }
}

extension DeterminationMade.Status {
    /// The message's number.
    package var wireStatus: Care_V1_DeterminationMade.Status {
        switch self {
        case .entitled: .entitled
        case .proposed: .proposed
        case .notEntitled: .notEntitled
        case .needsFact: .needsFact
        case .needsParameter: .needsParameter
        case .held: .held
        case .failed: .failed
        }
    }

    /// Reads the message's number.
    /// - Throws: `PageError` for an unknown one.
    package init(wireStatus: Care_V1_DeterminationMade.Status) throws(PageError) {
        switch wireStatus {
        case .entitled: self = .entitled
        case .proposed: self = .proposed
        case .notEntitled: self = .notEntitled
        case .needsFact: self = .needsFact
        case .needsParameter: self = .needsParameter
        case .held: self = .held
        case .failed: self = .failed
        case .unspecified, .UNRECOGNIZED: throw PageError("status")
        }
    }
}

extension DayPeriod {
    var wirePeriod: Care_V1_DayPeriod {
        var wire = Care_V1_DayPeriod()
        wire.start = start.dayNumber
        set(end) { wire.end = $0.dayNumber }
        return wire
    }

    init(_ wire: Care_V1_DayPeriod) {
        self.init(start: CivilDay(dayNumber: wire.start), end: wire.hasEnd ? CivilDay(dayNumber: wire.end) : nil)
    }
}

extension FactValue {
    var wireValue: Care_V1_FactValue {
        var wire = Care_V1_FactValue()
        wire.value =
            switch self {
            case .bool(let value): .truth(value)
            case .int(let value): .integer(value)
            case .decimal(let thousandths): .decimalThousandths(thousandths)
            case .code(let value): .code(value.rawValue)
            case .day(let value): .day(value.dayNumber)
            case .money(let value): .moneyFen(value.amount)
            case .reference(let value): .reference(value)
            }
        return wire
    }

    init(_ wire: Care_V1_FactValue) throws(PageError) {
        switch wire.value {
        case .truth(let value): self = .bool(value)
        case .integer(let value): self = .int(value)
        case .decimalThousandths(let value): self = .decimal(thousandths: value)
        case .code(let value): self = .code(Code(unchecked: value))
        case .day(let value): self = .day(CivilDay(dayNumber: value))
        case .moneyFen(let value): self = .money(Fen(value))
        case .reference(let value): self = .reference(value)
        case nil: throw PageError("value")
        }
    }
}

/// Urban or rural as a message says it.
func wireArea(_ area: Area?) -> Care_V1_Area { area.map { $0 == .urban ? .urban : .rural } ?? .unspecified }

/// Reads what a message says; nil = not known.
func readArea(_ wire: Care_V1_Area) -> Area? { wire == .urban ? .urban : wire == .rural ? .rural : nil }

/// A day of a message; nil when the field is left out.
func day(_ number: Int32, ifSet isSet: Bool) -> CivilDay? { isSet ? CivilDay(dayNumber: number) : nil }
