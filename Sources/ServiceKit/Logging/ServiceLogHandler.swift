import Logging

/// How a log line is written.
package enum LogFormat: String, CaseIterable, SettingValue {
    /// For people at a terminal.
    case text
    /// One JSON object a line, for programs.
    case json
}

/// Writes log events as single lines, redacted, to wherever the sink says.
package struct ServiceLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level
    package var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let format: LogFormat
    private let now: @Sendable () -> Int64
    private let write: @Sendable (String) -> Void

    /// - Parameters:
    ///   - label: who logs; the service or library.
    ///   - format: text or JSON.
    ///   - level: the least serious level that is written.
    ///   - now: UTC microseconds since 1970.
    ///   - write: takes one whole line with its line feed.
    package init(
        label: String,
        format: LogFormat,
        level: Logger.Level,
        now: @escaping @Sendable () -> Int64,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.label = label
        self.format = format
        logLevel = level
        self.now = now
        self.write = write
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var fields = metadata
        if let provided = metadataProvider?.get() { fields.merge(provided) { $1 } }
        if let given = event.metadata { fields.merge(given) { $1 } }
        if let error = event.error { fields[LogKey.error] = "\(error)" }
        let time = LogTime.text(microseconds: now())
        let message = Redactor.redact(event.message.description)
        let pairs = fields.sorted { $0.key < $1.key }.map { ($0.key, Redactor.redact("\($0.value)")) }
        switch format {
        case .text:
            let tail = pairs.map { " \($0.0)=\(Self.quotedIfNeeded($0.1))" }.joined()
            write("\(time) \(event.level.rawValue.uppercased()) \(label): \(Self.oneLine(message))\(tail)\n")
        case .json:
            var line =
                "{\"time\":\"\(time)\",\"level\":\"\(event.level.rawValue)\",\"service\":\(JSONText.quoted(label))"
            line += ",\"message\":\(JSONText.quoted(message))"
            for (key, value) in pairs where !["time", "level", "service", "message"].contains(key) {
                line += ",\(JSONText.quoted(key)):\(JSONText.quoted(value))"
            }
            write(line + "}\n")
        }
    }

    /// Line breaks and escape characters would let a value forge log lines or move a terminal's cursor.
    private static func oneLine(_ text: String) -> String {
        text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
            ? String(JSONText.quoted(text).dropFirst().dropLast()) : text
    }

    private static func quotedIfNeeded(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0 != "\"" && $0 != "=" }
        return isPlain ? text : JSONText.quoted(text)
    }
}

/// Text as a JSON string.
package enum JSONText {
    /// The text in quotes, with what JSON forbids escaped.
    package static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
