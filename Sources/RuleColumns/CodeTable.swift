/// Texts (codes, division codes, references) that columns hold by number.
///
/// Two texts are the same when their bytes are: CEL compares code points, not what they look like.
package struct CodeTable: Sendable {
    /// By number.
    package private(set) var texts: [String] = []
    private var places: [[UInt8]: Int64] = [:]

    package init() {}

    /// - Parameter texts: in the order of their numbers, without repetition.
    package init(texts: [String]) {
        for text in texts { _ = number(of: text) }
    }

    /// The number of the text, a new one where it is not there yet.
    package mutating func number(of text: String) -> Int64 {
        let bytes = Array(text.utf8)
        if let place = places[bytes] { return place }
        let place = Int64(texts.count)
        places[bytes] = place
        texts.append(text)
        return place
    }

    /// The number of a text that is there.
    package func known(_ text: String) -> Int64? { places[Array(text.utf8)] }

    package subscript(number: Int64) -> String { texts[Int(number)] }
}
