#if FUZZING || READERS_CHECKED
    import CareDomain
    import CareWire
    import CaseImport
    import Foundation
    @testable import MessageBus
    import RulePacks
    import SyntheticDistrict

    extension FuzzedReader {
        /// What to begin with: inputs that are read to their end.
        ///
        /// - Parameter corpus: Folder of the recorded events of every released version.
        func seeds(corpus: URL) throws -> [[UInt8]] {
            switch self {
            case .frames: frames()
            // What names an event of the same file has no number yet.
            case .commands: drafts().compactMap { try? CommandCodec.encode($0.command) }
            case .events: try events(corpus)
            case .pack: try PackLibrary.bundled.packFiles().map(\.bytes) + [Array(Self.smallPack.utf8)]
            case .expression: try expressions()
            case .table: OfficeTemplate.allCases.map(\.file) + Self.rosters()
            case .bank: Self.bankFiles.map { Array($0.utf8) }
            case .ndjson: lines()
            }
        }

        private func drafts() -> [CommandDraft] {
            var seen: Set<String> = []
            return SyntheticDistrict(households: 40, years: 3, seed: 1, endingOn: CivilDay(dayNumber: 18_800)).filter {
                draft in
                seen.insert(String("\(draft.command.action)".prefix { $0 != "(" })).inserted
            }
        }

        private func lines() -> [[UInt8]] {
            var writer = CommandWriter()
            return drafts().map { writer.line($0) }
        }

        private func frames() -> [[UInt8]] {
            guard let id = RequestID((1...16).map { UInt8($0) }) else { return [] }
            let filter = EventFilter(categories: ["household"], kinds: [1], streams: ["a"], divisions: ["43"])
            return [
                ClientFrame.request(RequestFrame(id: id, method: .append, body: [1, 2, 3])).encoded(),
                ClientFrame.subscribe(
                    SubscribeFrame(
                        id: id, cursor: EncodedCursor([1]), fromHead: false, filter: filter, creditBytes: 9)
                ).encoded(),
                ClientFrame.ping(nonce: 3).encoded(), ServerFrame.reply(id: id, .problem(.fault)).encoded(),
            ]
        }

        private func events(_ corpus: URL) throws -> [[UInt8]] {
            let files = try FileManager.default.contentsOfDirectory(at: corpus, includingPropertiesForKeys: nil)
            return try files.filter { $0.pathExtension == "bin" }.compactMap { file in
                guard let kind = UInt16(file.lastPathComponent.prefix { $0.isNumber }) else { return nil }
                return [UInt8(kind >> 8), UInt8(kind & 255)] + Array(try Data(contentsOf: file))
            }
        }

        private func expressions() throws -> [[UInt8]] {
            let rules = try PackLibrary.bundled.packs().flatMap(\.rules)
            return Set(rules.flatMap(\.conditions).map(\.expression.source)).sorted().map { Array($0.utf8) }
        }

        private static func rosters() -> [[UInt8]] {
            let rows = """
                户标识,区划代码,身份,姓名,身份证号,死亡日期
                1,431002,妻子,王一,431002196501011226,
                1,431002,独生子女,李二,431002199001011230,2013-05-01
                """
            guard let wide = rows.data(using: String.Encoding(rawValue: 0x8000_0632)) else { return [] }
            return [Array(rows.utf8), Array(wide)]
        }

        private static let bankFiles = ["业务参考号,金额,结果\nABC-1-1,20.00,成功\n合计,1,20.00\n"]

        private static let smallPack = """
            pack: small-2024
            valid_from: 2024-01-01
            zh: 小
            en: small
            document: {number: 小〔2024〕1号, issuer: 小区, dated: 2024-01-01}
            facts:
              - {id: household.poor, type: bool, nature: certified, zh: 困难, en: poor}
            parameters: []
            readings: []
            definitions: []
            rules:
              - clause: SM-1
                zh: 补贴
                en: subsidy
                words: 困难的每月补贴二十元。
                kind: cash_entitlement
                unit: household·month
                department: dept.finance
                conditions:
                  - {id: poor, zh: 困难, en: poor, expr: household.poor}
                amount: {type: exact, value: 20, unit: yuan}
                payers: [{shares: {finance: 1}}]
            """
    }
#endif
