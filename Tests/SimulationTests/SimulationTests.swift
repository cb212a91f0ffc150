import Foundation
import Testing

/// All services on one thread from a seed, many seeds, with what must have come up in them.
///
/// `GUANHUAI_SIMULATION_FROM` and `GUANHUAI_SIMULATION_SEEDS` choose the seeds; one seed alone tells what happened.
@Suite("模拟：全部服务在一条线程上", .serialized)
struct SimulationTests {
    private static func setting(_ name: String, _ usual: UInt64) -> UInt64 {
        ProcessInfo.processInfo.environment["GUANHUAI_SIMULATION_\(name)"].flatMap { UInt64($0) } ?? usual
    }

    /// What runs on several threads found, each of them with worlds of its own.
    ///
    /// `@unchecked Sendable`: everything is touched only while `lock` is held.
    private final class Findings: @unchecked Sendable {
        private let lock = NSLock()
        private var next: UInt64
        private let end: UInt64
        private(set) var failed: [(seed: UInt64, failures: [String])] = []
        private(set) var seen: Set<String> = []
        private(set) var events = 0
        private(set) var commands = 0
        private(set) var time: Int64 = 0

        init(_ seeds: Range<UInt64>) { (next, end) = (seeds.lowerBound, seeds.upperBound) }

        /// The next seed to run; nil at the end, or when enough was found.
        func take() -> UInt64? {
            lock.withLock {
                guard next < end, failed.count < 10 else { return nil }
                next += 1
                return next - 1
            }
        }

        func add(_ seed: UInt64, _ result: Result<Run.Outcome, any Error>) {
            lock.withLock {
                switch result {
                case .failure(let error): failed.append((seed, ["\(error)"]))
                case .success(let outcome):
                    if !outcome.failures.isEmpty { failed.append((seed, outcome.failures)) }
                    seen.formUnion(outcome.seen)
                    events += outcome.events
                    commands += outcome.commands
                    time += outcome.time
                }
            }
        }
    }

    private static func run(_ seeds: Range<UInt64>, mutant: Mutant? = nil) -> Findings {
        let findings = Findings(seeds)
        DispatchQueue.concurrentPerform(iterations: min(ProcessInfo.processInfo.activeProcessorCount, 8)) { _ in
            while let seed = findings.take() {
                findings.add(seed, Result { try Run.make(seed, mutant: mutant) })
            }
        }
        return findings
    }

    @Test("断线、被杀、断电、写盘失败、时钟跳变之后：确认过的一条不少，没有一条两份，各处一致", .timeLimit(.minutes(720)))
    func manySeeds() throws {
        let first = Self.setting("FROM", 1)
        let count = Self.setting("SEEDS", 1000)
        if count == 1 {
            let outcome = try Run.make(first, isVerbose: true)
            print(outcome.notes.joined(separator: "\n"))
            #expect(outcome.failures == [], "seed \(first)")
            return
        }
        let start = ContinuousClock.now
        let findings = Self.run(first..<first + count)
        let seconds = Double((ContinuousClock.now - start).components.seconds)
        print(
            "\(count) seeds from \(first) in \(Int(seconds)) s, \(findings.time / 1_000_000) simulated s, "
                + "\(findings.commands) commands, \(findings.events) events")
        for (seed, failures) in findings.failed {
            Issue.record(
                """
                seed \(seed): \(failures.prefix(5).joined(separator: "; "))
                repeat it: GUANHUAI_SIMULATION_FROM=\(seed) GUANHUAI_SIMULATION_SEEDS=1 \
                Tests/run --filter SimulationTests/manySeeds
                """)
        }
        guard count >= 400 else { return }
        // What the runs went through, so that they cannot become harmless unnoticed.
        let wanted: Set<String> = [
            "kills", "losesPower", "stopsInOrder", "cuts", "walls", "clockJumps", "writesFail", "syncsFail",
            "fillsDisk", "frames lost", "frames repeated", "a write failed", "a sync failed", "no room",
            "an opening failed",
            "a forgery refused", "answered again", "recorded registerHousehold", "recorded stateFact",
            "recorded assignHelper", "recorded endPairing", "recorded recordVisit", "recorded addPerson",
            "recorded removePerson", "recorded recordDeath", "recorded mergeHousehold", "refused CARE-1304",
            "recorded prepare", "recorded close", "recorded issue", "recorded takeAnswer", "recorded recordReturn",
            "recorded reverse", "recorded setGuidance", "recorded give", "recorded release", "recorded expire",
            "recorded application submitted", "recorded application forwarded", "recorded application returned",
            "recorded application rejected", "recorded application withdrawn", "recorded application noticeOpened",
            "recorded application objectionRaised", "recorded application objectionDecided",
            "recorded application confirmed", "recorded fund open", "recorded fund deposit", "recorded fund handOver",
            "recorded loan apply", "recorded loan review", "recorded loan disburse", "recorded loan repay",
            "recorded loan writeOff", "recorded loan withdraw", "overdue", "settled", "written_off",
        ]
        #expect(findings.seen.isSuperset(of: wanted), "\(wanted.subtracting(findings.seen).sorted())")
    }

    @Test("同一颗种子得到同样的经过")
    func sameSeedSameRun() throws {
        for seed in UInt64(1)...6 {
            let runs = [try Run.make(seed), try Run.make(seed)]
            #expect(runs[0].trace == runs[1].trace && runs[0].steps == runs[1].steps, "seed \(seed)")
            #expect(runs[0].events == runs[1].events, "seed \(seed)")
        }
    }

    @Test("故意弄坏的，每一种都在若干颗种子之内被发现", .timeLimit(.minutes(10)), arguments: Mutant.foundByChance)
    func mutantsAreFound(mutant: Mutant) throws {
        var found: UInt64?
        for seed in UInt64(1)...mutant.seedsAtMost where found == nil {
            if try !Run.make(seed, mutant: mutant).failures.isEmpty { found = seed }
        }
        #expect(found != nil, "\(mutant) was not found within \(mutant.seedsAtMost) seeds")
    }
}

extension Mutant {
    /// Those that any run may meet; `LateAttemptTests` brings about what the other one needs.
    fileprivate static var foundByChance: [Mutant] { allCases.filter { $0 != .forgetsRefusals } }

    /// Within how many seeds it must be found.
    fileprivate var seedsAtMost: UInt64 { 60 }
}
