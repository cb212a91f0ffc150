import Foundation
import Testing

@testable import EventLogSQLite

/// Random damage of many kinds: nothing silent, the right families named, all others served. `Tests/soak --damages N`
/// makes it as long as one likes.
@Suite("损坏风暴", .serialized, .timeLimit(.minutes(600)))
struct DamageStormTests {
    private static let environment = ProcessInfo.processInfo.environment

    @Test("随机损坏：不沉默，只封存受损各户并指明，其余照常", arguments: [false, true])
    func storm(isKilled: Bool) throws {
        let count = Self.environment["GUANHUAI_DAMAGES"].flatMap { UInt64($0) } ?? 120
        let from = Self.environment["GUANHUAI_DAMAGES_FROM"].flatMap { UInt64($0) } ?? 1
        let storm = try DamageStorm(isKilled: isKilled)
        var outcomes: [DamageStorm.Outcome: Int] = [:]
        for seed in from..<from + count {
            do {
                outcomes[try storm.strike(seed: seed), default: 0] += 1
            } catch {
                Issue.record("GUANHUAI_DAMAGES_FROM=\(seed) GUANHUAI_DAMAGES=1, killed \(isKilled): \(error)")
            }
        }
        print("damages \(count), log \(isKilled ? "killed" : "closed"): \(outcomes)")
        if count >= 100 { #expect(outcomes[.fenced, default: 0] > Int(count) / 2) }
    }

    /// Behind an unreadable page stood all rows that tell whose a lost one was; rows found on one way and not on another.
    @Test("曾经出过岔子的几次", arguments: [20_453, 20_979, 21_904, 21_961] as [UInt64], [false, true])
    func again(seed: UInt64, isKilled: Bool) throws {
        _ = try DamageStorm(isKilled: isKilled).strike(seed: seed)
    }
}
