import CareDomain
import CareWire
import OfficeFiles

extension Care_V1_UnrecordedDeath {
    /// Of whom an accident alone says that they died, as a list may show it.
    /// - Parameters:
    ///   - household: The file.
    ///   - day: The day on which the list is made.
    ///   - showsName: Whether the name is shown, masked; otherwise nothing of it.
    package init(_ death: UnrecordedDeath, of household: Household, on day: CivilDay, showsName: Bool) {
        self.init()
        let member = household.member(death.person)
        person = death.person.wireData
        role = (member?.role(on: day) ?? .other).wireRole
        if showsName { maskedName = member?.details(on: day)?.name.map { Masking.name($0) } ?? "" }
        incidentSequence = death.incident.sequence
        incidentOn = death.day.dayNumber
    }
}
