import CareDomain
import CareWire
import SwiftProtobuf
import Testing

@Suite("不合约定的内容")
struct WireErrorTests {
    /// Decodes a payload message and returns the error.
    private func error(_ kind: EventKind, _ message: some Message) throws -> WireError? {
        let payload: [UInt8] = try message.serializedBytes()
        do throws(WireError) {
            _ = try EventCodec.decodeAny(kind: UInt32(kind.rawValue), version: 1, payload: payload)
            return nil
        } catch { return error }
    }

    private func joined(_ change: (inout Care_V1_PersonJoined) -> Void) -> Care_V1_PersonJoined {
        var message = Care_V1_PersonJoined()
        message.person = .init(Sample.wife.value.bytes)
        message.role = .wife
        change(&message)
        return message
    }

    @Test("each broken field is named with its path")
    func fields() throws {
        #expect(try error(.personJoined, joined { _ in }) == nil)
        #expect(try error(.personJoined, joined { $0.person = .init() }) == WireError(.missing, "person"))
        #expect(
            try error(.personJoined, joined { $0.person = .init([1, 2]) })
                == WireError(.wrongLength, "person", limit: 16))
        #expect(try error(.personJoined, joined { $0.role = .unspecified }) == WireError(.missing, "role"))
        #expect(
            try error(.personJoined, joined { $0.role = .UNRECOGNIZED(77) })
                == WireError(.unknownEnum, "role", limit: 77))
        #expect(
            try error(.personJoined, joined { $0.birthDate = 2_932_897 }) == WireError(.outOfRange, "birth_date"))
        #expect(try error(.personJoined, joined { $0.token = .init() }) == WireError(.missing, "token"))
        var part = Care_V1_SealedPart()
        part.subject = .init(Sample.wife.value.bytes)
        part.content = .init([0xff])
        #expect(
            try error(.personJoined, joined { $0.sealedParts = [part] })
                == WireError(.malformed, "sealed_parts[0].content"))
        part.content = .init()
        #expect(
            try error(.personJoined, joined { $0.sealedParts = .init(repeating: part, count: 33) })
                == WireError(.tooMany, "sealed_parts", limit: 32))
        var details = Care_V1_PersonalDetails()
        details.name = String(repeating: "名", count: 67)
        part.content = try details.serializedBytes()
        #expect(
            try error(.personJoined, joined { $0.sealedParts = [part, part] })
                == WireError(.tooLong, "sealed_parts[0].content.name", limit: 200))
    }

    @Test("required messages, choices and references must be there")
    func missing() throws {
        #expect(try error(.pairingAssigned, Care_V1_PairingAssigned()) == WireError(.missing, "kind"))
        var assigned = Care_V1_PairingAssigned()
        assigned.kind = "cadre"
        #expect(try error(.pairingAssigned, assigned) == WireError(.missing, "helper"))
        assigned.helper = Care_V1_Helper()
        #expect(try error(.pairingAssigned, assigned) == WireError(.missing, "helper.person"))
        var stated = Care_V1_FactStated()
        stated.fact = "household.dibao"
        stated.subject = Care_V1_FactSubject()
        stated.source = "form"
        #expect(try error(.factStated, stated) == WireError(.missing, "subject"))
        stated.subject.household = false
        #expect(try error(.factStated, stated) == WireError(.outOfRange, "subject.household"))
        stated.subject.household = true
        stated.value = Care_V1_FactValue()
        #expect(try error(.factStated, stated) == WireError(.missing, "value"))
        stated.value.code = "Not A Code"
        #expect(try error(.factStated, stated) == WireError(.invalidCode, "value.code"))
        #expect(try error(.needClosed, Care_V1_NeedClosed()) == WireError(.missing, "need_sequence"))
    }

    @Test("unknown types and newer versions can be stepped over, everything else cannot")
    func skippable() throws {
        for (kind, version, code) in [
            (UInt32(0), UInt32(1), WireError.Code.unknownKind), (999, 1, .unknownKind), (.max, 1, .unknownKind),
            (1, 2, .unsupportedVersion), (1, .max, .unsupportedVersion), (1, 0, .outOfRange),
        ] {
            do throws(WireError) {
                _ = try EventCodec.decodeAny(kind: kind, version: version, payload: [])
                Issue.record("decoded")
            } catch {
                #expect(error.code == code)
                #expect(error.isSkippable == (code != .outOfRange))
                #expect(!error.isRetriable)
            }
        }
    }

    @Test("what breaks a limit is refused before it is written")
    func encoding() {
        func encode(_ event: HouseholdEvent) throws(WireError) {
            _ = try EventCodec.encode(
                ProposedEvent(occurredOn: Sample.day("2014-08-01"), event: event), context: Sample.context)
        }
        let person = Sample.wife
        #expect(throws: WireError(.outOfRange, "grade")) {
            try encode(.disabilityAssessed(.init(person: person, grade: -1)))
        }
        #expect(throws: WireError(.outOfRange, "items")) {
            try encode(.needRaised(.init(kind: Code(unchecked: "k"), items: 0)))
        }
        #expect(throws: WireError(.invalidCode, "reason")) {
            try encode(.closed(.init(reason: Code(unchecked: "有空格 "))))
        }
        #expect(throws: WireError(.unreadablePart, "sealed_parts[0].content")) {
            try encode(.needRaised(.init(kind: Code(unchecked: "k"), sealed: [.init(subject: person, details: nil)])))
        }
        #expect(throws: WireError(.missing, "sealed_parts[0].content.name")) {
            let blank = SealedPart(subject: person, details: PersonalDetails(name: ""))
            try encode(.needRaised(.init(kind: Code(unchecked: "k"), sealed: [blank])))
        }
    }

    @Test("a command too long, without action or with a bad id is refused")
    func commands() throws {
        func error(_ bytes: [UInt8]) -> WireError? {
            do throws(WireError) {
                _ = try CommandCodec.decode(bytes)
                return nil
            } catch { return error }
        }
        #expect(error([]) == WireError(.missing, "command_id"))
        #expect(error([0xff]) == WireError(.malformed))
        #expect(error([UInt8](repeating: 0, count: 1024 * 1024 + 1)) == WireError(.tooLong, limit: 1024 * 1024))
        var wire = Care_V1_Command()
        wire.commandID = .init(Sample.command.value.bytes)
        #expect(error(try wire.serializedBytes()) == WireError(.missing, "action"))
        wire.withdraw = Care_V1_Withdrawn()
        #expect(error(try wire.serializedBytes()) == WireError(.missing, "household"))
        wire.household = .init([1])
        #expect(error(try wire.serializedBytes()) == WireError(.wrongLength, "household", limit: 16))
    }

    @Test("every error has a stable code and says in both languages what is wrong, without values")
    func texts() {
        #expect(WireError.Code.allCases.map(\.rawValue) == Array(1001...1012))
        for code in WireError.Code.allCases {
            let error = WireError(code, "members[1].birth_date", limit: 16)
            #expect(error.chineseText.contains("members[1].birth_date"))
            #expect(error.englishText.contains("members[1].birth_date"))
            #expect(error.refusal.code == "CARE-\(code.rawValue)")
            #expect(error.description.hasPrefix("CARE-"))
        }
    }
}
