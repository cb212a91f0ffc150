import Foundation

/// Runs the public conformance cases of CEL, taken from a folder, against the engine's expressions and prints the pass
/// rate of each file.
///
/// The exit code is 0 when every case inside the subset passes, 1 when one fails, 2 when the folder cannot be read.
@main
enum CELConformance {
    static let usage = """
        用法 / usage: Tests/cel-conformance DIR [--failures] [--list-outside]
        DIR: tests/simple/testdata of google/cel-spec
        """

    static func main() {
        var folder: String?
        var options: Set<String> = []
        for argument in CommandLine.arguments.dropFirst() {
            if ["--failures", "--list-outside"].contains(argument) {
                options.insert(argument)
            } else if folder == nil, !argument.hasPrefix("-") {
                folder = argument
            } else {
                stop(usage)
            }
        }
        guard let folder else { stop(usage) }
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
            .filter { $0.hasSuffix(".textproto") }.sorted()
        if names.isEmpty { stop("没有 *.textproto 文件 / no *.textproto file in: \(folder)") }

        var total = Tally()
        print(Tally.heading)
        for name in names {
            let tally = tally(of: folder + "/" + name, named: String(name.dropLast(".textproto".count)))
            total.add(tally.counts)
            print(tally.counts.line(tally.name))
        }
        print(total.line("合计 / all"))
        if options.contains("--list-outside") {
            for reason in Outside.allCases {
                for path in total.outside[reason] ?? [] { print("outside: \(reason.rawValue): \(path)") }
            }
        }
        for failure in total.failures where options.contains("--failures") {
            print("failed: \(failure.path): \(failure.problem)")
        }
        exit(total.failures.isEmpty ? 0 : 1)
    }

    private static func tally(of path: String, named name: String) -> (name: String, counts: Tally) {
        guard let data = FileManager.default.contents(atPath: path) else { stop("读不了 / cannot read: \(path)") }
        var tally = Tally()
        do {
            for test in try ConformanceCase.read(Array(data), file: name) { tally.add(test) }
        } catch {
            stop("\(path): \(error)")
        }
        return (name, tally)
    }

    private static func stop(_ message: String) -> Never {
        FileHandle.standardError.write(Data((message + "\n").utf8))
        exit(2)
    }
}
