import Testing

@testable import MessageBus

@Suite("Feed (a) without a network")
struct FeedMachineTests {
    @Test("Segments of a turn that follow each other share frames up to the bound; the head is beaten each second")
    func publisher() throws {
        var settings = FeedPublisher.Settings()
        settings.frameBytes = 400
        var publisher = FeedPublisher(settings: settings, epoch: 3, head: cursor(10), now: at(0))
        var frames: [[UInt8]] = []
        publisher.tick(now: at(0), frames: &frames)
        #expect(try FeedMessage(decoding: frames[0]) == .heartbeat(epoch: 3, head: cursor(10)))
        frames = []
        for start in stride(from: 10 as UInt64, to: 18, by: 2) {
            publisher.publish(segment(start, start + 2), frames: &frames)
        }
        publisher.flush(frames: &frames)
        #expect(
            try frames.map { try FeedMessage(decoding: $0) } == [
                .frame(epoch: 3, segment(10, 14)), .frame(epoch: 3, segment(14, 18)),
            ])
        #expect(publisher.head == cursor(18) && publisher.nextTick == at(1_000))
    }

    /// A follower that stands live at `cursor(5)`.
    private func liveFollower() -> FeedFollower {
        var follower = FeedFollower(settings: .init(), cursor: cursor(5), now: at(0))
        var actions: [FeedFollower.Action] = []
        follower.tick(now: at(0), actions: &actions)
        follower.page(
            number: 1, LogPage(events: [], cursorAfter: cursor(5), atHead: true), now: at(0), actions: &actions)
        #expect(follower.state == .live)
        return follower
    }

    @Test("A frame that fits is handed over; a repeated one and one of an older epoch are not")
    func fitting() {
        var follower = liveFollower()
        var actions: [FeedFollower.Action] = []
        follower.received(FeedMessage.frame(epoch: 2, segment(5, 8)).encoded(), now: at(1), actions: &actions)
        #expect(actions == [.deliver(segment(5, 8))])
        actions = []
        follower.received(FeedMessage.frame(epoch: 2, segment(5, 8)).encoded(), now: at(2), actions: &actions)
        follower.received(FeedMessage.frame(epoch: 1, segment(8, 9)).encoded(), now: at(3), actions: &actions)
        #expect(actions.isEmpty && follower.counters.repeated == 2)
    }

    @Test("A log that was put back is noticed: by its epoch, or because it does not hold the follower's place")
    func restored() {
        var follower = liveFollower()
        var actions: [FeedFollower.Action] = []
        follower.received(FeedMessage.heartbeat(epoch: 7, head: cursor(5)).encoded(), now: at(1), actions: &actions)
        #expect(actions.isEmpty && follower.state == .live)
        let later = 7 + FeedFollower.epochsPerRestore
        follower.received(FeedMessage.frame(epoch: later, segment(5, 8)).encoded(), now: at(2), actions: &actions)
        #expect(actions == [.state(.diverged)] && follower.cursor == cursor(5))
        // Nothing more is handed over or asked for.
        follower.received(FeedMessage.frame(epoch: later, segment(5, 8)).encoded(), now: at(3), actions: &actions)
        follower.tick(now: at(60_000), actions: &actions)
        #expect(actions.count == 1 && follower.nextTick == .never)

        var late = FeedFollower(settings: .init(), cursor: cursor(90), now: at(0))
        actions = []
        late.tick(now: at(0), actions: &actions)
        late.pageRefused(number: 9, actions: &actions)
        #expect(late.state == .catchingUp)
        late.pageRefused(number: 1, actions: &actions)
        #expect(late.state == .diverged && late.nextTick == .never)
    }

    @Test("A gap is read from the log, and what came meanwhile follows without reading")
    func gap() {
        var follower = liveFollower()
        var actions: [FeedFollower.Action] = []
        follower.received(FeedMessage.frame(epoch: 1, segment(7, 9)).encoded(), now: at(1), actions: &actions)
        #expect(
            actions == [
                .state(.catchingUp), .read(number: 2, LogPageRequest(cursor: cursor(5), maximumBytes: 1 << 20)),
            ])
        follower.received(FeedMessage.frame(epoch: 1, segment(9, 12)).encoded(), now: at(2), actions: &actions)
        actions = []
        let page = LogPage(events: segment(5, 9).events, cursorAfter: cursor(9), atHead: true)
        follower.page(number: 2, page, now: at(3), actions: &actions)
        #expect(actions == [.deliver(segment(5, 9)), .state(.live), .deliver(segment(9, 12))])
        #expect(follower.cursor == cursor(12))
    }

    @Test("A heartbeat with another head, and silence, are gaps too; a failed read is repeated after a pause")
    func heartbeatsAndSilence() {
        var follower = liveFollower()
        var actions: [FeedFollower.Action] = []
        follower.received(FeedMessage.heartbeat(epoch: 1, head: cursor(5)).encoded(), now: at(1), actions: &actions)
        #expect(actions.isEmpty)
        follower.received(FeedMessage.heartbeat(epoch: 1, head: cursor(6)).encoded(), now: at(2), actions: &actions)
        #expect(actions.count == 2)
        follower.pageFailed(number: 2, now: at(3))
        actions = []
        follower.tick(now: follower.nextTick, actions: &actions)
        #expect(actions == [.read(number: 3, LogPageRequest(cursor: cursor(5), maximumBytes: 1 << 20))])
        var silent = liveFollower()
        actions = []
        silent.tick(now: at(3_499), actions: &actions)
        #expect(actions.isEmpty)
        silent.tick(now: at(3_500), actions: &actions)
        #expect(actions.contains { if case .read = $0 { true } else { false } })
    }

    @Test(
        "Whatever the network does to frames and pages, each event comes once and in order, to the last one",
        arguments: 1...60 as ClosedRange<UInt64>)
    func lossyNetwork(seed: UInt64) throws {
        enum Payload {
            case frame([UInt8])
            case read(UInt64, LogPageRequest)
            case page(UInt64, LogPage)
        }
        var network = SimulatedNetwork<Payload>(seed: seed)
        var settings = FeedFollower.Settings()
        settings.pageBytes = 400
        settings.maximumBuffered = 3
        var follower = FeedFollower(settings: settings, cursor: .start, now: at(0))
        var publisher = FeedPublisher(settings: .init(), epoch: 1, head: .start, now: at(0))
        var head: UInt64 = 0
        var handed: [UInt64] = []
        var reads: [UInt64: Int64] = [:]
        var time: Int64 = 0
        while position(follower.cursor) < 500 || follower.state != .live {
            var frames: [[UInt8]] = []
            if head < 500, network.random.chance(30) {
                let count = min(500 - head, UInt64.random(in: 1...7, using: &network.random))
                publisher.publish(segment(head, head + count), frames: &frames)
                publisher.flush(frames: &frames)
                head += count
            }
            publisher.tick(now: at(time), frames: &frames)
            for frame in frames { network.send(.frame(frame), now: at(time)) }
            var actions: [FeedFollower.Action] = []
            for arrival in network.arrivals(now: at(time)) {
                switch arrival {
                case .frame(let bytes): follower.received(bytes, now: at(time), actions: &actions)
                case .read(let number, let request):
                    let start = position(request.cursor)
                    let end = min(head, start + UInt64(request.maximumBytes) / 40)
                    let page = LogPage(
                        events: segment(start, end).events, cursorAfter: cursor(end), atHead: end == head)
                    network.send(.page(number, page), now: at(time))
                case .page(let number, let page):
                    reads[number] = nil
                    follower.page(number: number, page, now: at(time), actions: &actions)
                }
            }
            for (number, since) in reads where time - since > 200 {
                reads[number] = nil
                follower.pageFailed(number: number, now: at(time))
            }
            follower.tick(now: at(time), actions: &actions)
            for action in actions {
                switch action {
                case .read(let number, let request):
                    reads[number] = time
                    network.send(.read(number, request), now: at(time))
                case .deliver(let segment): handed.append(contentsOf: segment.events.map(\.position))
                case .state: break
                }
            }
            time += 5
            try #require(time < 300_000, "seed \(seed): not caught up in five minutes of simulated time")
        }
        #expect(handed == Array(1...500))
    }
}
