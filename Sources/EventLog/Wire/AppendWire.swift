/// Appends and their receipts in the bytes of `AppendBatch` and `AppendBatchReply` (Proto/care/v1/archive.proto),
/// written and read by hand.
///
/// Every command passes here four times, and the generated types cost more than the append itself. Only the ordinary
/// form is read: fields in ascending order, each once, nothing unknown. For everything else reading answers nil, and the
/// caller reads with the generated types, which say what is wrong. Tests hold both against each other.
package enum AppendWire {
    /// Where an append ended up, as its receipt says.
    package struct Place: Sendable, Hashable {
        /// Sequence of the first event.
        package var first: UInt64
        /// Sequence of the last event.
        package var last: UInt64
        /// When the log learned the last event, in UTC microseconds.
        package var recordedAt: Int64
        /// Opaque cursor after the last event.
        package var cursor: [UInt8]
    }

    // MARK: Appends

    /// Adds one append to the bytes of a batch.
    /// - Parameters:
    ///   - expected: Sequence of the last event the writer knows; 0 = the stream must not exist.
    ///   - submission: The submission whose command it decides; 0 = not said.
    package static func write(
        stream: String, expected: UInt64, id: AppendID, digest: ContentDigest, events: [NewEvent],
        submission: UInt64 = 0, to bytes: inout [UInt8]
    ) {
        var size =
            sizeOfField(stream.utf8.count) + 1 + Varint.size(expected) + 2 * (2 + 16) + sizeOfNumber(submission)
        for event in events {
            let content = sizeOfEvent(event)
            size += 1 + Varint.size(UInt64(content)) + content
        }
        bytes.reserveCapacity(bytes.count + size + 8)
        tag(1, size, to: &bytes)
        if !stream.isEmpty {
            tag(1, stream.utf8.count, to: &bytes)
            bytes.append(contentsOf: stream.utf8)
        }
        bytes.append(2 << 3)
        Varint.append(expected, to: &bytes)
        write(id, field: 3, to: &bytes)
        write(digest, field: 4, to: &bytes)
        for event in events { write(event, to: &bytes) }
        number(6, submission, to: &bytes)
    }

    private static func sizeOfEvent(_ event: NewEvent) -> Int {
        let day = Varint.zigzag(event.occurredOn.rawValue)
        return (event.kind == 0 ? 0 : 1 + Varint.size(UInt64(event.kind)))
            + (event.version == 0 ? 0 : 1 + Varint.size(UInt64(event.version)))
            + (day == 0 ? 0 : 1 + Varint.size(day))
            + (event.learnedOn.map { 1 + Varint.size(Varint.zigzag($0.rawValue)) } ?? 0)
            + sizeOfField(event.metadata.count) + sizeOfField(event.payload.count)
    }

    private static func write(_ event: NewEvent, to bytes: inout [UInt8]) {
        tag(5, sizeOfEvent(event), to: &bytes)
        number(1, UInt64(event.kind), to: &bytes)
        number(2, UInt64(event.version), to: &bytes)
        number(3, Varint.zigzag(event.occurredOn.rawValue), to: &bytes)
        if let learnedOn = event.learnedOn {
            bytes.append(4 << 3)
            Varint.append(Varint.zigzag(learnedOn.rawValue), to: &bytes)
        }
        field(5, event.metadata, to: &bytes)
        field(6, event.payload, to: &bytes)
    }

    /// Reads the appends of a batch; nil when they are not of the ordinary form.
    package static func appends(_ body: [UInt8]) -> [AppendRequest]? {
        body.withUnsafeBytes { buffer in
            var reader = WireReader(buffer)
            var requests: [AppendRequest] = []
            while !reader.isAtEnd {
                guard reader.varint() == 1 << 3 | 2, let range = reader.range(), let request = append(buffer, range)
                else { return nil }
                requests.append(request)
            }
            return requests
        }
    }

    private static func append(_ all: UnsafeRawBufferPointer, _ range: Range<Int>) -> AppendRequest? {
        let buffer = UnsafeRawBufferPointer(rebasing: all[range])
        var reader = WireReader(buffer)
        guard reader.varint() == 1 << 3 | 2, let name = reader.range(),
            let stream = try? StreamName(bytes: UnsafeRawBufferPointer(rebasing: buffer[name]))
        else { return nil }
        guard var tag = reader.varint() else { return nil }
        var expected = ExpectedSequence.any
        if tag == 2 << 3 {
            guard let number = reader.varint(), let next = reader.varint() else { return nil }
            expected = number == 0 ? .noStream : .exactly(SequenceNumber(number))
            tag = next
        }
        guard tag == 3 << 3 | 2, let id = reader.range(), id.count == 16, reader.varint() == 4 << 3 | 2,
            let digest = reader.range(), digest.count == 16
        else { return nil }
        var events: [NewEvent] = []
        events.reserveCapacity(1)
        var submission: UInt64 = 0
        while !reader.isAtEnd {
            let tag = reader.varint()
            if tag == 6 << 3 {
                guard let number = reader.varint(), reader.isAtEnd else { return nil }
                submission = number
                break
            }
            guard tag == 5 << 3 | 2, let range = reader.range(), let event = event(buffer, range) else { return nil }
            events.append(event)
        }
        return AppendRequest(
            stream: stream, expected: expected, appendID: AppendID(at: id.lowerBound, in: buffer),
            contentDigest: ContentDigest(at: digest.lowerBound, in: buffer), events: events, submission: submission)
    }

    private static func event(_ all: UnsafeRawBufferPointer, _ range: Range<Int>) -> NewEvent? {
        let buffer = UnsafeRawBufferPointer(rebasing: all[range])
        var reader = WireReader(buffer)
        var event = NewEvent(kind: 0, version: 0, occurredOn: DayNumber(0), metadata: [], payload: [])
        var before: UInt64 = 0
        while !reader.isAtEnd {
            guard let tag = reader.varint(), tag > before else { return nil }
            before = tag
            switch tag {
            case 1 << 3:
                guard let kind = reader.varint().flatMap(Int32.init(exactly:)) else { return nil }
                event.kind = UInt32(kind)
            case 2 << 3:
                guard let version = reader.varint().flatMap(UInt32.init(exactly:)) else { return nil }
                event.version = version
            case 3 << 3:
                guard let day = reader.varint().flatMap(Varint.unzigzag) else { return nil }
                event.occurredOn = DayNumber(day)
            case 4 << 3:
                guard let day = reader.varint().flatMap(Varint.unzigzag) else { return nil }
                event.learnedOn = DayNumber(day)
            case 5 << 3 | 2:
                guard let range = reader.range() else { return nil }
                event.metadata = Array(buffer[range])
            case 6 << 3 | 2:
                guard let range = reader.range() else { return nil }
                event.payload = Array(buffer[range])
            default: return nil
            }
        }
        return event
    }

    // MARK: Receipts

    /// Adds the reply to one append to the bytes of a batch's reply.
    /// - Parameter isRepeated: Whether the append had been written before.
    package static func write(_ receipt: AppendReceipt, isRepeated: Bool, to bytes: inout [UInt8]) {
        let name = receipt.stream.text.utf8
        let cursor = Cursor(shard: receipt.shard, position: receipt.lastPosition).bytes
        let recordedAt = UInt64(bitPattern: receipt.recordedAt.microseconds)
        let size =
            sizeOfField(name.count) + sizeOfNumber(receipt.firstSequence.rawValue)
            + sizeOfNumber(receipt.lastSequence.rawValue) + sizeOfField(cursor.count) + sizeOfNumber(recordedAt)
            + sizeOfField(EventHash.byteCount)
        bytes.reserveCapacity(bytes.count + size + 16)
        tag(1, 1 + Varint.size(UInt64(size)) + size, to: &bytes)
        tag(isRepeated ? 2 : 1, size, to: &bytes)
        tag(1, name.count, to: &bytes)
        bytes.append(contentsOf: name)
        number(2, receipt.firstSequence.rawValue, to: &bytes)
        number(3, receipt.lastSequence.rawValue, to: &bytes)
        field(4, cursor, to: &bytes)
        number(5, recordedAt, to: &bytes)
        tag(6, EventHash.byteCount, to: &bytes)
        let words = (
            receipt.hash.word0.bigEndian, receipt.hash.word1.bigEndian, receipt.hash.word2.bigEndian,
            receipt.hash.word3.bigEndian
        )
        withUnsafeBytes(of: words) { bytes.append(contentsOf: $0) }
    }

    /// Adds an encoded reply to one append to the bytes of a batch's reply.
    package static func write(encodedReply reply: [UInt8], to bytes: inout [UInt8]) {
        tag(1, reply.count, to: &bytes)
        bytes.append(contentsOf: reply)
    }

    /// Where the appends of a batch ended up; nil when the reply says anything else than that all were appended now.
    package static func places(_ body: [UInt8]) -> [Place]? {
        body.withUnsafeBytes { buffer in
            var reader = WireReader(buffer)
            var places: [Place] = []
            while !reader.isAtEnd {
                guard reader.varint() == 1 << 3 | 2, let reply = reader.range() else { return nil }
                let whole = UnsafeRawBufferPointer(rebasing: buffer[..<reply.upperBound])
                var inner = WireReader(whole, from: reply.lowerBound)
                guard inner.varint() == 1 << 3 | 2, let receipt = inner.range(), inner.isAtEnd,
                    let place = place(UnsafeRawBufferPointer(rebasing: buffer[receipt]))
                else { return nil }
                places.append(place)
            }
            return places
        }
    }

    private static func place(_ buffer: UnsafeRawBufferPointer) -> Place? {
        var reader = WireReader(buffer)
        guard reader.varint() == 1 << 3 | 2, reader.range() != nil, reader.varint() == 2 << 3,
            let first = reader.varint(), reader.varint() == 3 << 3, let last = reader.varint(),
            reader.varint() == 4 << 3 | 2, let cursor = reader.range(), reader.varint() == 5 << 3,
            let recordedAt = reader.varint(), reader.varint() == 6 << 3 | 2, reader.range() != nil, reader.isAtEnd
        else { return nil }
        return Place(
            first: first, last: last, recordedAt: Int64(bitPattern: recordedAt), cursor: Array(buffer[cursor]))
    }

    // MARK: Fields

    private static func tag(_ field: UInt8, _ length: Int, to bytes: inout [UInt8]) {
        bytes.append(field << 3 | 2)
        Varint.append(UInt64(length), to: &bytes)
    }

    private static func number(_ field: UInt8, _ value: UInt64, to bytes: inout [UInt8]) {
        guard value != 0 else { return }
        bytes.append(field << 3)
        Varint.append(value, to: &bytes)
    }

    private static func field(_ field: UInt8, _ content: [UInt8], to bytes: inout [UInt8]) {
        guard !content.isEmpty else { return }
        tag(field, content.count, to: &bytes)
        bytes.append(contentsOf: content)
    }

    private static func write(_ id: some SixteenBytes, field: UInt8, to bytes: inout [UInt8]) {
        tag(field, 16, to: &bytes)
        withUnsafeBytes(of: (id.high.bigEndian, id.low.bigEndian)) { bytes.append(contentsOf: $0) }
    }

    private static func sizeOfField(_ count: Int) -> Int {
        count == 0 ? 0 : 1 + Varint.size(UInt64(count)) + count
    }

    private static func sizeOfNumber(_ value: UInt64) -> Int { value == 0 ? 0 : 1 + Varint.size(value) }
}
