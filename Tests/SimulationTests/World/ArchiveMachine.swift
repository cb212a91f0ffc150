import ArchiveCore
import CareDomain
import CareProjections
import CareWire
import EventLog
import EventLogSQLite
import MessageBus
import RuleEngine
import SwiftProtobuf

/// care-archive: the real service over the real log on a simulated disk.
final class ArchiveMachine: NodeMachine<ArchiveService> {
    private var log: SQLiteEventLog?
    private var pages: LogPages?
    private var projecting: (any EventLogReader)?
    /// For the clerks who pay: they look at a batch before they say what is to become of it.
    private var counter: (reader: any EventLogReader, books: PaymentBooks, units: UnitBooks, lending: LendingBooks)?
    private var isProjectionDue = false
    private var words: CarePolicyWords?
    /// The lists kept beside the log, in some of the runs: they cost as much as all the rest.
    let readModels: ReadModelCheck?
    /// Whether its next death is one of the whole machine.
    var losesPower = false
    private(set) var opened = 0
    /// Openings that failed while the disk was in trouble.
    private(set) var failedOpenings = 0

    init(_ world: World) {
        readModels = world.seed % 8 == 0 ? try? ReadModelCheck() : nil
        super.init(.archive, world)
    }

    var options: SQLiteLogOptions {
        var options = SQLiteLogOptions()
        options.pageBytes = 4096
        options.checkpointBytes = world.seed % 3 == 0 ? 1 << 20 : 64 << 10
        options.imageInterval = world.seed % 2 == 0 ? 150 : 100_000
        options.cacheBytes = 1 << 20
        options.vfs = world.vfs.name
        options.disk = world.disk
        options.identity = [UInt8](repeating: 7, count: 16)
        options.usesSecondThread = false
        options.reservesWriteAheadLog = false
        options.openingBytes = 64 << 10
        return options
    }

    override func makeCore(_ now: BusMoment) -> ArchiveService? {
        do {
            let log = try SQLiteEventLog(directory: "/log", options: options)
            self.log = log
            opened += 1
            if !log.openingDamages.isEmpty { world.fail("opening found damage: \(log.openingDamages)") }
            let pages = LogPages(
                reader: try log.makeReader(), division: { _ in nil }, places: { _ in nil },
                sight: { CarePolicyWords().sight(of: $0, on: CivilDay(microsecondsUTC: 0)) })
            self.pages = pages
            projecting = readModels == nil ? nil : try log.makeReader()
            counter = (try log.makeReader(), PaymentBooks(), UnitBooks(), LendingBooks())
            let writer: any EventLogWriter = world.mutant.map { MutantLog(log, $0) } ?? log
            let refused = RefusedCommands(lifetime: world.mutant == .forgetsRefusals ? .zero : .seconds(600))
            let store = RefusalFile(directory: "/log", disk: world.disk, capacity: 64)
            return try ArchiveService(log: writer, refused: refused, refusalStore: store) { [unowned self] _, _, _ in
                projectSoon()
            }
        } catch {
            world.note(.archive, BusLogEntry(.error, "the log does not open", ["error": error.description]))
            failedOpenings += 1
            // A disk in trouble may keep the log shut; only loss or damage may never be.
            if ![.storageFailed, .diskFull, .readFailed].contains(error.code) {
                world.fail("the log does not open: \(error)")
            }
            bury()
            return nil
        }
    }

    override func perform(_ work: ArchiveWork) -> ArchiveNews? {
        guard let pages else { return nil }
        switch work {
        case .readAll(let request):
            let found = pages.readAll(request.body)
            return after(found.damages, .answered(request.token, found.answer))
        case .subscription(let read):
            let found = pages.page(read)
            return after(found.damages, .page(read.token, found.answer))
        case .query(let request):
            // The notifier asks how many of its notices are parked and where families live, intake which files are kept:
            // there are no lists and no files here.
            let asked = (try? Care_V1_Query(serializedBytes: request.body))?.query
            let none = Care_V1_QueryReply.with {
                switch asked {
                case .keptAttachments?: $0.keptAttachments = .init()
                case .visitCoverage?: $0.visitCoverage = .init()
                default: $0.notices = Care_V1_NoticeList()
                }
            }
            return .answered(request.token, .ok((try? none.serializedBytes()) ?? []))
        case .operate(let request), .attachment(let request):
            return .answered(request.token, .problem(.unknownMethod))
        }
    }

    /// A payment batch as the log has it now; nil while there is none, or nobody can be asked.
    func batch(_ id: BatchID) -> PaymentBatch? {
        guard isUp, let reader = counter?.reader, var books = counter?.books else { return nil }
        do throws(EventLogError) { try books.catchUp(reader) } catch {
            world.fail("the books cannot be read: \(error)")
        }
        counter?.books = books
        return books.entries[id]?.batch
    }

    /// A unit as the log has it now; nil while nobody can be asked.
    func unit(_ division: DivisionCode) -> UnitStanding? {
        guard isUp, let reader = counter?.reader, var units = counter?.units else { return nil }
        do throws(EventLogError) { try units.catchUp(reader) } catch {
            world.fail("the books of the units cannot be read: \(error)")
        }
        counter?.units = units
        return units.units[division] ?? UnitStanding(division: division)
    }

    /// A family's file as the log has it now; nil while there is none, or nobody can be asked.
    func household(_ id: HouseholdID) -> Household? {
        guard isUp, let reader = counter?.reader else { return nil }
        do throws(EventLogError) {
            return try LoadedHousehold(id, from: reader, sealed: .skip)?.history.household
        } catch {
            world.fail("a family's file cannot be read: \(error)")
            return nil
        }
    }

    /// Funds and loans as the log has them now; nil while nobody can be asked.
    var lending: LendingBooks? {
        guard isUp, let reader = counter?.reader, var books = counter?.lending else { return nil }
        do throws(EventLogError) { try books.catchUp(reader) } catch {
            world.fail("the books of funds and loans cannot be read: \(error)")
        }
        counter?.lending = books
        return books
    }

    /// The projector follows the log at its own pace.
    private func projectSoon() {
        guard projecting != nil, !isProjectionDue else { return }
        isProjectionDue = true
        let life = life
        world.agenda.add(at: world.now + world.random.time(500...60_000)) { [unowned self] in
            isProjectionDue = false
            guard life == self.life, let reader = projecting else { return }
            do {
                words = try words ?? Self.words(reader)
                if let words { try readModels?.catchUp(reader, words) }
            } catch { world.fail("the lists do not follow: \(error)") }
        }
    }

    /// The words of the published pack; nil while there is none.
    private static func words(_ reader: any EventLogReader) throws -> CarePolicyWords? {
        let slice = try reader.readAll(after: .start, limit: 100, filter: ReadFilter(categories: [.pack]))
        guard !slice.events.isEmpty else { return nil }
        var rules = PublishedRules()
        for event in slice.events { try rules.take(event.decoded()) }
        return CarePolicyWords(rules: rules)
    }

    private func after(_ damages: [Damage], _ news: ArchiveNews) -> ArchiveNews {
        if !damages.isEmpty { world.fail("a reader met damage: \(damages)") }
        return news
    }

    override func kill() {
        if losesPower { world.disk.losePower() } else { world.disk.kill() }
        losesPower = false
        super.kill()
    }

    override func gone(inOrder: Bool) {
        readModels?.processIsGone()
        if inOrder {
            pages = nil
            projecting = nil
            counter = nil
            do throws(EventLogError) { try log?.close() } catch { world.fail("the log does not close: \(error)") }
            log = nil
            world.disk.kill()
        } else {
            bury()
        }
    }

    /// Lets go of what a dead process had open; nothing of that reaches the disk any more.
    private func bury() {
        world.disk.kill()
        world.disk.ignoringDeletes {
            log?.abandon()
            pages = nil
            projecting = nil
            counter = nil
            log = nil
        }
    }
}

extension PublishedRules {
    /// Takes an event of a pack's stream in.
    mutating func take(_ event: RecordedEvent) throws {
        guard let pack = PackID(event.stream.key),
            case .pack(let news) = try EventCodec.decodeAny(
                kind: event.kind, version: event.version, payload: event.payload)
        else { return }
        _ = take(
            news, of: pack, occurredOn: CivilDay(dayNumber: event.occurredOn.rawValue),
            recordedAt: Moment(microseconds: event.recordedAt.microseconds))
    }
}
