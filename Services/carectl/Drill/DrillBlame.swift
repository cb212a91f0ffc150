import ServiceKit

/// What of a drill's folder is broken when the services refuse to work on it.
///
/// Exit status 65 alone does not tell: a broken key ends a service as a broken log does.
enum DrillBlame: Equatable {
    /// The log.
    case log
    /// Another file of the folder, by its name there.
    case file(String)
    /// Nothing that is known to be broken.
    case nothing

    /// Codes with which care-archive refuses a log that it cannot open.
    private static let logCodes: Set<String> = ["CARE-3110", "CARE-3111"]
    /// Codes of files that are broken; the sentence names the file. A wrong setting may also be a variable's.
    private static let fileCodes: Set<String> = [
        "CARE-6007", "CARE-6008", "CARE-6009", "CARE-6010", "CARE-6046", "CARE-6047", "CARE-6051", "CARE-6344",
        "CARE-6345",
        "CARE-6640",
    ]

    /// - Parameters:
    ///   - folder: the drill's folder as the services name it; nil for a running deployment, whose keys and settings are none of the log's.
    ///   - isServed: whether the services had come up: what cannot be read after that is what they read, the log.
    init(_ failure: Failure, folder: String?, isServed: Bool) {
        let code = failure.cause ?? failure.code
        if Self.fileCodes.contains(code) {
            self = folder.flatMap { Self.file(in: $0, named: failure.text.en) }.map { .file($0) } ?? .nothing
        } else if Self.logCodes.contains(code) || failure.exit == .badData && (isServed || failure.cause == nil) {
            self = .log
        } else {
            self = .nothing
        }
    }

    /// The first file of a folder that a sentence names, by its name there.
    private static func file(in folder: String, named sentence: String) -> String? {
        let beginning = folder.hasSuffix("/") ? folder : folder + "/"
        guard let place = sentence.firstRange(of: beginning) else { return nil }
        let name = sentence[place.upperBound...].prefix {
            $0.isASCII && ($0.isLetter || $0.isNumber || "-_./".contains($0))
        }
        let whole = name.hasSuffix(".") ? name.dropLast() : name
        return whole.isEmpty ? nil : String(whole)
    }
}
