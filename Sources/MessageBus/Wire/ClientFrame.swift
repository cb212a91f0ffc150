/// What a client sends; `ClientFrame` in Proto/care/v1/bus.proto.
enum ClientFrame: Sendable, Hashable {
    case request(RequestFrame)
    case ping(nonce: UInt64)
    case subscribe(SubscribeFrame)
    case credit(subscription: RequestID, totalBytes: UInt64)
    case unsubscribe(subscription: RequestID)

    /// The only version of the protocol so far.
    static let protocolVersion: UInt64 = 1

    /// A frame that could not be read, with the request id when at least that could.
    struct Unreadable: Error, Hashable {
        let error: FrameError
        let requestID: RequestID?
    }

    func encoded() -> [UInt8] {
        switch self {
        case .request(let request):
            var writer = WireWriter(capacity: request.encodedSize + 16)
            writer.number(1, Self.protocolVersion)
            writer.message(2, size: request.encodedSize) { request.write(to: &$0) }
            return writer.buffer
        case .ping(let nonce):
            return Self.small(3) { $0.number(1, nonce) }
        case .subscribe(let subscribe):
            return Self.small(4) { subscribe.write(to: &$0) }
        case .credit(let id, let total):
            return Self.small(5) { writer in
                id.write(field: 1, to: &writer)
                writer.number(2, total)
            }
        case .unsubscribe(let id):
            return Self.small(6) { id.write(field: 1, to: &$0) }
        }
    }

    private static func small(_ field: UInt32, _ body: (inout WireWriter) -> Void) -> [UInt8] {
        var writer = WireWriter(capacity: 64)
        writer.number(1, protocolVersion)
        writer.message(field, body)
        return writer.buffer
    }

    init(decoding bytes: [UInt8]) throws(Unreadable) {
        var partial: RequestID?
        do throws(FrameError) {
            self = try Self.read(bytes, partialID: &partial)
        } catch {
            throw Unreadable(error: error, requestID: partial)
        }
    }

    private static func read(_ bytes: [UInt8], partialID: inout RequestID?) throws(FrameError) -> ClientFrame {
        var reader = WireReader(bytes)
        var version: UInt64 = 0
        var content: ClientFrame?
        var failure: FrameError?
        while let field = try reader.nextField() {
            guard field.type == .bytes else {
                if field.number == 1 && field.type == .varint {
                    version = try reader.varint()
                } else {
                    try reader.skip(field.type)
                }
                continue
            }
            var inner = try reader.message()
            do throws(FrameError) {
                switch field.number {
                case 2: content = .request(try RequestFrame(reading: &inner, partialID: &partialID))
                case 3: content = .ping(nonce: try inner.onlyNumber())
                case 4: content = .subscribe(try SubscribeFrame(reading: &inner))
                case 5:
                    let (id, total) = try inner.idAndNumber()
                    content = .credit(subscription: id, totalBytes: total)
                case 6: content = .unsubscribe(subscription: try inner.idAndNumber().0)
                default: break
                }
            } catch {
                // A later version may have changed what is inside: the version decides what to answer.
                failure = error
            }
        }
        guard version == protocolVersion else {
            // Neither version nor content: that is no frame of any version.
            throw version == 0 && content == nil && failure == nil ? .unknownContent : .unsupportedVersion(version)
        }
        if let failure { throw failure }
        guard let content else { throw .unknownContent }
        return content
    }
}

/// A request as it stands on the wire.
struct RequestFrame: Sendable, Hashable {
    var id: RequestID
    var remainingMilliseconds: UInt32 = 0
    var method: BusMethod
    var body: [UInt8] = []
    var traceparent = ""
    var grant: [UInt8] = []
    var receipt = EncodedCursor.start
    /// Number of the attempt, from 1, which the reply names again; 0 = not said.
    var attempt: UInt64 = 0
    /// Number of the submission, the same in all its attempts and greater than every one before; 0 = not said.
    var submission: UInt64 = 0

    var encodedSize: Int {
        18 + (remainingMilliseconds == 0 ? 0 : 1 + WireWriter.sizeOfVarint(UInt64(remainingMilliseconds)))
            + (method.rawValue == 0 ? 0 : 1 + WireWriter.sizeOfVarint(UInt64(method.rawValue)))
            + WireWriter.sizeOfBytesField(body.count) + WireWriter.sizeOfBytesField(traceparent.utf8.count)
            + WireWriter.sizeOfBytesField(grant.count) + WireWriter.sizeOfBytesField(receipt.bytes.count)
            + (attempt == 0 ? 0 : 1 + WireWriter.sizeOfVarint(attempt))
            + (submission == 0 ? 0 : 1 + WireWriter.sizeOfVarint(submission))
    }

    func write(to writer: inout WireWriter) {
        id.write(field: 1, to: &writer)
        writer.number(2, UInt64(remainingMilliseconds))
        writer.number(3, UInt64(method.rawValue))
        writer.bytes(4, body)
        writer.text(5, traceparent)
        writer.bytes(6, grant)
        writer.bytes(7, receipt.bytes)
        writer.number(8, attempt)
        writer.number(9, submission)
    }

    init(
        id: RequestID, remainingMilliseconds: UInt32 = 0, method: BusMethod, body: [UInt8] = [],
        traceparent: String = "", grant: [UInt8] = [], receipt: EncodedCursor = .start, attempt: UInt64 = 0,
        submission: UInt64 = 0
    ) {
        self.attempt = attempt
        self.submission = submission
        self.id = id
        self.remainingMilliseconds = remainingMilliseconds
        self.method = method
        self.body = body
        self.traceparent = traceparent
        self.grant = grant
        self.receipt = receipt
    }

    /// Longest trace context and grant that are accepted.
    static let maximumTraceBytes = 64
    static let maximumGrantBytes = 4_096

    init(reading reader: inout WireReader, partialID: inout RequestID?) throws(FrameError) {
        method = BusMethod(rawValue: 0)
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .bytes): partialID = try reader.requestID()
            case (2, .varint): remainingMilliseconds = UInt32(clamping: try reader.varint())
            case (3, .varint): method = BusMethod(rawValue: UInt32(truncatingIfNeeded: try reader.varint()))
            case (4, .bytes): body = try reader.bytes()
            case (5, .bytes): traceparent = try reader.text(atMost: Self.maximumTraceBytes)
            case (6, .bytes): grant = try reader.bytes(atMost: Self.maximumGrantBytes)
            case (7, .bytes): receipt = try reader.cursor()
            case (8, .varint): attempt = try reader.varint()
            case (9, .varint): submission = try reader.varint()
            default: try reader.skip(field.type)
            }
        }
        guard let partialID else { throw .missingField }
        id = partialID
    }
}

/// The beginning of a subscription as it stands on the wire.
struct SubscribeFrame: Sendable, Hashable {
    var id: RequestID
    var cursor = EncodedCursor.start
    var fromHead = false
    var filter = EventFilter.all
    var creditBytes: UInt64 = 0
    var grant: [UInt8] = []

    init(
        id: RequestID, cursor: EncodedCursor, fromHead: Bool, filter: EventFilter, creditBytes: UInt64,
        grant: [UInt8] = []
    ) {
        self.id = id
        self.cursor = cursor
        self.fromHead = fromHead
        self.filter = filter
        self.creditBytes = creditBytes
        self.grant = grant
    }

    func write(to writer: inout WireWriter) {
        id.write(field: 1, to: &writer)
        writer.bytes(2, cursor.bytes)
        writer.flag(3, fromHead)
        if filter != .all { writer.message(4) { filter.write(to: &$0) } }
        writer.number(5, creditBytes)
        writer.bytes(6, grant)
    }

    init(reading reader: inout WireReader) throws(FrameError) {
        var found: RequestID?
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .bytes): found = try reader.requestID()
            case (2, .bytes): cursor = try reader.cursor()
            case (3, .varint): fromHead = try reader.varint() != 0
            case (4, .bytes):
                var inner = try reader.message()
                filter = try EventFilter(reading: &inner)
            case (5, .varint): creditBytes = try reader.varint()
            case (6, .bytes): grant = try reader.bytes(atMost: RequestFrame.maximumGrantBytes)
            default: try reader.skip(field.type)
            }
        }
        guard let found else { throw .missingField }
        id = found
    }
}

extension WireReader {
    /// The number in field 1 of a message that has nothing else.
    mutating func onlyNumber() throws(FrameError) -> UInt64 {
        var number: UInt64 = 0
        while let field = try nextField() {
            if field.number == 1 && field.type == .varint { number = try varint() } else { try skip(field.type) }
        }
        return number
    }

    /// An id in field 1 and a number in field 2.
    mutating func idAndNumber() throws(FrameError) -> (RequestID, UInt64) {
        var id: RequestID?
        var number: UInt64 = 0
        while let field = try nextField() {
            switch (field.number, field.type) {
            case (1, .bytes): id = try requestID()
            case (2, .varint): number = try varint()
            default: try skip(field.type)
            }
        }
        guard let id else { throw .missingField }
        return (id, number)
    }
}
