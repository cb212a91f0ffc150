/// The kind of thing a stream is about; the part of its name before the first hyphen.
package enum StreamCategory: String, Sendable, Hashable, CaseIterable {
    /// One special-hardship family: nearly everything.
    case household
    /// Which household a person is in.
    case person
    /// Quotas, budgets and scores of one division.
    case unit
    /// A fund and its reservations.
    case fund
    /// One loan, or other aid, of a mother.
    case loan
    /// One payment batch.
    case batch
    /// A rule pack and its parameter values.
    case pack
    /// One village.
    case village
    /// One duty of a department.
    case duty
    /// One survey.
    case survey
    /// One report.
    case report
    /// Who looked at sensitive fields.
    case access
    /// What the notifier delivered.
    case notice
    /// What a deployment as a whole rests on.
    case deployment

    /// Bit of this category in a set of categories.
    package var bit: UInt32 { 1 << UInt32(Self.order(of: self)) }

    private static func order(of category: StreamCategory) -> Int {
        switch category {
        case .household: 0
        case .person: 1
        case .unit: 2
        case .fund: 3
        case .loan: 4
        case .batch: 5
        case .pack: 6
        case .village: 7
        case .duty: 8
        case .survey: 9
        case .report: 10
        case .access: 11
        case .notice: 12
        case .deployment: 13
        }
    }

    /// The category a raw stream name begins with; nil when there is none. Does not allocate.
    /// - Parameter name: UTF-8 bytes of a whole stream name.
    package init?(ofName name: UnsafeRawBufferPointer) {
        guard let hyphen = name.firstIndex(of: UInt8(ascii: "-")) else { return nil }
        for category in StreamCategory.allCases {
            let word = category.word
            guard word.utf8CodeUnitCount == hyphen else { continue }
            var same = true
            for index in 0..<hyphen where name[index] != word.utf8Start[index] {
                same = false
                break
            }
            if same {
                self = category
                return
            }
        }
        return nil
    }

    private var word: StaticString {
        switch self {
        case .household: "household"
        case .person: "person"
        case .unit: "unit"
        case .fund: "fund"
        case .loan: "loan"
        case .batch: "batch"
        case .pack: "pack"
        case .village: "village"
        case .duty: "duty"
        case .survey: "survey"
        case .report: "report"
        case .access: "access"
        case .notice: "notice"
        case .deployment: "deployment"
        }
    }
}
