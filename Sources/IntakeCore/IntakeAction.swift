import ArchiveClient
import CareDomain
import CareWire

/// What intake wants done.
package enum IntakeAction: Sendable {
    case reply(RequestToken, CommandResult)
    case readHousehold(CallID, HouseholdID, after: UInt64)
    case readPerson(CallID, PersonToken, after: UInt64)
    case readPackHead(CallID, PackID)
    case readBatch(CallID, BatchID, after: UInt64)
    case readUnit(CallID, DivisionCode, after: UInt64)
    case readLending(CallID, LendingStream, after: UInt64)
    case appendHousehold(CallID, HouseholdAppend)
    case appendPerson(CallID, PersonAppend)
    /// Several persons' streams in one message.
    case appendPersons(CallID, [PersonAppend])
    case appendPack(CallID, PackAppend)
    case appendBatch(CallID, BatchAppend)
    case appendUnit(CallID, UnitAppend)
    case appendLending(CallID, LendingAppend)
    case readDuties(CallID, DutyStream, after: UInt64)
    case appendDuty(CallID, DutyAppend)
    /// Put the key for tokens on record.
    case appendTokenKey(CallID, TokenKeyAppend)
    /// Stop: with this key people on record would be strangers.
    case refuseTokenKey(TokenKeyProblem)
    /// Ask which of these files are kept for a place, and what they are.
    case readKept(CallID, AttachmentPlace, [FileDigest])
    /// Ask for news of the person and pack streams after the cursor.
    case readShared(CallID, after: [UInt8])
    /// Save this in the place of the image before; losing it costs time only.
    case saveImage(IntakeImage)
    /// The image did not fit the log and was thrown away; everything is read from the beginning.
    case imageDiscarded
}
