import CareDomain
import CaseImport

/// An invented district: any number of families in special hardship with realistic histories, as commands.
///
/// The same numbers give the same commands, byte for byte, on any machine. Families come one after the other, each with
/// its commands in the order in which the office heard of them; no more than one family is held in memory, so the size
/// of a district is limited by patience only. Nobody in it exists: names come from short lists, ID numbers have a right
/// check digit but are drawn by arithmetic, telephone numbers and addresses are made up.
package struct SyntheticDistrict: Sequence, Sendable {
    /// How many families.
    package let households: Int
    /// The seed from which everything follows.
    package let seed: UInt64
    /// First day of the district: files of families known before are opened within the year that begins here.
    package var firstDay: CivilDay { days.first }
    /// Last day on which anything is reported.
    package var lastDay: CivilDay { days.last }

    private let days: InventedFamily.Days
    private let posts: HelperPosts
    private let declaresLearnedOn: Bool

    /// Most families a district may have: beyond, ID numbers would meet.
    package static let householdLimit = 25_000_000

    /// - Parameters:
    ///   - households: 0 to `householdLimit`.
    ///   - years: length of the histories, 1 to 30.
    ///   - seed: any number.
    ///   - lastDay: last day of the histories; the caller's choice, because nothing here reads a clock.
    ///   - declaresLearnedOn: whether each command says when its source learned it. True for history that is brought
    ///     in at once (needs the right `import-history`), so that questions about what was known when can be answered.
    package init(
        households: Int, years: Int, seed: UInt64, endingOn lastDay: CivilDay, declaresLearnedOn: Bool = true
    ) {
        precondition((0...Self.householdLimit).contains(households), "SyntheticDistrict: households out of range")
        precondition((1...30).contains(years), "SyntheticDistrict: years out of range")
        self.households = households
        self.seed = seed
        self.declaresLearnedOn = declaresLearnedOn
        days = InventedFamily.Days(first: lastDay.adding(months: -12 * years), last: lastDay)
        posts = HelperPosts(seed: seed, lastDay: lastDay)
    }

    /// The commands of one family, in order; its place does not depend on how many others there are.
    /// - Parameter number: from 0.
    package func household(_ number: Int) -> [CommandDraft] {
        let family = InventedFamily(number: number, seed: seed, days: days)
        var history = InventedHistory(
            family: family, seed: seed, days: days, posts: posts, declaresLearnedOn: declaresLearnedOn)
        return history.write()
    }

    package func makeIterator() -> Iterator { Iterator(district: self) }

    /// Gives the commands of one family after the other.
    package struct Iterator: IteratorProtocol {
        private let district: SyntheticDistrict
        private var number = 0
        private var pending: ArraySlice<CommandDraft> = []

        fileprivate init(district: SyntheticDistrict) { self.district = district }

        package mutating func next() -> CommandDraft? {
            while pending.isEmpty {
                guard number < district.households else { return nil }
                pending = district.household(number)[...]
                number += 1
            }
            return pending.removeFirst()
        }
    }
}
