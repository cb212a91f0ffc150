import CareTestKit
import EventLog
import Foundation
import Testing

@testable import EventLogSQLite

/// Calls on real files that fail, by their position: what is acknowledged stays, and nothing is acknowledged that was not
/// written.
@Suite("调用失败", .serialized, .timeLimit(.minutes(600)))
struct FailingCallTests {
    private static let environment = ProcessInfo.processInfo.environment

    /// Each call on each file with each way in which it fails.
    static let faults: [(PlannedFault.Call, String, PlannedFault.Failure)] = [
        (.write, "-wal", .error), (.write, "-wal", .short), (.write, "-wal", .full), (.sync, "-wal", .error),
        (.write, ".sqlite", .error), (.write, ".sqlite", .short), (.sync, ".sqlite", .error),
        (.open, ".sqlite", .error), (.truncate, "-wal", .error),
        (.write, "events.head", .error), (.write, "events.head", .short), (.write, "events.head", .full),
        (.sync, "events.head", .error), (.open, "events.head", .error),
        (.write, ".image.new", .error), (.rename, "events.image", .error), (.open, ".image.new", .error),
        (.write, "events.trail", .error), (.write, "events.trail", .short), (.write, "events.trail", .full),
        (.sync, "events.trail", .error), (.open, "events.trail", .error), (.write, "events.names", .full),
        (.write, "events.lock", .full),
    ]

    @Test("任一种调用在任一处失败：应答过的都在，没写成的不应答，重新启动后照常", arguments: faults.indices)
    func anyCall(index: Int) throws {
        let isLong = Self.environment["GUANHUAI_POWER_POINTS"] != nil
        let (call, file, failure) = Self.faults[index]
        let numbers = isLong ? [1, 2, 3, 5, 9, 17] : [1, 3]
        var struck = 0
        for number in numbers {
            for whileOpen in [false, true] {
                var story = try PowerLossStory(seed: UInt64(index * 100 + number))
                try story.live(commits: 12, closing: number % 2 == 0)
                let fault = PlannedFault(call: call, file: file, failure: failure, number: number)
                // From the opening on, or only once it is open.
                story.disk.plan(whileOpen ? nil : fault)
                try story.live(commits: 20, closing: true) { if whileOpen { $0.plan(fault) } }
                if story.disk.hasStruck { struck += 1 }
                story.disk.plan(nil)
                try check(story, isLong ? 5 : 1, "\(call) \(file) \(failure) number \(number)")
            }
        }
        #expect(struck > 0, "\(call) \(file): the call was never made")
    }

    private func check(_ story: PowerLossStory, _ states: Int, _ comment: Comment) throws {
        var random = ConformanceGenerator(seed: 7)
        var replay = PowerLossReplay()
        for call in story.calls { replay.play(call, &random) }
        do {
            try story.check(replay.filesAfterKill(), acknowledged: replay.acknowledged)
            for state in 0..<states {
                try story.check(
                    replay.filesAfterPowerLoss(seed: UInt64(state)), acknowledged: replay.acknowledged)
            }
        } catch {
            Issue.record("\(comment): \(error)")
        }
    }
}
