import ArchiveClient
import CareDomain

/// What a payment command on its way waits for.
enum PaymentNeed {
    case readBatch(after: UInt64)
    /// Read another batch that pays a right of this one; the answer is one to the batch's call.
    case readOtherBatch(BatchID, after: UInt64)
    case appendBatch(BatchAppend)
    case readHousehold(HouseholdID, after: UInt64)
    /// Read a file with which the family's own exchanged persons; the answer is one to the family's call.
    case readOther(HouseholdID, of: HouseholdID, after: UInt64)
    /// Read which files had a person of the family; the answer is one to the family's call.
    case readPerson(PersonToken, of: HouseholdID)
    case appendHousehold(HouseholdAppend)
    case finished(CommandResult)
}
