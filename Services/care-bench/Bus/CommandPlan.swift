import ArchiveClient
import CareDomain
import CareWire
import MessageBus

/// The district's commands for the round-trip benches: first those that open the files, then all others in the order in
/// which they are reported.
struct CommandPlan {
    let openings: [BenchDistrict.Step]
    let others: [BenchDistrict.Step]
    private let principal: Principal

    /// - Parameter most: how many commands beside the openings are wanted.
    init(_ district: BenchDistrict, most: Int) {
        principal = district.principal
        var openings: [BenchDistrict.Step] = []
        var others: [BenchDistrict.Step] = []
        district.forEachBlock(withServices: false) { block in
            openings += block.filter(\.isRegistration)
            guard others.count < most else { return }
            others += block.filter { !$0.isRegistration }
        }
        self.openings = openings
        self.others = others
    }

    /// Submissions to intake.
    /// - Throws: `WireError` when a command breaks a limit of the contract.
    func submissions(_ steps: some Collection<BenchDistrict.Step>) throws -> [Question] {
        try steps.map { step in
            Question(
                id: Self.id(step.command.id), method: .submitCommand, body: try CommandCodec.encode(step.command))
        }
    }

    /// Appends as intake sends them to care-archive.
    /// - Throws: `WireError` when an event breaks a limit of the contract.
    func appends(_ steps: some Collection<BenchDistrict.Step>) throws -> [Question] {
        try steps.map { step in
            let append = HouseholdAppend(
                household: step.household, expected: step.expected, id: step.command.id,
                contentDigest: step.command.id.value,
                context: EventContext(principal: principal, command: step.command.id), events: step.events)
            return Question(
                id: Self.id(step.command.id), method: .append,
                body: try ArchiveMessages.body(append))
        }
    }

    static func id(_ command: CommandID) -> RequestID { RequestID(command.value.high, command.value.low) }
}
