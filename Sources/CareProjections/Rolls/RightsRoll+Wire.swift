import CareDomain
import CareWire
import OfficeFiles

extension Care_V1_RightsRoll.Line {
    /// A line as a list may show it: names and numbers masked.
    /// - Parameter showsName: Whether the caller may open the file.
    package init(_ line: RightsRoll.Line, of household: HouseholdID, showsName: Bool) {
        self.init()
        self.household = household.wireData
        division = line.division.rawValue
        if let person = line.subject.person { self.person = person.wireData }
        roleZh = line.role
        if showsName {
            maskedName = line.details?.name.map { Masking.name($0) } ?? ""
            maskedIDNumber = line.details?.idNumber.map { Masking.idNumber($0) } ?? ""
        }
        since = line.since.dayNumber
        if let amount = line.amount { amountFen = amount.amount }
        cadence = line.cadence.rawValue
        cadenceZh = CommonWords.codes[line.cadence.rawValue] ?? line.cadence.rawValue
        determinationSequence = line.determination.sequence
        change = line.change.rawValue
        if let handOut = line.handOut {
            handedOutOn = handOut.day.dayNumber
            handOutSequence = handOut.reference.sequence
            if let file = line.handOutFile, file != household { handOutFile = file.wireData }
        }
    }
}
