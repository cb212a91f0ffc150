import CareDomain
import EventLog

/// Sixteen bytes of SHA-256 over texts, each closed by a zero byte so that no two lists run together.
enum StableDigest {
    static func of(_ texts: [String]) -> Identifier128 {
        var bytes: [UInt8] = []
        for text in texts {
            bytes.append(contentsOf: text.utf8)
            bytes.append(0)
        }
        let hash = bytes.withUnsafeBytes { EventHash(of: $0) }
        return Identifier128(high: hash.word0, low: hash.word1)
    }

    /// The id of an append: from the household, the day and what it says, so that saying it again after a crash is the
    /// same command, and saying it on another day, with another day in the event, is not.
    static func command(household: HouseholdID, day: CivilDay, says: [String]) -> CommandID {
        CommandID(of(["notifier.v1", household.description, day.description] + says))
    }
}
