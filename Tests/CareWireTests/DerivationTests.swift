import CareDomain
import CareWire
import Testing

@Suite("派生编号")
struct DerivationTests {
    /// Expected values were computed with Python's hashlib from the words in `Proto/README.md`.
    @Test("ids follow from the command as the contract says")
    func frozen() throws {
        let command = CommandID(try #require(Identifier128(bytes: (1...16).map { UInt8($0) })))
        #expect(hex(HouseholdID.derived(from: command).value) == "e14dc792bbb9f94e66ce40c1229a2aac")
        #expect(hex(PersonID.derived(from: command, place: 0).value) == "177cb46ccd4424af3b893b807e85a68b")
        #expect(hex(PersonID.derived(from: command, place: 258).value) == "bf3f0236a9c6ef3b42b53e59ae8193e9")
        #expect(hex(CommandID.derived(command, "reserve", 2).value) == "ecb122b7299ee716a1b9561f8677f591")
        #expect(hex(Derivation.event(of: command, place: 3)) == "2a8136228a20dd0399d1c5ca4f3b6a2b")
        #expect(hex(Derivation.digest(Array("care".utf8))) == "f9ed2b54fd72ac1652579d3726fe310b")
    }

    @Test("a token is the same for the same number under the same key, and another under another")
    func tokens() throws {
        let number = try ResidentIDNumber("431002196503071224")
        let key = try #require(TokenKey(bytes: [UInt8](repeating: 7, count: 32)))
        let other = try #require(TokenKey(bytes: [UInt8](repeating: 8, count: 32)))
        #expect(hex(key.token(of: number).value) == "cf3b59f9797441add82e13bdb8d0c2be")
        #expect(key.token(of: number) != other.token(of: number))
        #expect(TokenKey(bytes: [UInt8](repeating: 7, count: 31)) == nil)
        #expect(hex(key.fingerprint.value) == "18a228e3769588d0408d8065902f399e")
        #expect(key.fingerprint != other.fingerprint)
    }

    @Test("one name, spread or closed, with one birth date is one likeness, and no ID number's token")
    func likenesses() throws {
        let key = try #require(TokenKey(bytes: [UInt8](repeating: 7, count: 32)))
        let other = try #require(TokenKey(bytes: [UInt8](repeating: 8, count: 32)))
        let birth = Sample.day("1965-03-07")
        let token = key.likeness(name: "李某", birthDate: birth)
        #expect(hex(token.value) == "540bf7e3840f0b0cbaa998750b70019c")
        #expect(key.likeness(name: "李　某", birthDate: birth) == token)
        #expect(key.likeness(name: "李某", birthDate: birth + 1) != token)
        #expect(key.likeness(name: "李", birthDate: birth) != token)
        #expect(other.likeness(name: "李某", birthDate: birth) != token)
        #expect(key.token(of: try ResidentIDNumber("431002196503071224")) != token)
    }

    private func hex(_ value: Identifier128) -> String {
        value.bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
