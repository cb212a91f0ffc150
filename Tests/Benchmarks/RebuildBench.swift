import CareDomain
import CareProjections
import CareTestKit
import EventLog
import EventLogSQLite
import Foundation
import ReadModels

/// Speed of rebuilding every read model from zero, of opening one household's page, and of the coverage count.
enum RebuildBench {
    /// What the log holds. Events go straight through the EventLog port with the same encoder.
    struct Load {
        var households = 10_000
        /// Years of care: five holiday visits, their notices and deliveries, and some needs each year.
        var years = 10
        /// Events per commit while the log is filled.
        var perCommit = 4_000
    }

    struct Figures {
        var events: UInt64
        var households: Int
        var rebuildSeconds: Double
        var fileBytes: Int
        /// Of opening a household's page, in microseconds, sorted.
        var pageMicroseconds: [Double]
        var coverageSeconds: Double

        var eventsPerSecond: Double { Double(events) / rebuildSeconds }

        func pagePercentile(_ share: Double) -> Double {
            pageMicroseconds.isEmpty
                ? 0 : pageMicroseconds[min(pageMicroseconds.count - 1, Int(Double(pageMicroseconds.count) * share))]
        }
    }

    /// Fills a log with invented households, their events interleaved year by year as in real life.
    static func fill(_ load: Load, in directory: String) throws {
        let log = try SQLiteEventLog(directory: directory)
        var streams = (0..<load.households).map { InventedStream(UInt64($0)) }
        for index in streams.indices { begin(&streams[index], index) }
        var written = Array(repeating: 0, count: streams.count)
        var clock: Int64 = 1_400_000_000_000_000
        for year in 0..<load.years {
            var batch: [AppendRequest] = []
            for index in streams.indices {
                live(&streams[index], year: 2015 + year, index)
                batch += try streams[index].requests(written[index]..<streams[index].events.count)
                written[index] = streams[index].events.count
                guard batch.count >= load.perCommit || index == streams.count - 1 else { continue }
                clock += 1_000_000
                _ = try log.append(batch, at: RecordedTime(microseconds: clock))
                batch.removeAll(keepingCapacity: true)
            }
        }
        try log.close()
    }

    /// Lends the log to the rebuild's threads, which only ask it for readers of their own, one at a time.
    private final class Lender: @unchecked Sendable {
        private let lock = NSLock()
        private let log: SQLiteEventLog
        init(_ log: SQLiteEventLog) { self.log = log }
        func reader() throws -> any EventLogReader { try lock.withLock { try log.makeReader() } }
    }

    /// Rebuilds from the log of a directory into a file beside it.
    /// - Parameter words: Words of the published pack.
    static func run(in directory: String, words: CarePolicyWords, pages: Int = 2_000) throws -> Figures {
        let log = try SQLiteEventLog(directory: directory)
        defer { try? log.close() }
        let lender = Lender(log)
        let rebuild = ReadModelRebuild(words: words) { try lender.reader() }
        let path = directory + "/bench-read-model.sqlite"
        let begin = now()
        let result = try rebuild.run(path: path)
        let seconds = now() - begin
        let reader = try lender.reader()
        defer { reader.close() }
        let step = max(1, result.progress.households / pages)
        let day = CivilDay.invented("2020-06-30")
        let times = try stride(from: 0, to: result.progress.households, by: step).map { number -> Double in
            let begin = now()
            let loaded = try LoadedHousehold(InventedStream(UInt64(number)).id, from: reader, sealed: .open)
            let page = loaded.map { CareArchive($0, ArchiveQuestion(asOf: day), words: words) }
            precondition(page?.members.count == 3, "RebuildBench: household \(number) is not in the log")
            return (now() - begin) * 1e6
        }
        let lists = ReadModelLists(result.file, words: words)
        let counting = now()
        _ = try lists.coverage(ListScope(asOf: day, allowed: [DivisionCode("430000")!]), depth: 9)
        let counted = now() - counting
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        return Figures(
            events: result.progress.totalEvents, households: result.progress.households, rebuildSeconds: seconds,
            fileBytes: size, pageMicroseconds: times.sorted(), coverageSeconds: counted)
    }

    /// Seconds on a clock that only goes forward.
    private static func now() -> Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }

    private static func begin(_ stream: inout InventedStream, _ index: Int) {
        let division = ["431002001", "431002002", "431003001", "431081001"][index % 4]
        stream.add(.registered(HouseholdRegistered(division: DivisionCode(division)!, area: .urban)), on: "2014-08-01")
        let roles: [MemberRole] = [.wife, .husband, .onlyChild]
        for (place, role) in roles.enumerated() {
            let person = person(index, place)
            stream.add(
                .personJoined(
                    PersonJoined(
                        person: person, role: role, sex: place == 1 ? .male : .female,
                        birthDate: .invented("1965-01-01") + Int32(index % 3000),
                        token: PersonToken(Identifier128(high: UInt64(index), low: UInt64(place))),
                        sealed: [
                            SealedPart(
                                subject: person,
                                details: PersonalDetails(
                                    name: "某某某", idNumber: "431002196501010000", phone: "13800000000",
                                    address: "某区某街道某社区某路某号"))
                        ])), on: "1990-01-01", recorded: "2014-08-01")
        }
        let child = person(index, 2)
        if index % 3 == 0 {
            stream.add(.disabilityAssessed(DisabilityAssessed(person: child, grade: 2)), on: "2012-03-01")
        } else {
            stream.add(.personDied(PersonDied(person: child)), on: "2012-03-01")
        }
        for (place, kind) in ["department", "cadre", "party_member", "volunteer"].enumerated() {
            let helper = person(index, 10 + place)
            stream.add(
                .pairingAssigned(
                    PairingAssigned(
                        kind: PairingKind(unchecked: kind), helper: Helper(id: helper, unit: "某单位", hasRealName: true),
                        sealed: [
                            SealedPart(subject: helper, details: PersonalDetails(name: "某帮扶人", phone: "13900000000"))
                        ]
                    )), on: "2014-09-01")
        }
        for _ in 0..<3 { stream.add(determination(index), on: "2014-09-02") }
    }

    private static func live(_ stream: inout InventedStream, year: Int, _ index: Int) {
        let first = CivilDay(year: year, month: 1, day: 1)!
        for visit in 0..<4 {
            let day = first + Int32(visit * 80 + index % 30)
            let notice = stream.add(
                .noticeRaised(
                    NoticeRaised(
                        kind: Code(unchecked: "holiday_visit_due"), key: "holiday_visit_due:\(year):\(visit)",
                        subject: .household, dueOn: day + 7)), on: day)
            stream.add(
                .noticeDelivered(
                    NoticeDelivered(
                        notice: notice, channel: Code(unchecked: "webhook"), outcome: .delivered, attempts: 1)), on: day
            )
            stream.add(
                .visitRecorded(VisitRecorded(kind: Code(unchecked: "holiday"), holiday: Code(unchecked: "mid_autumn"))),
                on: day + 3)
        }
        let need = stream.add(
            .needRaised(
                NeedRaised(
                    kind: Code(unchecked: "need_checkup"),
                    sealed: [SealedPart(subject: person(index, 0), details: PersonalDetails(text: "希望安排一次体检"))])),
            on: first + 90)
        stream.add(
            .needAnswered(
                NeedAnswered(
                    need: need, by: DepartmentID(unchecked: "dept.health"), outcome: Code(unchecked: "relayed"))),
            on: first + 100)
        stream.add(.needClosed(NeedClosed(need: need, reason: Code(unchecked: "other"))), on: first + 120)
        stream.add(
            .factStated(
                FactStated(
                    fact: FactID(unchecked: "household.dibao"), subject: .household, value: .bool(year % 2 == 0),
                    source: Code(unchecked: "certificate"))), on: first)
        if year % 3 == index % 3 { stream.add(determination(index), on: first + 10) }
    }

    private static func person(_ household: Int, _ place: Int) -> PersonID {
        PersonID(Identifier128(high: UInt64(household), low: UInt64(place)))
    }

    private static func determination(_ index: Int) -> HouseholdEvent {
        let turns = CivilDay.invented("2014-01-01") + Int32(index % 3000)
        return .determinationMade(
            DeterminationMade(
                clause: ClauseID("CZ-2.1")!, subject: .person(person(index, 0)),
                pack: PackID(unchecked: "chenzhou-2014"),
                packVersion: .invented("2014-07-16"), packHash: Array(repeating: 7, count: 32),
                cadence: Code(unchecked: "month"),
                department: DepartmentID(unchecked: "dept.fp"),
                intervals: [
                    .init(period: DayPeriod(start: .invented("2013-03-01"), end: turns), status: .notEntitled),
                    .init(period: DayPeriod(start: turns), status: .entitled, amount: Fen(30_000)),
                ], facts: [EventReference(sequence: 2), EventReference(sequence: 5)],
                readThrough: EventReference(sequence: 8)))
    }
}
