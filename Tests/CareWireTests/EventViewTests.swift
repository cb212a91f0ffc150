import CareDomain
import CareWire
import Testing

@Suite("事件的显示")
struct EventViewTests {
    @Test("a joined person is shown with masked name and nothing else of the sealed part")
    func masked() {
        let event = CareEvent.household(
            .personJoined(
                .init(
                    person: Sample.wife, role: .wife, sex: .female, birthDate: Sample.day("1965-03-07"),
                    sealed: [Sample.part])))
        let text = EventView(event, correction: Sample.correction).value.json
        #expect(
            text == """
                {"event":"PersonJoined","title":"成员加入","person":"0000000000000g00000000000b","role":"wife",\
                "sex":"female","birth_date":"1965-03-07","corrects":3,"correction_reason":"typing_error",\
                "sealed":[{"subject":"0000000000000g00000000000b","name":"王**","id_number":"***","phone":"***",\
                "address":"***","certificate_number":"***","diagnosis":"***","text":"***"},\
                {"subject":"0000000000000g00000000000b","text":"***"}]}
                """)
        for secret in ["秀英", "43100", "139000", "北湖", "高血压", "陪同"] { #expect(!text.contains(secret)) }
        let revealed = EventView(event, sealed: .revealed).value.json
        #expect(revealed.contains(#""name":"王秀英""#))
        #expect(revealed.contains(#"需要陪同就医\n“每月一次”"#))
    }

    @Test("every event has a name, a Chinese title and one line of JSON")
    func everyEvent() {
        for event in SampleEvents.all {
            let view = EventView(event)
            #expect(view.title != "未知事件")
            #expect(view.title.unicodeScalars.contains { $0.value > 0x4e00 })
            #expect(!view.value.json.contains("\n"))
            #expect(view == EventView(event))
        }
    }

    @Test("a claim of an archive number names no person: the family stands in the person's place")
    func archiveNumber() {
        let person = EventView(.person(.confirmed(SampleEvents.claim))).fields
        #expect(person.map(\.key) == ["household", "person", "command"])
        let number = PersonClaim(
            household: Sample.household, person: PersonID(Sample.household.value), command: Sample.command)
        for event in [
            PersonEvent.reserved(number), .confirmed(number), .released(number, reason: Code(unchecked: "x")),
        ] {
            let fields = EventView(.person(event)).fields
            #expect(fields.map(\.key).prefix(3) == ["household", "claimed", "command"])
            #expect(fields[1].value == .text("archive_number"))
        }
    }

    @Test("the reason for looking is sealed: masked, withheld in the bytes; who looked at what stands open")
    func reasonsForLooking() throws {
        let text = "核对雷贵香431002196904140622电话13800002222"
        let read = CareEvent.access(.read(SealedPartsRead(household: Sample.household, reason: text)))
        let file = CareEvent.access(
            .attachmentRead(
                AttachmentRead(
                    digest: SampleAttachments.digest, place: .household(Sample.household), reason: text)))
        for event in [read, file] {
            let masked = EventView(event).value.json
            #expect(masked.contains(Sample.household.description) && masked.contains(#""text":"***""#))
            #expect(!masked.contains("雷贵香") && !masked.contains("431002196904140622"))
            #expect(EventView(event, sealed: .revealed).value.json.contains(text))
            let payload = try EventCodec.encode(
                event, occurredOn: Sample.day("2014-08-01"), context: Sample.plainContext
            ).payload
            let closed = try SealedFields.withheld(payload: payload)
            #expect(!String(decoding: closed, as: UTF8.self).contains("13800002222"))
        }
        let old = CareEvent.access(
            .read(SealedPartsRead(household: Sample.household, openReason: "复核身份", sealed: [])))
        #expect(EventView(old).value.json.contains(#""reason":"复核身份""#))
    }

    @Test("control characters and quotes are escaped")
    func escaping() {
        #expect(ViewValue.text("a\"\\\u{1b}[2J\u{85}\u{2028}\n").json == #""a\"\\\u001b[2J\u0085\u2028\n""#)
    }

    @Test("an event of a newer program is shown as unknown")
    func unknown() {
        let view = EventView(unknownKind: 999, version: 2, payloadBytes: 17)
        #expect(
            view.value.json == #"{"event":"Unknown","title":"未知事件","kind":999,"version":2,"payload_bytes":17}"#)
    }
}
