import CareDomain
import CareWire
import EventLog

/// The loans and other aid of a family's members, read from their own streams.
///
/// The id of a case follows from the mother and a number without gaps, so nothing has to be searched: each stream is asked
/// for until one does not exist.
package enum FamilyLoans {
    /// No mother has more cases than that of a kind.
    private static let most = 200

    /// - Parameters:
    ///   - members: Everybody who may have applied.
    ///   - moment: What the log knew by then counts; nil = everything.
    ///   - reader: The log, used by this thread only.
    /// - Throws: `EventLogError` when the log cannot be read; a retry may help.
    package static func cases(
        of members: [PersonID], knownAt moment: Moment?, from reader: any EventLogReader
    ) throws(EventLogError) -> [LoanCase] {
        var cases: [LoanCase] = []
        for member in members {
            for mode in [LendingMode.revolvingLoan, .grant] {
                for number in 1...most {
                    let id = LoanID.derived(of: member, mode, number: number)
                    guard let one = try read(id, knownAt: moment, from: reader) else { break }
                    cases.append(one)
                }
            }
        }
        return cases.filter { $0.application != nil }
    }

    private static func read(
        _ id: LoanID, knownAt moment: Moment?, from reader: any EventLogReader
    ) throws(EventLogError) -> LoanCase? {
        var one = LoanCase(id: id)
        var next = SequenceNumber.first
        while true {
            let slice = try reader.readStream(try StreamName("loan-\(id)"), from: next, limit: 256)
            guard let head = slice.head else { return nil }
            for event in slice.events {
                guard let known = LendingBooks.known(event), moment.map({ known.recordedAt <= $0 }) ?? true else {
                    continue
                }
                one.evolve(known)
            }
            next = SequenceNumber(next.rawValue + 256)
            if next > head.sequence { return one }
        }
    }
}
