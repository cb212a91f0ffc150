import EventLog

extension EventLogConformance {
    static let readingCases: [Case] = [
        Case(name: "按流读取,正向反向,任意起点与上限") { harness in
            let log = try harness.open()
            for number in 1...40 {
                let stream = LogFixtures.household(number % 2)
                _ = try appended(log, LogFixtures.request(stream, .any, id: UInt64(number)))
            }
            let reader = try log.makeReader()
            let stream = LogFixtures.household(1)
            for (first, limit) in [(1, 20), (1, 5), (7, 5), (18, 10), (20, 1), (21, 3), (1, 0), (0, 3)] {
                let slice = try reader.readStream(stream, from: SequenceNumber(UInt64(first)), limit: limit)
                let expected = Array((max(first, 1)..<max(first, 1) + limit).filter { $0 <= 20 }.map { UInt64($0) })
                try requireEqual(try sequences(slice), expected, "forward from \(first), \(limit)")
                try requireEqual(slice.head?.sequence, SequenceNumber(20), "head")
            }
            for (last, limit) in [(20, 20), (20, 5), (7, 5), (3, 10), (1, 1), (99, 2), (5, 0)] {
                let slice = try reader.readStreamBackwards(stream, from: SequenceNumber(UInt64(last)), limit: limit)
                let end = min(last, 20)
                let expected = Array((0..<limit).map { end - $0 }.filter { $0 >= 1 }.map { UInt64($0) })
                try requireEqual(try sequences(slice), expected, "backward from \(last), \(limit)")
            }
            let newest = try reader.readStreamBackwards(stream, from: nil, limit: 2)
            try requireEqual(try sequences(newest), [20, 19], "from the end")
            let missing = try reader.readStream(LogFixtures.household(9), from: .first, limit: 5)
            try requireEqual(missing, StreamSlice(), "missing stream")
            try requireEqual(try reader.streamHead(LogFixtures.household(9)), nil, "missing head")
            try requireEqual(try reader.streamHead(stream), log.streamHead(stream), "head")
            try log.close()
        },
        Case(name: "长流分页读取,与一次读完相同") { harness in
            let log = try harness.open()
            let stream = LogFixtures.stream(.fund, "long")
            for number in 1...30 {
                let requests = [
                    LogFixtures.request(stream, .any, id: UInt64(number), count: 50),
                    LogFixtures.request(LogFixtures.household(number), .any, id: UInt64(number)),
                ]
                _ = try log.append(requests, at: LogFixtures.noon)
            }
            let reader = try log.makeReader()
            let whole = try reader.readStream(stream, from: .first, limit: .max).events
            try requireEqual(whole.count, 1500, "whole stream")
            var paged: [StoredEvent] = []
            while true {
                let next = SequenceNumber(UInt64(paged.count + 1))
                let page = try reader.readStream(stream, from: next, limit: 128).events
                if page.isEmpty { break }
                paged += page
                if paged.count == 512 {
                    _ = try appended(log, LogFixtures.request(stream, .any, id: 99, count: 10))
                }
            }
            try requireEqual(Array(paged.prefix(1500)), whole, "pages")
            try requireEqual(paged.count, 1510, "also what came meanwhile")
            try log.close()
        },
        Case(name: "全局读取:任意页长都不重不漏") { harness in
            let log = try harness.open()
            for number in 1...50 {
                _ = try appended(log, LogFixtures.request(LogFixtures.household(number % 7), .any, id: UInt64(number)))
            }
            let reader = try log.makeReader()
            for page in [1, 2, 7, 49, 50, 51, 1000] {
                var positions: [UInt64] = []
                var cursor = Cursor.start
                while true {
                    let slice = try reader.readAll(after: cursor, limit: page, filter: .all)
                    try require(slice.events.count <= page, "at most a page")
                    positions += slice.events.map(\.position.rawValue)
                    try require(slice.isAtHead || !slice.events.isEmpty, "progress")
                    cursor = try Cursor(text: try Cursor(bytes: slice.cursor.bytes).description)
                    if slice.isAtHead { break }
                }
                try requireEqual(positions, Array(1...50), "page \(page)")
                try require(cursor.covers(log.head.position, in: .single), "cursor covers the head")
                let rest = try reader.readAll(after: cursor, limit: page, filter: .all)
                try requireEqual(rest, LogSlice(cursor: cursor, isAtHead: true), "nothing more")
            }
            let beyond = Cursor(shard: .single, position: Position(51))
            try requireError(.invalidCursor, "beyond the head") { () throws(EventLogError) in
                _ = try reader.readAll(after: beyond, limit: 1, filter: .all)
            }
            try log.close()
        },
        Case(name: "按类型与类别过滤,读取位置越过被滤掉的") { harness in
            let log = try harness.open()
            let streams = [
                LogFixtures.household(1), LogFixtures.stream(.person, "abc"), LogFixtures.stream(.fund, "x"),
            ]
            for number in 0..<60 {
                let request = LogFixtures.request(
                    streams[number % 3], .any, id: UInt64(number + 1), kind: UInt32(number % 4))
                _ = try appended(log, request)
            }
            let reader = try log.makeReader()
            let filters = [
                ReadFilter(kinds: [1]), ReadFilter(kinds: [0, 3]), ReadFilter(categories: [.person]),
                ReadFilter(kinds: [2], categories: [.fund, .household]), ReadFilter(kinds: []),
            ]
            for filter in filters {
                let expected = (0..<60).filter { number in
                    filter.wants(kind: UInt32(number % 4))
                        && filter.categories?.contains(streams[number % 3].category) ?? true
                }
                let slice = try reader.readAll(after: .start, limit: 1000, filter: filter)
                let positions = slice.events.map { Int($0.position.rawValue) - 1 }
                try requireEqual(positions, expected, "filtered")
                try requireEqual(slice.cursor, log.head.cursor, "cursor at the head")
                var scanned: [StoredEvent] = []
                let end = try reader.scan(after: .start, limit: 1000, filter: filter) { scanned.append($0.stored()) }
                try requireEqual(scanned, slice.events, "scan sees the same")
                try requireEqual(end, ScanEnd(cursor: log.head.cursor, isAtHead: true), "scan end")
            }
            let part = try reader.scan(after: .start, limit: 10, filter: ReadFilter(kinds: [])) { _ in }
            let tenth = Cursor(shard: .single, position: Position(10))
            try requireEqual(part, ScanEnd(cursor: tenth, isAtHead: false), "limit counts what was looked at")
            try log.close()
        },
    ]

    static func sequences(_ slice: StreamSlice) throws -> [UInt64] {
        try slice.events.map { try $0.header().sequence.rawValue }
    }
}
