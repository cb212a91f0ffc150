/// A stable number for one message, shown as `CARE-nnnn`. Once released, a number keeps its meaning for good.
///
/// Ranges: 1000–5999 the domain and the services' refusals, 6000–6999 this module, 7000–7999 office files.
package struct MessageCode: Hashable, Sendable, CustomStringConvertible {
    /// 1 to 9999.
    package let number: Int

    package init(_ number: Int) {
        precondition((1...9999).contains(number), "MessageCode.init: \(number) is not 1...9999")
        self.number = number
    }

    package var description: String {
        let digits = String(number)
        return "CARE-" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}

/// What happened, where, and what to do, for a person, with a code to look it up.
package struct UserMessage: Hashable, Sendable {
    /// Stable number.
    package let code: MessageCode
    /// What happened and where.
    package let text: UserText
    /// What to do about it; nil when the text says enough.
    package let advice: UserText?

    package init(_ code: Int, _ text: UserText, advice: UserText? = nil) {
        self.code = MessageCode(code)
        self.text = text
        self.advice = advice
    }

    /// One line: code, text, advice.
    package func line(in language: Language) -> String {
        guard let advice else { return "\(code) \(text[language])" }
        switch language {
        case .chinese: return "\(code) \(text.zh)。\(advice.zh)"
        case .english: return "\(code) \(text.en). \(advice.en)"
        }
    }
}

/// An error that can be shown to a person as it is and that knows how the process should end.
package protocol UserFacingError: Error, CustomStringConvertible {
    /// What to show.
    var message: UserMessage { get }
    /// With which code a process that stops because of it ends.
    var exitCode: ExitCode { get }
    /// True when the same thing may work later without anybody changing anything.
    var isRetriable: Bool { get }
}

extension UserFacingError {
    package var isRetriable: Bool { exitCode == .unreachable || exitCode == .temporary }
    package var description: String { message.line(in: .english) }
}
