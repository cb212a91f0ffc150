/// The habits of style.md that a program can check. Each rule answers with the places where it does not hold.
enum StyleRules {
    static let longestFile = 500
    static let longestFunction = 70

    /// Names that may stand at the top of the repository.
    static let topLevel: Set<String> = [
        "Package.swift", "README.md", "Sources", "Tests", "Services", "Proto", ".ci", ".swift-format", ".gitignore",
        ".protolint.yaml",
    ]

    static func fileLength(_ file: SourceFile) -> [Finding] {
        guard file.isSwift, !file.isGenerated, file.lineCount > longestFile else { return [] }
        return [Finding(file.path, longestFile + 1, "\(file.lineCount) lines, at most \(longestFile): split by topic")]
    }

    static func functionLength(_ file: SourceFile) -> [Finding] {
        guard file.isSwift, !file.isGenerated else { return [] }
        return FunctionLengths.find(file.codeLines).filter { $0.count > longestFunction }.map {
            Finding(file.path, $0.line, "function of \($0.count) lines, at most \(longestFunction)")
        }
    }

    static func topLevelEntries(_ names: [String]) -> [Finding] {
        names.filter { !topLevel.contains($0) }.map { Finding($0, 1, "does not belong at the top") }
    }

    /// Imports of our own modules against the arrows.
    static func imports(_ file: SourceFile) -> [Finding] {
        guard file.isSwift, file.isProduct else { return [] }
        guard let allowed = ImportTable.allowed(for: file) else {
            return [Finding(file.path, 1, "\(file.module) is not in the import table: add it with its arrows")]
        }
        let ours = Set(ImportTable.arrows.keys).union([ImportTable.testKit])
        return importedModules(file).filter { ours.contains($0.module) && !allowed.contains($0.module) }
            .map { Finding(file.path, $0.line, "\(file.module) must not import \($0.module)") }
    }

    /// Foundation is slow where every event passes, and it brings clocks and locales in.
    static func foundation(_ file: SourceFile) -> [Finding] {
        let without: Set<String> = [
            "CareDomain", "EventLog", "RuleEngine", "IntakeCore", "EligibilityCore", "ArchiveCore", "NotifierCore",
        ]
        guard file.isSwift, file.path.hasPrefix("Sources/"), without.contains(file.module) else { return [] }
        return importedModules(file).filter { $0.module.hasPrefix("Foundation") }
            .map { Finding(file.path, $0.line, "\(file.module) does without Foundation") }
    }

    /// Same inputs, same bytes: no clock, no randomness, no task of its own in what is replayed and simulated.
    static func ambient(_ file: SourceFile) -> [Finding] {
        let pure: Set<String> = [
            "CareDomain", "RuleEngine", "CareProjections", "IntakeCore", "EligibilityCore", "ArchiveCore",
            "NotifierCore", "OfficeFiles", "CareWire", "CaseImport", "SyntheticDistrict",
        ]
        guard file.isSwift, !file.isGenerated, file.path.hasPrefix("Sources/"), pure.contains(file.module) else {
            return []
        }
        return file.findings(
            of: [
                "Date()", "Date.now", "ContinuousClock(", "SuspendingClock(", "SystemRandomNumberGenerator", ".random(",
                ".randomElement(", ".shuffle", "UUID()", "clock_gettime", "gettimeofday", "ProcessInfo.",
            ], "in a module that must give the same bytes every time: make it an argument")
    }

    static func looseTasks(_ file: SourceFile) -> [Finding] {
        guard file.isSwift, file.isProduct, file.module != ImportTable.testKit else { return [] }
        return zip(1..., file.codeLines).compactMap { number, line in
            let isLoose = ["Task {", "Task.detached", "Task("].contains { word in
                line.ranges(of: word).contains { range in
                    range.lowerBound == line.startIndex || !line[line.index(before: range.lowerBound)].isLetter
                }
            }
            return isLoose ? Finding(file.path, number, "a task outside a group: nobody waits for it") : nil
        }
    }

    static func sleeps(_ file: SourceFile) -> [Finding] {
        guard file.isSwift, file.isTest, file.module != "Benchmarks" else { return [] }
        return file.findings(
            of: ["Task.sleep(", "Thread.sleep(", "usleep(", "nanosleep("], "in a test: wait for what happens")
    }

    /// Who waits until a time of the wall clock, sleeps on for as long as that clock goes back.
    static func wallWaits(_ file: SourceFile) -> [Finding] {
        guard file.isSwift, file.isProduct else { return [] }
        return file.findings(
            of: ["Date(timeIntervalSinceNow", "wallDeadline", "DispatchWallTime"],
            "waits by the wall clock: wait with MonotonicCondition")
    }

    static func printing(_ file: SourceFile) -> [Finding] {
        guard file.isSwift, file.isProduct, file.folder != "Services/carectl" else { return [] }
        return zip(1..., file.codeLines).compactMap { number, line in
            let isCall = line.split(whereSeparator: { !$0.isLetter && $0 != "(" && $0 != "." && $0 != "_" })
                .contains { $0.hasPrefix("print(") || $0.hasPrefix("debugPrint(") || $0.hasPrefix("dump(") }
            return isCall ? Finding(file.path, number, "print in a library or service: use the logger") : nil
        }
    }

    /// Why options do not go together is said in both languages: the argument parser would show one sentence to everybody.
    static func usageInOneLanguage(_ file: SourceFile) -> [Finding] {
        guard file.isSwift, file.path.hasPrefix("Services/carectl/") else { return [] }
        let call = "ValidationError("
        return file.codeLines.indices.compactMap { index in
            guard let place = file.codeLines[index].firstRange(of: call) else { return nil }
            let next = index + 1 < file.codeLines.count ? file.codeLines[index + 1] : ""
            let argument = (file.codeLines[index][place.upperBound...] + next).drop { $0 == " " }
            guard !argument.hasPrefix("UserText(") else { return nil }
            return Finding(file.path, index + 1, "\(call)…) in one language: give it a UserText")
        }
    }

    /// Words are put together here, so that this file does not find itself.
    static func leftovers(_ file: SourceFile) -> [Finding] {
        let words = ["TO" + "DO", "FIX" + "ME", "HA" + "CK:"]
        return find(words, in: file) { "\($0): finish it or file an issue" }
    }

    static func machinePaths(_ file: SourceFile) -> [Finding] {
        let words = ["work/", "tmp/", "home/", "root/", "Users/", "opt/"].map { "/" + $0 }
        return zip(1..., file.lines).flatMap { number, line in
            words.filter { word in
                line.ranges(of: word).contains { range in
                    // A folder inside a path of our own (`Sources/opt/`) is none of the machine's.
                    guard range.lowerBound > line.startIndex else { return true }
                    let before = line[line.index(before: range.lowerBound)]
                    return !before.isLetter && !before.isNumber && !"._-}*$)".contains(before)
                }
            }.map { Finding(file.path, number, "\($0) is a path of one machine") }
        }
    }

    /// What the compiler is told to trust must say why it may.
    static func unexplainedTrust(_ file: SourceFile) -> [Finding] {
        guard file.isSwift, file.isProduct, !file.isGenerated else { return [] }
        return zip(0..., file.codeLines).compactMap { index, line in
            guard line.contains("@unchecked Sendable") || line.contains("nonisolated(unsafe)") else { return nil }
            let before = file.lines[max(0, index - 3)...index]
            return before.contains { $0.contains("//") }
                ? nil : Finding(file.path, index + 1, "say in a comment what makes this right")
        }
    }

    /// A map has no order on the wire: the same message could be two different byte strings.
    static func protoMaps(_ file: SourceFile) -> [Finding] {
        guard file.path.hasSuffix(".proto") else { return [] }
        return find(["map" + "<"], in: file) { "\($0)…> has no order: use a repeated message" }
    }

    /// Numbers of messages that are used in two places.
    static func repeatedCodes(_ files: [SourceFile]) -> [Finding] {
        var places: [String: Finding] = [:]
        var findings: [Finding] = []
        for file in files where file.isSwift && file.isProduct {
            let text = file.codeLines.joined(separator: "\n")
            for part in text.split(separator: "UserMessage(").dropFirst() where !text.hasPrefix(part) {
                let number = String(part.drop(while: \.isWhitespace).prefix(while: \.isNumber))
                guard number.count == 4 else { continue }
                let finding = Finding(file.path, 1, "CARE-\(number) is used elsewhere too")
                if places.updateValue(finding, forKey: number) != nil { findings.append(finding) }
            }
        }
        return findings
    }

    /// Modules that a file imports, with their lines.
    static func importedModules(_ file: SourceFile) -> [(line: Int, module: String)] {
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        return zip(1..., file.codeLines).compactMap { number, line in
            var words = line.split(separator: " ")[...]
            while let first = words.first, first != "import" {
                guard
                    first.hasPrefix("@") || ["public", "package", "internal", "private", "fileprivate"].contains(first)
                else { return nil }
                words = words.dropFirst()
            }
            words = words.dropFirst()
            if let kind = words.first, kinds.contains(kind) { words = words.dropFirst() }
            return words.first.map { (number, String($0.prefix { $0 != "." })) }
        }
    }

    private static func find(_ words: [String], in file: SourceFile, text: (String) -> String) -> [Finding] {
        zip(1..., file.lines).flatMap { number, line in
            words.filter(line.contains).map { Finding(file.path, number, text($0)) }
        }
    }
}
