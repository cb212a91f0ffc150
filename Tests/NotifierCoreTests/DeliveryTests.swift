import CareDomain
import EventLog
import NotifierCore
import Testing

@Suite("提醒的送达")
struct DeliveryTests {
    private func desk(_ configuration: NotifierConfiguration = .webhook) -> Desk {
        var desk = Desk(configuration)
        var family = Family.complete()
        family.end("volunteer", 13, on: "2014-09-01")
        desk.world.tell(family)
        return desk
    }

    private func order(_ action: NoticeOrder.Action, notice: UInt64, id: UInt64 = 1) -> NoticeOrder {
        NoticeOrder(
            id: CommandID(Identifier128(high: 0xD, low: id)), household: household(1),
            notice: EventReference(sequence: notice), channel: code("webhook"), action: action, by: code("op.li"))
    }

    @Test("失败后按倍增的间隔再试，同一内容；成功后记下尝试次数")
    func retriesWithBackOff() {
        var desk = desk()
        desk.receiver = .status(503, retryAfter: nil)
        desk.start(on: "2014-09-01")
        var pauses: [Duration] = []
        for _ in 1...2 {
            pauses.append((desk.wakeAt ?? .zero) - desk.now)
            desk.sleep()
        }
        #expect(pauses[0] >= .milliseconds(500) && pauses[0] <= .seconds(1))
        #expect(pauses[1] >= .seconds(1) && pauses[1] <= .seconds(2))
        desk.receiver = .delivered
        desk.sleep()
        let notice = desk.world.notices(household(1)).first
        #expect(notice?.deliveries.map(\.outcome) == [.delivered])
        #expect(notice?.deliveries.first?.attempts == 4)
        #expect(Set(desk.world.posts.values.flatMap { $0 }).count == 1)
    }

    @Test("次数用完就搁置，写明原因；操作员重送成功后记为送达")
    func parkedAndDrivenAgain() {
        var desk = desk()
        desk.receiver = .failed(code("connection_refused"))
        desk.start(on: "2014-09-01")
        while desk.wakeAt != nil { desk.sleep() }
        var notice = desk.world.notices(household(1)).first
        #expect(notice?.deliveries.map(\.outcome) == [.parked])
        #expect(notice?.deliveries.first?.attempts == 4)
        #expect(notice?.deliveries.first?.reason == code("connection_refused"))
        let sequence = notice?.reference.sequence ?? 0
        let id = DeliveryID(
            household: household(1), notice: EventReference(sequence: sequence), channel: code("webhook"))
        #expect(desk.world.problems == [.parked(id, reason: code("connection_refused"), attempts: 4)])
        desk.feed()
        #expect(desk.world.posts[id]?.count == 4)
        desk.receiver = .delivered
        desk.input(.order(order(.retry, notice: sequence)))
        #expect(desk.world.answers.map(\.answer) == [.underWay])
        notice = desk.world.notices(household(1)).first
        #expect(notice?.deliveries.map(\.outcome) == [.parked, .delivered])
        #expect(Set(desk.world.posts[id] ?? []).count == 1)
        desk.input(.order(order(.retry, notice: sequence, id: 2)))
        #expect(desk.world.answers.last?.answer == .refused(.alreadyDelivered))
    }

    @Test("重送仍失败则再次搁置，两次都在记录里")
    func parkedTwice() {
        var desk = desk()
        desk.receiver = .status(404, retryAfter: nil)
        desk.start(on: "2014-09-01")
        let sequence = desk.world.notices(household(1))[0].reference.sequence
        desk.input(.order(order(.retry, notice: sequence)))
        let deliveries = desk.world.notices(household(1))[0].deliveries
        #expect(deliveries.map(\.outcome) == [.parked, .parked])
        #expect(deliveries.map(\.reason) == [code("http_404"), code("http_404")])
        // Another status than 408, 425, 429 and 5xx is not tried again.
        #expect(deliveries.map(\.attempts) == [1, 1])
    }

    @Test("对方要求等待时照办，但不超过最长间隔", arguments: [(20, 20), (4_000, 300)])
    func retryAfter(asked: Int, kept: Int) {
        var desk = desk()
        desk.receiver = .status(429, retryAfter: .seconds(asked))
        desk.start(on: "2014-09-01")
        #expect(desk.wakeAt == .seconds(kept))
    }

    @Test("操作员放弃：写明原因和谁放弃，以后不再送")
    func skipped() {
        var desk = desk()
        desk.receiver = .status(500, retryAfter: nil)
        desk.start(on: "2014-09-01")
        let sequence = desk.world.notices(household(1))[0].reference.sequence
        desk.input(.order(order(.skip(reason: code("told_by_phone")), notice: sequence)))
        #expect(desk.world.answers.map(\.answer) == [.done])
        let deliveries = desk.world.notices(household(1))[0].deliveries
        #expect(deliveries.map(\.outcome) == [.skipped])
        #expect(deliveries.first?.reason == code("told_by_phone"))
        #expect(deliveries.first?.attempts == 1)
        while desk.wakeAt != nil { desk.sleep() }
        #expect(desk.world.posts.values.map(\.count) == [1])
        desk.input(.order(order(.skip(reason: code("told_by_phone")), notice: sequence, id: 2)))
        #expect(desk.world.answers.last?.answer == .done)
        #expect(desk.world.notices(household(1))[0].deliveries.count == 1)
    }

    @Test("不存在的提醒、渠道和太多的指令得到明确的拒绝")
    func refusedOrders() {
        var desk = desk()
        desk.start(on: "2014-09-01")
        desk.input(.order(order(.retry, notice: 1)))
        #expect(desk.world.answers.last?.answer == .refused(.unknownNotice))
        var unknown = order(.retry, notice: 9)
        unknown.channel = code("fax")
        desk.input(.order(unknown))
        #expect(desk.world.answers.last?.answer == .refused(.unknownChannel))
        // Before the notifier has caught up orders wait, and no more than allowed.
        var starting = Desk(.webhook)
        for id in 1...65 { starting.input(.order(order(.retry, notice: 9, id: UInt64(id)))) }
        #expect(starting.world.answers.map(\.answer) == [.refused(.busy)])
    }

    @Test("后来开的渠道不重复以前的提醒")
    func channelOpenedLater() {
        var desk = desk(.line)
        desk.start(on: "2014-09-01")
        let channels = [
            NoticeChannel(code: code("stdout"), kind: .line),
            NoticeChannel(code: code("webhook"), kind: .webhook, from: day("2014-09-02")),
        ]
        var later = Desk(NotifierConfiguration(channels: channels))
        later.world = desk.world
        later.start(on: "2014-09-02")
        #expect(later.world.posts.isEmpty)
    }

    @Test("CloudEvents 1.0 结构化 JSON 的全文；编号就是事件编号，不含姓名")
    func cloudEventGolden() throws {
        var desk = desk()
        desk.start(on: "2014-09-01")
        let body = String(decoding: try #require(desk.world.posts.values.first?.first), as: UTF8.self)
        let event = try #require(desk.world.streams[household(1)]?.first { $0.event.kindName == "NoticeRaised" })
        let id = EventID(of: AppendID(high: event.command.value.high, low: event.command.value.low), place: 0)
        #expect(
            body == """
                {"specversion":"1.0","id":"\(id)","source":"/guanhuai/notifier",\
                "type":"guanhuai.notice.pairing_gap_opened","subject":"household-\(household(1))",\
                "datacontenttype":"application/json","data":{"household":"\(household(1))",\
                "kind":"pairing_gap_opened","key":"pairing_gap_opened/volunteer/2014-09-01",\
                "raised_on":"2014-09-01","division":"431002",\
                "details":{"slot":"volunteer","gap_from":"2014-09-01"},"persons":[],\
                "text_zh":"“志愿者”结对自 2014-09-01 起空缺","text_en":"no volunteer helper since 2014-09-01"}}
                """)
    }

    @Test("送达内容以提醒时所知为准：帮扶人姓名更正后再送，仍是同样的字节")
    func repeatedDeliveryKeepsItsBytes() throws {
        var family = Family.complete()
        family.handOver("cadre", 11, 21, on: "2014-09-01")
        family.raise(on: "2014-09-01")
        func rendered(_ family: Family) throws -> [UInt8] {
            let history = HouseholdHistory(id: family.id, events: family.events)
            let notice = try #require(history.household.notices.first)
            let rendering = NoticeRendering(
                history: history, notice: notice, eventID: "1", policy: { _ in .chenzhou }, showsNames: false)
            return rendering.cloudEvent(source: "/guanhuai/notifier") + Array(rendering.line.utf8)
        }
        let first = try rendered(family)
        #expect(String(decoding: first, as: UTF8.self).contains("由 帮扶人11 交接给 帮扶人21"))
        let assigned = try #require(
            family.events.first {
                if case .pairingAssigned(let made) = $0.event { made.helper.id == person(11) } else { false }
            })
        let sealed = [SealedPart(subject: person(11), details: PersonalDetails(name: "另一名"))]
        family.add(
            .pairingAssigned(
                PairingAssigned(
                    kind: PairingKind(unchecked: "cadre"), helper: Helper(id: person(11), hasRealName: true),
                    sealed: sealed)),
            on: "2014-08-01", correcting: assigned.reference)
        #expect(try rendered(family) == first)
    }

    @Test("帮扶人实名，处处写明；家庭成员的姓名只出现在允许的渠道")
    func namesOnlyWhereAllowed() throws {
        for showsNames in [false, true] {
            let channels = [
                NoticeChannel(code: code("stdout"), kind: .line, showsNames: showsNames),
                NoticeChannel(code: code("webhook"), kind: .webhook, showsNames: showsNames),
            ]
            var desk = Desk(NotifierConfiguration(channels: channels))
            var family = Family.complete()
            let wife = SealedPart(subject: person(1), details: PersonalDetails(name: "甲妻"))
            family.add(
                .personDetailsChanged(PersonDetailsChanged(person: person(1), sealed: [wife])), on: "2014-08-02")
            family.handOver("cadre", 11, 21, on: "2014-09-01")
            family.assess(1, grade: 3, validThrough: "2014-09-30", on: "2014-08-02")
            desk.world.tell(family)
            desk.start(on: "2014-09-01")
            let all =
                desk.world.lines.values.flatMap { $0 }.joined()
                + desk.world.posts.values.flatMap { $0 }.map { String(decoding: $0, as: UTF8.self) }.joined()
            #expect(all.contains("certificate_review_due") && all.contains("甲妻") == showsNames)
            let handover = "pairing_handover"
            let line = try #require(desk.world.lines.values.flatMap { $0 }.first { $0.contains(handover) })
            let bodies = desk.world.posts.values.flatMap { $0 }.map { String(decoding: $0, as: UTF8.self) }
            let body = try #require(bodies.first { $0.contains(handover) })
            #expect(line.contains("由 帮扶人11 交接给 帮扶人21"))
            #expect(body.contains("\"names\":{\"\(person(11))\":\"帮扶人11\",\"\(person(21))\":\"帮扶人21\"}"))
            #expect(body.contains("\"persons\":[\"\(person(11))\",\"\(person(21))\"]"))
            #expect(line.hasPrefix("【结对交接】431002 家庭 \(household(1)) “干部”结对 2014-09-01 由 "))
        }
    }
}
