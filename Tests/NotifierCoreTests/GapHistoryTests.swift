import CareDomain
import NotifierCore
import Testing

/// Gap notices against a plain account of the same life, however the events arrive.
@Suite("结对空缺：怎样分批到达都报一样的提醒")
struct GapHistoryTests {
    @Test("报过空缺的户，事件在任何地方分批，每段空缺各报一次开始、一次补齐", arguments: UInt64(1)...60)
    func announcedFamily(seed: UInt64) {
        var life = Life(seed: seed, isComplete: false)
        for _ in 0..<40 { life.goOn(daysAtMost: 200) }
        for batch in [1, 3, 40] { life.check(batchesAtMost: batch) }
    }

    @Test("从未报过空缺的户，六十天内看一次，也是一样", arguments: UInt64(1)...60)
    func completeFamily(seed: UInt64) {
        var life = Life(seed: seed, isComplete: true)
        for _ in 0..<40 { life.goOn(daysAtMost: 6) }
        for batch in [1, 3, 9] { life.check(batchesAtMost: batch) }
    }
}

/// A family whose helpers come, hand over and go, one change on a day, and what is to be told of it.
private struct Life {
    private enum Change {
        case came(String, UInt64)
        case left(String, UInt64)
        case handedOver(String, UInt64, UInt64)
    }

    private let isComplete: Bool
    private var random: SplitMix
    private var today = day("2014-08-01")
    private var helper: UInt64 = 100
    private var holders: [String: UInt64] = [:]
    /// First day of the gap of each slot that is empty.
    private var empty: [String: CivilDay] = [:]
    private var changes: [(day: CivilDay, change: Change)] = []
    /// By slot, what is to be told, in order.
    private var expected: [String: [String]] = [:]

    init(seed: UInt64, isComplete: Bool) {
        self.isComplete = isComplete
        random = SplitMix(seed: seed)
        for (place, slot) in Family.slots.enumerated() {
            if isComplete { holders[slot] = UInt64(10 + place) } else { leave(slot) }
        }
    }

    private mutating func leave(_ slot: String) {
        holders[slot] = nil
        empty[slot] = today
        expected[slot, default: []].append("opened \(today)")
    }

    /// Some days later somebody comes, goes or hands over.
    mutating func goOn(daysAtMost days: Int32) {
        today = today + Int32.random(in: 1...days, using: &random)
        let slot = Family.slots.randomElement(using: &random)!
        helper += 1
        guard let holder = holders[slot] else {
            changes.append((today, .came(slot, helper)))
            holders[slot] = helper
            expected[slot, default: []].append("closed \(empty[slot]!) \(today) \(person(helper))")
            return
        }
        if random.once(in: 2) {
            changes.append((today, .left(slot, holder)))
            leave(slot)
        } else {
            changes.append((today, .handedOver(slot, holder, helper)))
            holders[slot] = helper
        }
    }

    /// Tells the life in batches, looks after each, and compares what was raised.
    mutating func check(batchesAtMost most: Int) {
        var family = Family()
        if isComplete { family = Family.complete() } else { family.register(on: "2014-08-01") }
        family.raise(on: "2014-08-01")
        var place = 0
        while place < changes.count {
            let batch = changes[place...].prefix(Int.random(in: 1...most, using: &random))
            for (day, change) in batch {
                switch change {
                case .came(let slot, let helper): family.assign(slot, helper, on: day.description)
                case .left(let slot, let helper): family.end(slot, helper, on: day.description)
                case .handedOver(let slot, let old, let new): family.handOver(slot, old, new, on: day.description)
                }
            }
            place += batch.count
            let look = batch.last!.day.description
            family.raise(on: look)
            #expect(family.keys(on: look).isEmpty)
        }
        for slot in Family.slots { #expect(told(slot, family) == expected[slot] ?? [], "\(slot), batches of \(most)") }
    }

    private func told(_ slot: String, _ family: Family) -> [String] {
        family.state.notices.map(\.raised).filter { $0.code(NoticeField.slot) == code(slot) }.compactMap { raised in
            let from = raised.day(NoticeField.gapFrom)?.description ?? "?"
            switch NoticeKind(rawValue: raised.kind.rawValue) {
            case .gapOpened: return "opened \(from)"
            case .gapClosed:
                let helper = raised.persons.first?.description ?? "nobody"
                return "closed \(from) \(raised.day(NoticeField.day)?.description ?? "?") \(helper)"
            default: return nil
            }
        }
    }
}
