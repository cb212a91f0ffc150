import ArchiveClient
import CareDomain
import CareTestKit
import CareWire
import MessageBus
import Testing

@testable import IntakeCore

@Suite("受理：断线时暂存，恢复后依序登记")
struct OutboxTests {
    private static let clerk = IntakeWorldTests.clerk

    private static func moment(_ seconds: Int64) -> BusMoment {
        BusMoment(
            monotonic: MonotonicTime(nanoseconds: seconds * 1_000_000_000),
            utcMicroseconds: IntakeWorldTests.start.microseconds + seconds * 1_000_000)
    }

    private static func received(
        _ number: UInt64, learnedOn: CivilDay? = nil
    ) throws -> (received: ReceivedCommand, bytes: [UInt8]) {
        var command = IntakeWorldTests.registration(number, tokens: [number])
        command.learnedOn = learnedOn
        let bytes = try CommandCodec.encode(command)
        return (try CommandCodec.decode(bytes), bytes)
    }

    /// A fact about the household of a registration.
    private static func fact(_ number: UInt64, of registration: UInt64) throws -> (ReceivedCommand, [UInt8]) {
        let household = HouseholdID.derived(from: IntakeWorldTests.identifier(registration))
        let command = HouseholdCommand(
            id: IntakeWorldTests.identifier(number), household: household, occurredOn: IntakeWorldTests.today,
            action: .closeHousehold(HouseholdClosed(reason: Code(unchecked: "moved_away"))))
        let bytes = try CommandCodec.encode(command)
        return (try CommandCodec.decode(bytes), bytes)
    }

    private static func outbox() -> Outbox {
        var outbox = Outbox()
        outbox.begin(at: moment(0).monotonic)
        return outbox
    }

    private static func take(
        _ outbox: inout Outbox, _ command: (ReceivedCommand, [UInt8]), as caller: Caller = clerk, at second: Int64
    ) -> Outbox.Taken {
        outbox.take(
            command.0, bytes: command.1, from: caller, token: RequestToken(UInt64(second)), at: moment(second))
    }

    private static func keep(_ outbox: inout Outbox, _ command: (ReceivedCommand, [UInt8]), at second: Int64) throws {
        guard case .store(let kept) = take(&outbox, command, at: second) else {
            Issue.record("it is to be kept")
            return
        }
        #expect(outbox.stored(kept.number, isOnDisk: true)?.tokens == [RequestToken(UInt64(second))])
    }

    private static let recorded = CommandResult.recorded(
        .init(
            household: HouseholdID(Identifier128(high: 1, low: 1)),
            place: AppendPlace(first: 1, last: 1, recordedAt: IntakeWorldTests.start, cursor: []), isRepeated: false))

    @Test("线路正常：什么都不存；沉默超过限度才算断线；关闭时从不")
    func onlyWhenCutOff() throws {
        var outbox = Self.outbox()
        let command = try Self.received(1)
        guard case .pass = Self.take(&outbox, command, at: 2) else {
            Issue.record("two seconds are no break")
            return
        }
        outbox.heard(at: Self.moment(4).monotonic)
        #expect(!outbox.isCutOff(at: Self.moment(7).monotonic))
        #expect(outbox.isCutOff(at: Self.moment(8).monotonic))
        var off = Outbox.off
        off.begin(at: Self.moment(0).monotonic)
        guard case .pass = Self.take(&off, command, at: 100) else {
            Issue.record("it is off")
            return
        }
    }

    @Test("同一命令再来：等同一次落盘，或答已暂存；同号不同内容：拒绝")
    func repeats() throws {
        var outbox = Self.outbox()
        let command = try Self.received(1)
        guard case .store(let kept) = Self.take(&outbox, command, at: 10),
            case .joined = Self.take(&outbox, command, at: 11)
        else {
            Issue.record("one file for both")
            return
        }
        #expect(outbox.stored(kept.number, isOnDisk: true)?.tokens == [RequestToken(10), RequestToken(11)])
        guard case .kept = Self.take(&outbox, command, at: 12) else {
            Issue.record("it is on disk already")
            return
        }
        var other = try Self.received(1, learnedOn: IntakeWorldTests.today)
        other.received.digest = Identifier128(high: 5, low: 5)
        guard case .failed(let failure) = Self.take(&outbox, other, at: 13) else {
            Issue.record("another content under the same id")
            return
        }
        #expect(failure == .idReused)
    }

    @Test("没写成盘：不留，答复请重试")
    func unwritable() throws {
        var outbox = Self.outbox()
        guard case .store(let kept) = Self.take(&outbox, try Self.received(1), at: 10) else {
            Issue.record("it is to be kept")
            return
        }
        #expect(outbox.stored(kept.number, isOnDisk: false) != nil)
        #expect(outbox.counts == (0, 0))
    }

    @Test("线路恢复：依次一条一条；同户的新命令排在后面，别户的直接办")
    func inOrder() throws {
        var outbox = Self.outbox()
        try Self.keep(&outbox, try Self.received(1), at: 10)
        try Self.keep(&outbox, try Self.fact(2, of: 1), at: 11)
        try Self.keep(&outbox, try Self.received(3), at: 12)
        #expect(outbox.next(at: Self.moment(13).monotonic) == nil)
        outbox.heard(at: Self.moment(14).monotonic)
        guard case .store = Self.take(&outbox, try Self.fact(4, of: 1), at: 15),
            case .pass = Self.take(&outbox, try Self.received(9), at: 15)
        else {
            Issue.record("the household's own waits, another's does not")
            return
        }
        _ = outbox.stored(4, isOnDisk: true)
        var seen: [UInt64] = []
        while let kept = outbox.next(at: Self.moment(16).monotonic) {
            seen.append(kept.number)
            #expect(outbox.next(at: Self.moment(16).monotonic) == nil, "one at a time")
            guard case .remove(kept.number) = outbox.settled(kept.number, Self.recorded, at: Self.moment(16).monotonic)
            else {
                Issue.record("recorded, so its file goes")
                return
            }
        }
        #expect(seen == [1, 2, 3, 4])
        #expect(outbox.counts == (0, 0))
    }

    @Test("转交被拒：留给人，后面的照办；可再试，可放弃")
    func refused() throws {
        var outbox = Self.outbox()
        let first = try Self.received(1)
        try Self.keep(&outbox, first, at: 10)
        try Self.keep(&outbox, try Self.received(2), at: 11)
        outbox.heard(at: Self.moment(12).monotonic)
        let now = Self.moment(12).monotonic
        let next = outbox.next(at: now)
        let kept = try #require(next)
        guard case .rewrite(let marked) = outbox.settled(kept.number, .refused(Refusal(.staleView)), at: now) else {
            Issue.record("it is kept with its refusal")
            return
        }
        #expect(marked.refusal?.code == Refusal(.staleView).code)
        let again = try KeptCommand(decoding: marked.encoded())
        #expect(again.refusal == marked.refusal)
        #expect(outbox.counts == (1, 1))
        #expect(outbox.next(at: now)?.number == 2)
        #expect(outbox.drop(first.received.command.id, for: [.everywhere]) == 1)
        #expect(outbox.drop(first.received.command.id, for: [.everywhere]) == nil)

        var restarted = Outbox(kept: [again])
        restarted.begin(at: now)
        #expect(restarted.next(at: now) == nil)
        #expect(restarted.retry(first.received.command.id, for: [.everywhere])?.refusal == nil)
        #expect(restarted.next(at: now)?.number == 1)
    }

    @Test("第几次提交一并暂存：别处已拒绝的，转交时认得出；人说再试的，不再算那一次")
    func submission() throws {
        var outbox = Self.outbox()
        let (received, bytes) = try Self.received(1)
        let taken = outbox.take(
            received, bytes: bytes, from: Self.clerk, token: RequestToken(1), submission: 1_764_361_000_000_000,
            at: Self.moment(10))
        guard case .store(let kept) = taken else {
            Issue.record("it is to be kept")
            return
        }
        let again = try KeptCommand(decoding: kept.encoded())
        #expect(again.submission == 1_764_361_000_000_000)
        var restarted = Outbox(kept: [again])
        let now = Self.moment(12).monotonic
        restarted.begin(at: now)
        #expect(restarted.next(at: now)?.submission == 1_764_361_000_000_000)
        let late = FlowFailure(code: "CARE-6528", chinese: "已拒绝", english: "refused before", isRetriable: false)
        guard case .rewrite(let marked) = restarted.settled(1, .failed(late), at: now) else {
            Issue.record("it is kept with its refusal")
            return
        }
        #expect(marked.refusal?.code == "CARE-6528" && marked.submission == again.submission)
        #expect(restarted.retry(received.command.id, for: [.everywhere])?.submission == 0)
        #expect(restarted.next(at: now)?.submission == 0)
    }

    @Test("转交时档案服务忙或盘满：稍后再试，不算被拒")
    func busy() throws {
        var outbox = Self.outbox()
        try Self.keep(&outbox, try Self.received(1), at: 10)
        outbox.heard(at: Self.moment(12).monotonic)
        _ = outbox.next(at: Self.moment(12).monotonic)
        guard case .keep = outbox.settled(1, .failed(.overloaded), at: Self.moment(12).monotonic) else {
            Issue.record("nothing changes on disk")
            return
        }
        #expect(outbox.next(at: Self.moment(12).monotonic) == nil)
        #expect(outbox.next(at: Self.moment(13).monotonic)?.number == 1)
    }

    @Test("暂存当天即获知之日；同日不写，来源自己写了的不改")
    func learnedOn() throws {
        let (received, bytes) = try Self.received(1)
        let kept = KeptCommand(
            number: 1, bytes: bytes, received, from: Self.clerk,
            at: Moment(microseconds: Self.moment(10).utcMicroseconds))
        #expect(kept.forwarded(on: IntakeWorldTests.today).command.learnedOn == nil)
        let late = kept.forwarded(on: IntakeWorldTests.today + 3)
        #expect(late.command.learnedOn == IntakeWorldTests.today)
        #expect(late.caller.principal.rights.contains(.importHistory))
        #expect(kept.action == "register_household")
    }

    @Test("没有权利的不暂存：当场拒绝")
    func rights() throws {
        var outbox = Self.outbox()
        var reader = Self.clerk
        reader.principal.rights = [.query]
        var elsewhere = Self.clerk
        elsewhere.principal.divisions = [DivisionCode("450000")!]
        let dated = try Self.received(2, learnedOn: IntakeWorldTests.today)
        for (caller, command) in [
            (reader, try Self.received(1)), (elsewhere, try Self.received(1)), (Self.clerk, dated),
        ] {
            guard case .refused = Self.take(&outbox, command, as: caller, at: 10) else {
                Issue.record("refused at once")
                return
            }
        }
        #expect(outbox.counts == (0, 0))
    }

    @Test("装满之后请对方重试，不丢已答应的")
    func full() throws {
        var settings = Outbox.Settings()
        settings.maximumCommands = 2
        var outbox = Outbox(settings: settings)
        outbox.begin(at: Self.moment(0).monotonic)
        for number in 1...2 as ClosedRange<UInt64> { try Self.keep(&outbox, try Self.received(number), at: 10) }
        guard case .failed(let failure) = Self.take(&outbox, try Self.received(3), at: 11) else {
            Issue.record("there is no room")
            return
        }
        #expect(failure.isRetriable)
        #expect(outbox.counts == (2, 0))
    }

    @Test("坏文件说得出坏在哪里")
    func unreadable() throws {
        let (received, bytes) = try Self.received(1)
        var caller = Self.clerk
        caller.principal.roles.insert(Code(unchecked: "reviewer"))
        let kept = KeptCommand(number: 7, bytes: bytes, received, from: caller, at: IntakeWorldTests.start)
        let file = kept.encoded()
        #expect(try KeptCommand(decoding: file).caller.principal == caller.principal)
        #expect(throws: KeptCommand.Unreadable.notAQueuedCommand) { try KeptCommand(decoding: [1, 2, 3]) }
        #expect(throws: KeptCommand.Unreadable.self) { try KeptCommand(decoding: Array(file[..<(file.count / 2)])) }
        // What is forwarded becomes the record: a name with one bit turned is another name.
        for place in file.indices {
            var damaged = file
            damaged[place] ^= 1 << UInt8(place % 8)
            #expect(throws: KeptCommand.Unreadable.self, "byte \(place)") { try KeptCommand(decoding: damaged) }
        }
        #expect(throws: KeptCommand.Unreadable.self) { try KeptCommand(decoding: Array(file.dropLast(9))) }
    }
}
