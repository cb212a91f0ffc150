#if FUZZING || READERS_CHECKED
    import CareDomain
    import CareWire
    import CaseImport
    import EventLog
    @testable import MessageBus
    import OfficeFiles
    import RuleEngine

    /// What reads bytes that somebody else wrote. Each must end in a value or in an error, soon, whatever the bytes are.
    enum FuzzedReader: String, CaseIterable {
        /// Frames of the bus: requests, answers, both feeds, pages of the log, batches of appends.
        case frames
        /// Commands of every kind, and the metadata beside an event.
        case commands
        /// Payloads of events; the first two bytes say of which kind.
        case events
        /// A rule pack, with the YAML around it.
        case pack
        /// One expression of a pack: read, checked with and without types, evaluated.
        case expression
        /// A roster or a visit form as a spreadsheet writes it, in UTF-8 or GB18030, down to the commands it means.
        case table
        /// The bank's answer to a file.
        case bank
        /// Commands as NDJSON, cut into two reads.
        case ndjson

        func read(_ bytes: [UInt8]) {
            switch self {
            case .frames: frames(bytes)
            case .commands: commands(bytes)
            case .events: events(bytes)
            case .pack: _ = try? RulePack.load(bytes: bytes, name: "fuzz.yaml")
            case .expression: expression(bytes)
            case .table: table(bytes)
            case .bank: _ = try? BankAnswerFile.read(bytes, file: 1)
            case .ndjson: ndjson(bytes)
            }
        }

        private func frames(_ bytes: [UInt8]) {
            _ = try? ClientFrame(decoding: bytes)
            _ = try? ServerFrame(decoding: bytes)
            _ = try? FeedMessage(decoding: bytes)
            _ = try? LogPage(decoding: bytes)
            _ = try? LogPageRequest(decoding: bytes)
            _ = AppendWire.appends(bytes)
            _ = AppendWire.places(bytes)
        }

        private func commands(_ bytes: [UInt8]) {
            if let received = try? CommandCodec.decode(bytes) {
                // What was understood can be said again and means the same.
                let again = try? CommandCodec.decode(CommandCodec.encode(received.command))
                precondition(again?.command == received.command, "FuzzedReader: a command changed on the way")
            }
            _ = try? PaymentCodec.decode(bytes)
            _ = try? UnitCodec.decode(bytes)
            _ = try? LendingCodec.decode(bytes)
            _ = try? DutyCodec.decode(bytes)
            _ = try? EventCodec.context(metadata: bytes, command: CommandID(Identifier128(high: 0, low: 1)))
            _ = try? SealedFields.withheld(metadata: bytes)
            _ = try? SealedFields.withheld(record: bytes)
        }

        private func events(_ bytes: [UInt8]) {
            guard bytes.count > 2 else { return }
            let kind = UInt32(bytes[0]) << 8 | UInt32(bytes[1])
            let payload = Array(bytes[2...])
            if let event = try? EventCodec.decodeAny(kind: kind, version: 1, payload: payload) {
                _ = EventView(event, sealed: .revealed).value.json
            }
            _ = try? EventCodec.decodeAny(kind: kind, version: 1, payload: payload, sealed: .skip)
            _ = try? SealedFields.withheld(payload: payload)
        }

        private func expression(_ bytes: [UInt8]) {
            let source = String(decoding: bytes, as: UTF8.self)
            let variables: [(name: String, type: ExpressionType)] = [
                ("i", .int), ("s", .string), ("l", .list(.int)), ("m", .map(.string, .int)), ("d", .date),
                ("y", .money),
            ]
            let values: [Value] = [
                .int(3), .string("中文"), .list([.int(1), .int(2)]), .map([]), .day(CivilDay(dayNumber: 16_267)),
                .money(Fen(300)),
            ]
            for checksTypes in [true, false] {
                var scope = CheckScope(variables: variables)
                scope.checksTypes = checksTypes
                do throws(ExpressionIssue) {
                    _ = try Checker.check(source, in: scope).value(variables: values)
                } catch {
                    let place = error.position(in: source)
                    precondition(place.line > 0 && place.column > 0, "FuzzedReader: an issue without a place")
                }
            }
        }

        private func table(_ bytes: [UInt8]) {
            guard let table = try? CSVTable(bytes, limits: CSVLimits(rows: 100, columns: 100, cellBytes: 4096)) else {
                return
            }
            let file = Identifier128(high: 1, low: 2)
            let today = CivilDay(dayNumber: 18_800)
            if let roster = try? Roster(table) {
                let plan = RosterPlan(
                    roster, file: file, lookup: KnownFamilies(), mode: .change(on: today), today: today)
                _ = RejectedRows.file(table, reasons: plan.reasons.mapValues { $0.map(\.chinese) })
                for command in plan.commands { _ = try? CommandCodec.encode(command) }
            }
            if let plan = try? VisitPlan(table, file: file, lookup: KnownFamilies(), today: today) {
                _ = RejectedRows.file(table, reasons: plan.reasons.mapValues { $0.map(\.chinese) })
            }
        }

        private func ndjson(_ bytes: [UInt8]) {
            var lines = NDJSONLines(lineLimit: 65_536)
            let reader = CommandReader(file: Identifier128(high: 1, low: 2))
            func take(_ line: NDJSONLines.Line?) -> Bool {
                guard let line else { return false }
                if case .text(let number, let text) = line, let draft = try? reader.read(text, line: number) {
                    _ = try? CommandCodec.encode(draft.command)
                }
                return true
            }
            lines.append(bytes.prefix(bytes.count / 2))
            while take(lines.next()) {}
            lines.append(bytes.dropFirst(bytes.count / 2))
            while take(lines.next()) {}
            _ = take(lines.finish())
        }
    }
#endif
