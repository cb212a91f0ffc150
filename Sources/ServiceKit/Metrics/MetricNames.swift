/// The naming rules of Prometheus, checked when a metric is declared rather than when a scrape fails.
enum MetricNames {
    /// What is wrong with a metric, or nil.
    static func problem(name: String, kind: MetricKind, help: String, labels: [String]) -> String? {
        if !isIdentifier(name, allowsColon: false) { return "\(name) is not a metric name" }
        if help.isEmpty { return "\(name) has no help text" }
        let isTotal = name.hasSuffix("_total")
        if kind == .counter, !isTotal { return "\(name) is a counter and must end in _total" }
        if kind != .counter, isTotal { return "\(name) is no counter and must not end in _total" }
        for suffix in ["_count", "_sum", "_bucket"] where name.hasSuffix(suffix) {
            return "\(name) ends in \(suffix), which belongs to histograms"
        }
        for unit in ["_milliseconds", "_ms", "_microseconds", "_minutes", "_kilobytes"] where name.contains(unit) {
            return "\(name) must use the base unit (seconds, bytes)"
        }
        for label in labels {
            if !isIdentifier(label, allowsColon: false) || label.hasPrefix("__") {
                return "\(label) is not a label name"
            }
            if label == "le" || label == "quantile" { return "the label \(label) of \(name) is reserved" }
        }
        return Set(labels).count == labels.count ? nil : "\(name) repeats a label"
    }

    private static func isIdentifier(_ text: String, allowsColon: Bool) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
        }
    }
}

/// What a metric measures.
enum MetricKind: String, Sendable {
    /// Only grows.
    case counter
    /// Goes up and down.
    case gauge
    /// How values are spread.
    case histogram
}
