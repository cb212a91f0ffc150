/// One text file of the repository, as the rules see it.
struct SourceFile: Sendable {
    /// From the repository's root, with slashes.
    let path: String
    /// As written.
    let lines: [String]
    /// Swift files only: without comments and strings.
    let codeLines: [String]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        codeLines = path.hasSuffix(".swift") ? SwiftText(text).codeLines : []
    }

    /// The first two parts of the path: `Sources/CareDomain`.
    var folder: String { path.split(separator: "/").prefix(2).joined(separator: "/") }
    /// The second part of the path: the module or suite.
    var module: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
    /// Number of lines; a line feed at the end begins no line.
    var lineCount: Int { lines.last?.isEmpty == true ? lines.count - 1 : lines.count }
    var isSwift: Bool { path.hasSuffix(".swift") }
    var isGenerated: Bool { path.hasSuffix(".pb.swift") }
    var isTest: Bool { path.hasPrefix("Tests/") }
    /// Everything that ends up in a product.
    var isProduct: Bool { path.hasPrefix("Sources/") || path.hasPrefix("Services/") }

    /// Findings for the lines of code (comments and strings left out) that contain one of the words.
    func findings(of words: [String], _ what: String) -> [Finding] {
        zip(1..., codeLines).compactMap { number, line in
            words.first(where: line.contains).map { Finding(path, number, "\($0) \(what)") }
        }
    }
}

/// One place where a rule does not hold.
struct Finding: Hashable, Sendable, CustomStringConvertible {
    let path: String
    let line: Int
    let text: String

    init(_ path: String, _ line: Int, _ text: String) {
        self.path = path
        self.line = line
        self.text = text
    }

    var description: String { "\(path):\(line): \(text)" }
}
