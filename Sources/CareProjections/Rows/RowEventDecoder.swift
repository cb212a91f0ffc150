import CareDomain
import CareWire

/// Reads what read models need of an event's payload, straight from the log's bytes.
///
/// A rebuild reads millions of visits, needs, notices and determinations; decoding them through a general protobuf
/// library and its checks costs several times the fold itself. These types are read by hand here, without their sealed
/// parts; all others go through `EventCodec`. The log holds only what was checked before it was written, and a test
/// holds both ways against each other.
package enum RowEventDecoder {
    /// Whether rows depend on the event at all.
    package static func isRelevant(_ kind: UInt32, payload: UnsafeRawBufferPointer) -> Bool {
        switch EventKind(rawValue: Int(kind)) {
        case .factStated: isOnlyChildStatus(payload)
        // Awards count: a unit's grant says to which place the money of a right belongs.
        case .commandAbandoned, .guardianNamed, .guardianConsented,
            .guardianNotarised, .guardianEnded, .unspecified:
            false
        case .paymentConcluded: isReversal(payload)
        // Rows may depend on a type of a newer program: it is reported as unread.
        default: true
        }
    }

    private static func isOnlyChildStatus(_ payload: UnsafeRawBufferPointer) -> Bool {
        var fields = ProtoFields(payload)
        guard let first = fields.next(), first.number == 1 else { return true }
        let name = FactID.onlyChildStatusName
        return first.bytes.count == name.utf8CodeUnitCount
            && first.bytes.elementsEqual(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    /// Whether an order is taken back by it; what else became of a sum stands in no row.
    private static func isReversal(_ payload: UnsafeRawBufferPointer) -> Bool {
        var fields = ProtoFields(payload)
        while let field = fields.next() {
            if field.number == 4 { return field.value == 4 }
        }
        return true
    }

    /// Reads a payload; nil when this program cannot read it.
    /// - Parameter isWhole: Also what stands in the rows of few families only.
    package static func event(
        kind: UInt32, version: UInt32, payload: UnsafeRawBufferPointer, isWhole: Bool = false
    ) -> HouseholdEvent? {
        if version == 1, !isWhole, let known = EventKind(rawValue: Int(kind)) {
            switch known {
            case .visitRecorded: return visit(payload)
            case .needRaised: return needRaised(payload)
            case .needAnswered: return needAnswered(payload)
            case .needClosed: return needClosed(payload)
            case .noticeRaised: return noticeRaised(payload)
            case .noticeDelivered: return noticeDelivered(payload)
            case .determinationMade: return determination(payload)
            case .pairingAssigned: return pairingAssigned(payload)
            case .pairingHandedOver: return pairingHandedOver(payload)
            case .pairingEnded: return pairingEnded(payload)
            default: break
            }
        }
        let decoded = try? EventCodec.decodeAny(kind: kind, version: version, payload: payload.bytes, sealed: .skip)
        guard case .household(let event)? = decoded else { return nil }
        return event
    }

    /// Sequence of the event that a record's metadata says it corrects; nil when it corrects nothing.
    package static func corrects(metadata: UnsafeRawBufferPointer) -> UInt64? {
        var fields = ProtoFields(metadata)
        while let field = fields.next() {
            guard field.number == 10 else { continue }
            var inner = ProtoFields(field.bytes)
            while let part = inner.next() {
                if part.number == 1 { return part.value }
            }
        }
        return nil
    }

    private static func visit(_ payload: UnsafeRawBufferPointer) -> HouseholdEvent? {
        var visit = VisitRecorded(kind: Code(unchecked: ""))
        var fields = ProtoFields(payload)
        while let field = fields.next() {
            switch field.number {
            case 2: visit.kind = Code(unchecked: field.text)
            case 3: visit.holiday = Code(unchecked: field.text)
            default: break
            }
        }
        return fields.isWhole ? .visitRecorded(visit) : nil
    }

    private static func needRaised(_ payload: UnsafeRawBufferPointer) -> HouseholdEvent? {
        var need = NeedRaised(kind: Code(unchecked: ""), items: 0)
        var fields = ProtoFields(payload)
        while let field = fields.next() {
            switch field.number {
            case 1: need.kind = Code(unchecked: field.text)
            case 2: need.items = Int(truncatingIfNeeded: field.value)
            default: break
            }
        }
        return fields.isWhole ? .needRaised(need) : nil
    }

    private static func needAnswered(_ payload: UnsafeRawBufferPointer) -> HouseholdEvent? {
        var answered = NeedAnswered(need: EventReference(sequence: 0), outcome: Code(unchecked: ""))
        var fields = ProtoFields(payload)
        while let field = fields.next() {
            switch field.number {
            case 1: answered.need = EventReference(sequence: field.value)
            case 2: answered.by = DepartmentID(unchecked: field.text)
            case 3: answered.outcome = Code(unchecked: field.text)
            default: break
            }
        }
        return fields.isWhole ? .needAnswered(answered) : nil
    }

    private static func needClosed(_ payload: UnsafeRawBufferPointer) -> HouseholdEvent? {
        var closed = NeedClosed(need: EventReference(sequence: 0), reason: Code(unchecked: ""))
        var fields = ProtoFields(payload)
        while let field = fields.next() {
            switch field.number {
            case 1: closed.need = EventReference(sequence: field.value)
            case 2: closed.reason = Code(unchecked: field.text)
            default: break
            }
        }
        return fields.isWhole ? .needClosed(closed) : nil
    }

    private static func noticeRaised(_ payload: UnsafeRawBufferPointer) -> HouseholdEvent? {
        // The key stands in no row, so it is not read.
        var notice = NoticeRaised(kind: Code(unchecked: ""), key: "", subject: .household)
        var fields = ProtoFields(payload)
        while let field = fields.next() {
            switch field.number {
            case 1: notice.kind = Code(unchecked: field.text)
            case 3: notice.subject = subject(field.bytes)
            case 4: notice.dueOn = field.day
            case 5: notice.department = DepartmentID(unchecked: field.text)
            case 7:
                let person: PersonID? = field.id
                if let person { notice.persons.append(person) }
            default: break
            }
        }
        return fields.isWhole ? .noticeRaised(notice) : nil
    }

    private static func noticeDelivered(_ payload: UnsafeRawBufferPointer) -> HouseholdEvent? {
        var reference: UInt64 = 0
        var channel = ""
        var outcome: UInt64 = 0
        var attempts = 0
        var fields = ProtoFields(payload)
        while let field = fields.next() {
            switch field.number {
            case 1: reference = field.value
            case 2: channel = field.text
            case 3: outcome = field.value
            case 4: attempts = Int(truncatingIfNeeded: field.value)
            default: break
            }
        }
        let outcomes: [NoticeDelivered.Outcome] = [.delivered, .parked, .skipped]
        guard fields.isWhole, (1...3).contains(outcome) else { return nil }
        return .noticeDelivered(
            NoticeDelivered(
                notice: EventReference(sequence: reference), channel: Code(unchecked: channel),
                outcome: outcomes[Int(outcome) - 1], attempts: attempts))
    }

    private static func pairingAssigned(_ payload: UnsafeRawBufferPointer) -> HouseholdEvent? {
        var kind = ""
        var helper: Helper?
        var phones: [PersonID: Bool] = [:]
        var fields = ProtoFields(payload)
        while let field = fields.next() {
            switch field.number {
            case 1: kind = field.text
            case 2: helper = Self.helper(field.bytes)
            case 15: note(field.bytes, in: &phones)
            default: break
            }
        }
        guard fields.isWhole, var helper else { return nil }
        helper.hasContact = helper.hasContact ?? phones[helper.id] ?? false
        return .pairingAssigned(PairingAssigned(kind: PairingKind(unchecked: kind), helper: helper))
    }

    private static func pairingHandedOver(_ payload: UnsafeRawBufferPointer) -> HouseholdEvent? {
        var kind = ""
        var from: PersonID?
        var to: Helper?
        var reason = ""
        var phones: [PersonID: Bool] = [:]
        var fields = ProtoFields(payload)
        while let field = fields.next() {
            switch field.number {
            case 1: kind = field.text
            case 2: from = field.id
            case 3: to = helper(field.bytes)
            case 4: reason = field.text
            case 15: note(field.bytes, in: &phones)
            default: break
            }
        }
        guard fields.isWhole, let from, var to else { return nil }
        to.hasContact = to.hasContact ?? phones[to.id] ?? false
        return .pairingHandedOver(
            PairingHandedOver(
                kind: PairingKind(unchecked: kind), from: from, to: to, reason: Code(unchecked: reason)))
    }

    private static func pairingEnded(_ payload: UnsafeRawBufferPointer) -> HouseholdEvent? {
        var kind = ""
        var helper: PersonID?
        var reason = ""
        var fields = ProtoFields(payload)
        while let field = fields.next() {
            switch field.number {
            case 1: kind = field.text
            case 2: helper = field.id
            case 3: reason = field.text
            default: break
            }
        }
        guard fields.isWhole, let helper else { return nil }
        return .pairingEnded(
            PairingEnded(kind: PairingKind(unchecked: kind), helper: helper, reason: Code(unchecked: reason)))
    }

    private static func helper(_ bytes: UnsafeRawBufferPointer) -> Helper? {
        var person: PersonID?
        var unit: String?
        var hasRealName = false
        var hasContact: Bool?
        var fields = ProtoFields(bytes)
        while let field = fields.next() {
            switch field.number {
            case 1: person = field.id
            case 2: unit = field.text
            case 3: hasRealName = field.value != 0
            case 4: hasContact = field.value != 0
            default: break
            }
        }
        guard fields.isWhole, let person else { return nil }
        return Helper(id: person, unit: unit, hasRealName: hasRealName, hasContact: hasContact)
    }

    /// Whether a sealed part gives its person's telephone; of the first part about a person. One that is withheld or encrypted
    /// cannot be asked, and is not held against anybody.
    private static func note(_ part: UnsafeRawBufferPointer, in phones: inout [PersonID: Bool]) {
        var person: PersonID?
        var isClear = true
        var isGiven = false
        var fields = ProtoFields(part)
        while let field = fields.next() {
            switch field.number {
            case 1: person = field.id
            case 2: isClear = field.value == 0
            case 4:
                var details = ProtoFields(field.bytes)
                while let detail = details.next() { if detail.number == 3 { isGiven = !detail.bytes.isEmpty } }
            default: break
            }
        }
        guard let person, phones[person] == nil else { return }
        phones[person] = isGiven || !isClear
    }
}
