import CareTestKit
import EventLog
import Foundation
import Testing

@testable import EventLogSQLite

/// Loss of power at any moment, on the calls that the real engine made on real files.
///
/// `Tests/soak --power N` makes it as long as one likes; a failure prints the seed.
@Suite("断电重建", .serialized, .timeLimit(.minutes(600)))
struct PowerLossTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static func number(_ name: String, _ standard: Int) -> Int {
        environment[name].flatMap { Int($0) } ?? standard
    }

    @Test("在任一次写入或落盘之后断电：凡应答过的都在，不沉默，照常启动", arguments: [1, 2])
    func anywhere(run: UInt64) throws {
        let points = Self.number("GUANHUAI_POWER_POINTS", 30)
        let states = Self.number("GUANHUAI_POWER_STATES", 3)
        let seed = UInt64(Self.number("GUANHUAI_POWER_SEED", 1)) * 100 + run
        var story = try PowerLossStory(seed: seed)
        // Made, killed, opened again, closed in order, opened once more.
        try story.live(commits: 30, closing: false)
        try story.live(commits: 25, closing: true)
        try story.live(commits: 12, closing: false)
        let calls = story.calls
        var random = ConformanceGenerator(seed: seed)
        var chosen = Set((0..<calls.count).shuffled(using: &random).prefix(points))
        chosen.insert(calls.count - 1)
        var replay = PowerLossReplay()
        var lost = 0
        for (place, call) in calls.enumerated() {
            replay.play(call, &random)
            guard chosen.contains(place) else { continue }
            for state in 0..<states {
                let files = replay.filesAfterPowerLoss(seed: seed &* 1_000_003 &+ UInt64(place * 16 + state))
                do {
                    try story.check(files, acknowledged: replay.acknowledged)
                } catch {
                    lost += 1
                    Issue.record(
                        "GUANHUAI_POWER_SEED=\(seed / 100), run \(run), call \(place) state \(state): \(error)")
                }
            }
        }
        print(
            "power: \(calls.count) calls, \(chosen.count) points x \(states) states, \(replay.acknowledged) events, \(lost) wrong"
        )
        #expect(replay.acknowledged > 200)
    }

    @Test("重建本身查得出：不等落盘就应答的，断电后确有丢失")
    func findsEarlyAcknowledgement() throws {
        var story = try PowerLossStory(seed: 5)
        try story.live(commits: 30, closing: false)
        // The syncs of the write-ahead log taken out of the record: as if they had never been asked for.
        var random = ConformanceGenerator(seed: 5)
        var replay = PowerLossReplay()
        var wrong = 0
        for (place, call) in story.calls.enumerated() {
            if case .sync(let name) = call, name.hasSuffix("-wal") { continue }
            replay.play(call, &random)
            guard case .acknowledged = call else { continue }
            let files = replay.filesAfterPowerLoss(seed: UInt64(place))
            if (try? story.check(files, acknowledged: replay.acknowledged)) == nil { wrong += 1 }
        }
        #expect(wrong > 5, "\(wrong)")
        print("early acknowledgement: \(wrong) wrong")
    }
}
