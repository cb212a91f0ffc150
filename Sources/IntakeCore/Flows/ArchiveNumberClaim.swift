import CareDomain
import CareWire

/// 档案号: of which a county gives each to one family, so that a family claims its number as it claims its people.
///
/// The number's token stands in the `person-` streams beside those of ID numbers and is reserved, confirmed and given up by
/// the same steps, in the same messages: two offices that type one number at the same moment meet there. A move to another
/// county that brings its number claims that one and gives up the former. A family that was registered before numbers were
/// claimed has none; importing a roster compares with it.
enum ArchiveNumberClaim {
    /// Token of a family's number; nil when it has none.
    static func token(of household: Household) -> PersonToken? {
        guard let number = household.archiveNumber, let division = household.archiveNumberDivision else { return nil }
        return token(number, in: division)
    }

    /// Token of a number in the county (six digits) of a division: the next county may use the same one.
    static func token(_ number: String, in division: DivisionCode) -> PersonToken {
        PersonToken(Derivation.digest(Array("archive-number\n\(division.rawValue.prefix(6))\n\(number)".utf8)))
    }

    /// What stands in the place of a person in the claim.
    static func holder(_ household: HouseholdID) -> PersonID { PersonID(household.value) }

    /// The claim of a family that a split is to register; nil when the events register none with a number.
    static func step(_ events: [ProposedEvent], for household: HouseholdID, command: CommandID) -> PersonStep? {
        for event in events {
            guard case .registered(let registered) = event.event, let number = registered.archiveNumber else {
                continue
            }
            return PersonStep(
                kind: .archiveNumber, token: token(number, in: registered.division),
                claim: PersonClaim(household: household, person: holder(household), command: command))
        }
        return nil
    }
}
