/// The limits that the contract in `Proto/care/v1` states in its comments. Texts in bytes of UTF-8.
package enum WireLimits {
    /// Days of the years 1 to 9999, as days since 1970-01-01.
    package static let days: ClosedRange<Int32> = -719_162...2_932_896

    /// Months of the years 1 to 9999, as months since January 1970.
    static let months: ClosedRange<Int32> = -23_628...96_359

    /// Fen that may be due in a month: 100 billion yuan, so that sums over all months there are stay numbers.
    static let monthlyFen: ClosedRange<Int64> = -10_000_000_000_000...10_000_000_000_000

    /// Fen that one payment may come to: 100 million yuan.
    static let paymentFen: ClosedRange<Int64> = -10_000_000_000...10_000_000_000
    /// Fen that a sum of a fund may come to: 10 billion yuan.
    static let lendingFen: Int64 = 1_000_000_000_000
    /// Due days of one agreement.
    static let instalments = 120
    static let figures = 64
    static let problems = 32
    /// Lines, families and files of a batch.
    static let paymentLines = 16_000_000
    static let orderedLines = 256
    static let monthSpans = 256
    static let frozenLines = 16_384
    static let postings = 64
    static let scopeClauses = 64
    static let accountReference = 128
    static let bankReference = 64
    /// Families that one command names for a batch.
    package static let preparedHouseholds = 16_384

    package static let name = 200
    static let idNumber = 32
    package static let phone = 64
    package static let address = 512
    package static let certificateNumber = 128
    static let diagnosis = 2048
    package static let freeText = 8192

    static let reference = 256
    package static let unit = 256
    package static let archiveNumber = 64
    static let certificate = 128
    static let noticeKey = 256
    static let missingName = 128
    static let parameterSource = 512
    static let accessReason = 1024
    static let peer = 64
    static let trace = 128

    static let sealedParts = 32
    static let sealedContent = 16_384
    static let divisions = 256
    static let persons = 64
    static let victims = 64
    static let answers = 256
    static let details = 64
    static let scopes = 32
    static let intervals = 1024
    /// Papers that one act on an application brings.
    static let papers = 32
    static let noticeDays = 1...365
    /// Places of one guidance number.
    static let places = 1_000_000
    /// Columns of a table of guidance numbers.
    static let projects = 64
    /// Sums of a unit's year: 10 billion yuan.
    static let unitFen: ClosedRange<Int64> = 0...1_000_000_000_000
    /// Thousandths of a point.
    static let points: ClosedRange<Int64> = -1_000_000...1_000_000
    static let alternatives = 8
    static let years = 1...9999
    static let payers = 16
    static let missingNames = 64
    static let factReferences = 4096
    static let parameterKeys = 16
    static let rights = 32
    static let registrationFacts = 512
    static let needs = 64
    static let items = 1_000_000
    /// Kinds of goods of one hand-out, and how many of one kind.
    static let goods = 20
    static let goodsCount = 999
    /// Files that show one duty.
    static let attachments = 64
    /// People whom a survey asks.
    static let people = 100_000_000
    /// Families of one sample.
    static let sampled = 5000
    static let grade = 255

    /// Bytes of one event's payload, except for published packs.
    package static let payload = 256 * 1024
    /// Bytes of a published pack.
    package static let pack = 4 * 1024 * 1024
    /// Bytes of one event's metadata.
    package static let metadata = 64 * 1024
    /// Bytes of one command about a household.
    package static let command = 1024 * 1024
}
