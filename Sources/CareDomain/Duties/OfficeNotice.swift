/// 提醒办理部门: something that an office has to see to; raised once in the stream that it is about.
package struct OfficeNotice: Hashable, Sendable {
    /// What it is about. The raw values stand in the log and in deliveries and never change.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// 职责将到期, 今日到期, 逾期.
        case dutyWarned = "duty_warned"
        case dutyDue = "duty_due"
        case dutyOverdue = "duty_overdue"
        /// 名单签收将到期, 逾期.
        case listDue = "list_due"
        case listOverdue = "list_overdue"
        /// 征询答复将到期, 逾期.
        case questionDue = "consultation_due"
        case questionOverdue = "consultation_overdue"
        /// 还款将到期, 逾期.
        case loanDue = "loan_due"
        case loanOverdue = "loan_overdue"
    }

    /// A code of `Kind`, or of a newer program.
    package var kind: Code
    /// What makes it the same notice; holds no name.
    package var key: String
    /// Who has to see to it.
    package var department: DepartmentID
    /// In time until the end of this day.
    package var dueOn: CivilDay
    package var clause: ClauseID?
    package var pack: PackID?
    package var period: Code?
    /// What is to be repaid.
    package var amount: Fen?
    /// Account of the person who looks after it.
    package var person: Code?

    package init(
        kind: Code, key: String, department: DepartmentID, dueOn: CivilDay, clause: ClauseID? = nil,
        pack: PackID? = nil, period: Code? = nil, amount: Fen? = nil, person: Code? = nil
    ) {
        self.kind = kind
        self.key = key
        self.department = department
        self.dueOn = dueOn
        self.clause = clause
        self.pack = pack
        self.period = period
        self.amount = amount
        self.person = person
    }
}

/// Notices of one stream and what became of them: part of its fold.
package struct OfficeNotices: Hashable, Sendable {
    /// One notice.
    package struct Entry: Hashable, Sendable {
        package let reference: EventReference
        package let notice: OfficeNotice
        /// The day on which it fell due.
        package let on: CivilDay
        /// The append that raised it, and its place in it.
        package let command: CommandID
        package let place: Int
        /// What became of it, in order.
        package fileprivate(set) var deliveries: [NoticeDelivered] = []

        /// What the log says of it on a channel; nil = not delivered, nor given up.
        package func outcome(on channel: Code) -> NoticeDelivered.Outcome? {
            deliveries.last { $0.channel == channel }?.outcome
        }
    }

    /// In the order in which they were raised.
    package private(set) var entries: [Entry] = []
    private var append: (command: CommandID, first: UInt64)?

    package init() {}

    /// Whether the notice was raised.
    package func has(_ key: String) -> Bool { entries.contains { $0.notice.key == key } }

    /// The notice of an event.
    package subscript(reference: EventReference) -> Entry? { entries.first { $0.reference == reference } }

    mutating func raise(_ notice: OfficeNotice, at reference: EventReference, on day: CivilDay, by command: CommandID) {
        let first = note(command, reference)
        entries.append(
            Entry(
                reference: reference, notice: notice, on: day, command: command,
                place: Int(reference.sequence - first)))
    }

    mutating func deliver(_ delivered: NoticeDelivered, at reference: EventReference, by command: CommandID) {
        _ = note(command, reference)
        guard let index = entries.firstIndex(where: { $0.reference == delivered.notice }) else { return }
        entries[index].deliveries.append(delivered)
    }

    /// First sequence of the append.
    private mutating func note(_ command: CommandID, _ reference: EventReference) -> UInt64 {
        if let append, append.command == command { return append.first }
        append = (command, reference.sequence)
        return reference.sequence
    }

    package static func == (left: OfficeNotices, right: OfficeNotices) -> Bool { left.entries == right.entries }

    package func hash(into hasher: inout Hasher) { hasher.combine(entries) }
}
