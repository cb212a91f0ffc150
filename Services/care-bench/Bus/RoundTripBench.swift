import CareDomain
import CareWire
import MessageBus
import RuleEngine
import ServiceKit

/// Commands from client to synced acknowledgement, CURVE on: straight at care-archive, and through intake with all its
/// checks.
struct RoundTripBench {
    let district: BenchDistrict
    let runs: Int
    let scratch: ScratchFolder
    /// Commands of one run with 64 under way, and one at a time.
    var perRun = 40_000
    var perRunAlone = 3_000

    /// Where the commands go.
    enum Target: String { case archive, intake }

    private static let inFlight = 64

    func measure(_ target: Target, _ told: (Figure) -> Void) async throws {
        let folder = try scratch.make()
        defer { scratch.remove(folder) }
        let plan = CommandPlan(district, most: runs * (perRun + perRunAlone))
        let rig = try await ServiceRig(directory: folder, withIntake: target == .intake)
        Memory.forgetPeak()
        if target == .intake { try await publish(rig) }
        try await open(plan, target, rig, told)
        var rest = plan.others[...]
        // A small district is used up before all runs are done; they are then shorter.
        let wanted = runs * (perRun + perRunAlone)
        let scale = min(1, Double(rest.count) / Double(wanted))
        for (inFlight, count) in [(1, perRunAlone), (Self.inFlight, perRun)] {
            var measured: [Run] = []
            var commands = 0
            var events = 0
            for _ in 0..<runs {
                let steps = rest.prefix(Int(Double(count) * scale))
                rest = rest.dropFirst(steps.count)
                commands += steps.count
                events += steps.reduce(0) { $0 + $1.events.count }
                measured.append(try await run(questions(plan, steps, target), inFlight, rig))
            }
            told(figure(target, inFlight, measured, commands: commands, events: events))
        }
        try await rig.stop()
    }

    private func questions(
        _ plan: CommandPlan, _ steps: some Collection<BenchDistrict.Step>, _ target: Target
    ) throws -> [Question] {
        target == .intake ? try plan.submissions(steps) : try plan.appends(steps)
    }

    private func run(_ questions: [Question], _ inFlight: Int, _ rig: ServiceRig) async throws -> Run {
        let before = rig.appended
        let (trips, load) = try await SystemLoad.during {
            try await rig.ask(questions, inFlight: inFlight, warmUp: min(500, questions.count / 10))
        }
        precondition(trips.refused == 0, "RoundTripBench: \(trips.refused) refused, \(trips.firstRefusal)")
        precondition(rig.appended - before >= questions.count, "RoundTripBench: an append is missing")
        return Run(
            value: trips.perSecond, latencies: trips.latencies, load: load, count: questions.count)
    }

    private func figure(
        _ target: Target, _ inFlight: Int, _ measured: [Run], commands: Int, events: Int
    ) -> Figure {
        let place =
            target == .archive
            ? UserText(zh: "档案服务", en: "care-archive") : UserText(zh: "受理服务全部核对", en: "intake with all checks")
        let title = UserText(
            zh: "命令往返，\(place.zh)，同时 \(inFlight) 条", en: "command round trip, \(place.en), \(inFlight) in flight")
        let mean = Double(events) / Double(max(commands, 1))
        let data = UserText(
            zh: "\(commands) 条命令，每条 \(Report.number(mean)) 个事件，\(district.households) 户",
            en: "\(commands) commands of \(Report.number(mean)) events, \(district.households) households")
        if inFlight == 1 {
            let alone = measured.map { run in
                Run(
                    value: run.latencies?.percentile(0.5) ?? 0, latencies: run.latencies, load: run.load,
                    count: run.count)
            }
            var figure = Run.figure("\(target.rawValue)-1", title, unit: "µs p50", data: data, alone)
            figure.direction = .lower
            figure.aim = target == .archive ? 150 : nil
            figure.peakMiB = Memory.peakMiB
            return figure
        }
        var figure = Run.figure("\(target.rawValue)-\(inFlight)", title, unit: "commands/s", data: data, measured)
        figure.aim = target == .archive ? 80_000 : 40_000
        figure.peakMiB = Memory.peakMiB
        return figure
    }

    // MARK: Before the clock

    private func publish(_ rig: ServiceRig) async throws {
        let questions = try district.packs.enumerated().map { index, pack in
            let id = CommandID(Identifier128(high: 0x7061_636b, low: UInt64(index) + 1))
            let message = try PackCommand.publish(pack, id: id, occurredOn: BenchDistrict.lastDay)
            return Question(
                id: CommandPlan.id(id), method: .publishPack, body: try message.serializedBytes())
        }
        let trips = try await rig.ask(questions, inFlight: 1)
        precondition(trips.refused == 0, "RoundTripBench.publish: \(trips.firstRefusal)")
    }

    /// Opens every file; through intake this is a figure of its own, because each opening also reserves and confirms
    /// its members in their own streams.
    private func open(
        _ plan: CommandPlan, _ target: Target, _ rig: ServiceRig, _ told: (Figure) -> Void
    ) async throws {
        let questions = try questions(plan, plan.openings, target)
        let (trips, load) = try await SystemLoad.during {
            try await rig.ask(questions, inFlight: Self.inFlight)
        }
        precondition(trips.refused == 0, "RoundTripBench.open: \(trips.refused), \(trips.firstRefusal)")
        guard target == .intake else { return }
        let run = Run(
            value: trips.perSecond, latencies: trips.latencies, load: load, count: questions.count)
        let events = plan.openings.reduce(0) { $0 + $1.events.count }
        let data = UserText(
            zh: "\(questions.count) 户建档，共 \(events) 个事件，另有每名成员的占位与确认",
            en: "\(questions.count) files opened, \(events) events, and each member reserved and confirmed")
        told(
            Run.figure(
                "intake-open", UserText(zh: "建档，受理服务，同时 64 条", en: "opening files through intake, 64 in flight"),
                unit: "files/s", data: data, [run]))
    }
}
