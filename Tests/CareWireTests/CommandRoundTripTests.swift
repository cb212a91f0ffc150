import CareDomain
import CareWire
import Testing

@Suite("命令与字节")
struct CommandRoundTripTests {
    @Test("every action has a sample")
    func everyActionHasSamples() {
        let names = Set(SampleCommands.all.map { SampleCommands.name(of: $0.action) })
        #expect(names.count == 42)
    }

    @Test("every command comes back equal and with the same digest")
    func roundTrip() throws {
        for command in SampleCommands.all + [SampleCommands.plain] {
            let basis = Code(unchecked: "consent")
            let bytes = try CommandCodec.encode(command, legalBasis: basis)
            let received = try CommandCodec.decode(bytes)
            #expect(received.command == command)
            #expect(received.legalBasis == basis)
            #expect(try received.digest == CommandCodec.digest(of: command, legalBasis: basis))
            #expect(received.digest == Derivation.digest(bytes))
            #expect(try CommandCodec.encode(command, legalBasis: basis) == bytes)
            #expect(try CommandCodec.digest(of: command) != received.digest)
        }
    }

    @Test("what puts a registration right names its household")
    func correctedRegistration() throws {
        var command = HouseholdCommand(
            id: Sample.command, household: Sample.otherHousehold, occurredOn: CivilDay(year: 2024, month: 5, day: 6)!,
            action: .registerHousehold(
                RegisterHousehold(household: HouseholdRegistered(division: DivisionCode("431002")!), members: [])))
        command.correction = Correction(
            corrects: EventReference(sequence: 1), reason: Code(unchecked: "typing_error"))
        #expect(try CommandCodec.decode(CommandCodec.encode(command)).command == command)
    }

    @Test("a registration's household follows from the command, and members without id get theirs from their place")
    func derivedIDs() throws {
        var wire = Care_V1_Command()
        wire.commandID = .init(Sample.command.value.bytes)
        wire.household = .init(Sample.otherHousehold.value.bytes)
        wire.registerHousehold.household.division = "431002"
        var member = Care_V1_PersonJoined()
        member.role = .wife
        wire.registerHousehold.members = [member, member]
        let received = try CommandCodec.decode(wire.serializedBytes())
        #expect(received.command.household == .derived(from: Sample.command))
        guard case .registerHousehold(let register) = received.command.action else {
            Issue.record("not a registration")
            return
        }
        #expect(register.members.map(\.person) == (0...1).map { .derived(from: Sample.command, place: $0) })
        #expect(try CommandCodec.decode(CommandCodec.encode(received.command)).command == received.command)
    }

    @Test("publishing a pack and setting a parameter come back equal")
    func packs() throws {
        let day = Sample.day("2014-08-01")
        let publish = try PackCommand.publish(SampleEvents.published, id: Sample.command, occurredOn: day)
        let published = try PackCommand(publish: publish)
        #expect(published.event == .published(SampleEvents.published))
        #expect(published.pack == SampleEvents.published.pack)
        for parameter in SampleEvents.parameters {
            let pack = PackID(unchecked: "chenzhou-2014")
            let wire = try PackCommand.set(parameter, of: pack, id: Sample.command, occurredOn: day)
            let command = try PackCommand(set: wire)
            #expect(
                command == PackCommand(id: Sample.command, pack: pack, occurredOn: day, event: .parameterSet(parameter))
            )
            #expect(try command.digest() != published.digest())
        }
    }

    @Test("a refusal comes back equal, and without its candidate for those who may not see it")
    func refusals() throws {
        for reason in Refusal.Reason.allCases {
            let refusal = Refusal(
                reason, field: "members[2].birth_date", detail: "2031-01-01", clause: ClauseID("CZ-1.1"),
                candidate: Sample.otherHousehold)
            #expect(Refusal(wire: refusal.wire(showsCandidate: true)) == refusal)
            let hidden = refusal.wire(showsCandidate: false)
            #expect(!hidden.hasCandidateHousehold)
            #expect(hidden.textZh == refusal.chinese)
            #expect(hidden.textEn == refusal.english)
        }
        #expect(Refusal(wire: WireError(.missing, "action").refusal) == nil)
    }
}
