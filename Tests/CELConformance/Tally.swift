/// Counts over the cases of one file, or of all.
struct Tally {
    var passed = 0
    /// Cases inside the subset that do not pass, with what is wrong.
    var failures: [(path: String, problem: String)] = []
    /// Cases outside the subset, by reason.
    var outside: [Outside: [String]] = [:]

    var inside: Int { passed + failures.count }
    var outsideCount: Int { outside.values.map(\.count).reduce(0, +) }
    var count: Int { inside + outsideCount }

    /// Runs a case and counts it.
    mutating func add(_ test: ConformanceCase) {
        if let reason = Outside.reason(for: test) {
            outside[reason, default: []].append(test.path)
        } else if let problem = CaseRun.failure(of: test) {
            failures.append((test.path, problem))
        } else {
            passed += 1
        }
    }

    mutating func add(_ other: Tally) {
        passed += other.passed
        failures += other.failures
        outside.merge(other.outside) { $0 + $1 }
    }

    /// One line: counts, the rate inside the subset, and why the others are outside.
    func line(_ name: String) -> String {
        let rate = inside == 0 ? "      -" : Self.padded(Self.percent(passed, of: inside), 7)
        let reasons = Outside.allCases.compactMap { reason in
            outside[reason].map { "\(reason.rawValue) \($0.count)" }
        }
        let counts = [count, inside, passed, failures.count, outsideCount].map { Self.padded(String($0), 8) }.joined()
        let line = name + String(repeating: " ", count: max(1, 16 - name.count)) + counts + rate
        return reasons.isEmpty ? line : line + "  " + reasons.joined(separator: ", ")
    }

    static let heading = "file               cases  inside  passed  failed outside   rate  why outside"

    /// `99.5 %`, rounded down, so that only all of them are 100 %.
    private static func percent(_ part: Int, of whole: Int) -> String {
        let tenths = part * 1000 / whole
        return tenths == 1000 ? "100 %" : "\(tenths / 10).\(tenths % 10) %"
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
