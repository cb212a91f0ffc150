/// One line of a batch: a sum of one right for some months, and how far its payment is.
package struct BatchLine: Hashable, Sendable {
    /// A line as a family's file ordered it.
    package struct Ordered: Hashable, Sendable {
        package var household: HouseholdID
        /// The order in the family's stream.
        package var order: EventReference
        /// Place of the line in it, from 0.
        package var place: Int
        package var line: OrderedLine

        package init(household: HouseholdID, order: EventReference, place: Int, line: OrderedLine) {
            self.household = household
            self.order = order
            self.place = place
            self.line = line
        }
    }

    /// How far the payment is.
    package enum State: Hashable, Sendable {
        /// 待送: to be sent to the bank.
        case open
        /// 在途: in a file that is not answered.
        case inTransit(file: Int)
        /// 已发放.
        case paid(file: Int)
        /// 失败: the bank did not pay; it is sent again.
        case failed(Code)
        /// 退回: came back; it is sent again.
        case returned(Code)
        /// 冲销: not to be paid.
        case reversed(Code)
    }

    /// From 1, in the order in which lines were frozen.
    package let number: Int
    package let ordered: Ordered
    package internal(set) var state: State = .open

    package var amount: Fen { ordered.line.amount }

    /// Whether it waits to be sent to the bank.
    package var isToBeSent: Bool {
        switch state {
        case .open, .failed, .returned: true
        case .inTransit, .paid, .reversed: false
        }
    }
}

extension BatchLine.State {
    /// Stable code: open, in_transit, paid, failed, returned, reversed.
    package var code: String {
        switch self {
        case .open: "open"
        case .inTransit: "in_transit"
        case .paid: "paid"
        case .failed: "failed"
        case .returned: "returned"
        case .reversed: "reversed"
        }
    }

    /// What people call it: 待送, 在途, …; of money that is taken back 待列清单, 待收回, ….
    package func words(takesBack: Bool) -> (chinese: String, english: String) {
        switch self {
        case .open: takesBack ? ("待列清单", "waits for a list") : ("待送", "waits to be sent")
        case .inTransit: takesBack ? ("待收回", "to be collected") : ("在途", "with the bank")
        case .paid: takesBack ? ("已收回", "collected") : ("已发放", "paid")
        case .failed: takesBack ? ("未收回", "not collected") : ("失败", "failed")
        case .returned: takesBack ? ("收回后又退", "given back after it was collected") : ("退回", "came back")
        case .reversed: ("已冲销", "reversed")
        }
    }

    /// Why, where somebody gave a reason.
    package var reason: Code? {
        switch self {
        case .failed(let reason), .returned(let reason), .reversed(let reason): reason
        case .open, .inTransit, .paid: nil
        }
    }
}

/// 业务参考号: names a line in a file for the bank and in its answer, `7k2m9q0c-1-12`: batch, file, line.
package struct BankReference: Hashable, Sendable, CustomStringConvertible {
    package var batch: BatchID
    package var file: Int
    package var line: Int

    package init(batch: BatchID, file: Int, line: Int) {
        self.batch = batch
        self.file = file
        self.line = line
    }

    package var description: String { "\(Self.prefix(batch))-\(file)-\(line)" }

    /// The first eight characters of the batch's id.
    package static func prefix(_ batch: BatchID) -> String { String(batch.description.prefix(8)) }
}
