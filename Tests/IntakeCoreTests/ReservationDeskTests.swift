import ArchiveClient
import CareDomain
import Testing

@testable import IntakeCore

/// When a reservation counts as silent, for whoever repeats the command is told by then that it was given up.
@Suite("受理：无声的占用多久收回")
struct ReservationDeskTests {
    private static let patience: Int64 = 30_000_000
    private static let token = PersonToken(Identifier128(high: 1, low: 1))
    private static let command = CommandID(Identifier128(high: 2, low: 2))

    private static func at(_ second: Int64) -> Moment {
        Moment(microseconds: 1_717_344_000_000_000 + second * 1_000_000)
    }

    /// A desk with one reservation of second 0, and whether it is found silent at each second.
    /// - Parameter hears: What is heard of care-archive at a second: whether it takes appends; nil = nothing.
    private static func silentFrom(until end: Int64, hears: (Int64) -> Bool?) -> Int64? {
        var desk = ReservationDesk([
            IntakeImage.Reservation(
                token: token,
                claim: PersonClaim(
                    household: .derived(from: command), person: .derived(from: command, place: 0), command: command),
                since: at(0))
        ])
        for second in 0...end {
            if let takesAppends = hears(second) {
                desk.heard(now: at(second), takesAppends: takesAppends, patience: patience)
            }
            if !desk.silent(before: at(second), patience: patience).isEmpty { return second }
        }
        return nil
    }

    @Test("一直能登记：过了耐心就收回")
    func afterPatience() { #expect(Self.silentFrom(until: 100) { _ in true } == 31) }

    @Test("磁盘满的时候不算无声：腾出空间后再给足耐心")
    func notWhileFull() { #expect(Self.silentFrom(until: 200) { second in !(5..<70).contains(second) } == 101) }

    @Test("档案库不在的时候不算无声，短暂停顿照算")
    func notWhileAway() {
        #expect(Self.silentFrom(until: 200) { second in (5..<50).contains(second) ? nil : true } == 81)
        #expect(Self.silentFrom(until: 200) { second in (5..<11).contains(second) ? nil : true } == 31)
        #expect(Self.silentFrom(until: 200) { _ in nil } == nil)
    }
}
