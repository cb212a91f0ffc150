import CareDomain
import EventLog

/// Reads the ordinary answer to appends, that all were written just now, without the generated types.
package enum AppendReceipts {
    /// Where the only append ended up; nil when the answer is another one and has to be read in full.
    package static func only(_ body: [UInt8]) -> AppendPlace? {
        guard let places = all(body), places.count == 1 else { return nil }
        return places[0]
    }

    /// Where the appends ended up, in their order; nil when the answer says anything else of one of them.
    package static func all(_ body: [UInt8]) -> [AppendPlace]? {
        AppendWire.places(body)?.map { place in
            AppendPlace(
                first: place.first, last: place.last, recordedAt: Moment(microseconds: place.recordedAt),
                cursor: place.cursor)
        }
    }
}
