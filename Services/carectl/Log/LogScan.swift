import CareWire
import EventLog
import MessageBus
import ServiceKit

extension Line {
    /// Every event that the filter picks and this key may see, oldest first, up to the head as it is now.
    /// - Parameters:
    ///   - last: the scan ends here even though the log goes on; nil = at the head.
    ///   - body: takes one event; returning false ends the scan.
    func scan(
        _ filter: EventFilter, from start: EncodedCursor = .start, through last: UInt64? = nil,
        _ body: (ShownEvent) throws -> Bool
    ) async throws {
        let head = min(try await headPosition(), last ?? .max)
        guard try Self.position(of: start) < head else { return }
        let subscription = try client.follow(from: start, filter: filter)
        defer { subscription.end() }
        for try await batch in subscription {
            for event in batch.events where event.position <= head {
                guard try body(try ShownEvent(event)) else { return }
            }
            if try Self.position(of: batch.cursorAfter) >= head { return }
        }
    }

    /// Position of the log's head.
    func headPosition() async throws -> UInt64 {
        guard case .projectionStatus(let status) = try await ask(.projectionStatus(.init())) else {
            throw Failure.badAnswer
        }
        return status.headPosition
    }

    private static func position(of cursor: EncodedCursor) throws -> UInt64 {
        try Cursor(bytes: cursor.bytes).position(in: .single).rawValue
    }
}

/// Where to begin, as typed: a position, or a cursor in hexadecimal as `log tail` prints it.
enum StartingPoint {
    static func cursor(_ text: String) throws -> EncodedCursor {
        if text.hasPrefix("@") { return EncodedCursor(try Cursor(text: String(text.dropFirst())).bytes) }
        guard let position = UInt64(text) else {
            throw Failure(
                6150,
                UserText(
                    zh: "--from 应是位置（如 1200）或 @ 开头的游标",
                    en: "--from must be a position such as 1200, or a cursor after @"),
                exit: .usage)
        }
        return EncodedCursor(Cursor(shard: .single, position: Position(position)).bytes)
    }

    static func text(_ cursor: EncodedCursor) -> String { "@" + Hexadecimal.text(cursor.bytes) }
}
