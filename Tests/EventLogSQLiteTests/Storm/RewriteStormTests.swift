import Foundation
import Testing

/// History rewritten with everything that belongs to it, so that the log alone cannot tell: whoever kept the first head
/// after it, at most a minute old, can. `Tests/soak --rewrites N` makes it as long as one likes.
@Suite("改写历史", .serialized, .timeLimit(.minutes(600)))
struct RewriteStormTests {
    private static let environment = ProcessInfo.processInfo.environment

    @Test("全部文件自相一致地改写：单凭日志看不出，至多一分钟的检查点看得出，更早的仍然相符")
    func storm() throws {
        let count = Self.environment["GUANHUAI_REWRITES"].flatMap { UInt64($0) } ?? 16
        let from = Self.environment["GUANHUAI_DAMAGES_FROM"].flatMap { UInt64($0) } ?? 1
        let storm = try RewriteStorm()
        var found: [RewriteStorm.Kind: Int] = [:]
        for seed in from..<from + count {
            do {
                found[try storm.strike(seed: seed), default: 0] += 1
            } catch {
                Issue.record("GUANHUAI_DAMAGES_FROM=\(seed) GUANHUAI_REWRITES=1: \(error)")
            }
        }
        let words = RewriteStorm.Kind.allCases.map { "\($0.rawValue) \(found[$0] ?? 0)" }
        print("rewrites \(count), found: \(words.joined(separator: ", "))")
    }
}
