import CareDomain
import CareProjections
import CareTestKit
import CareWire
import ReadModels
import SwiftProtobuf
import Testing

/// Every question of the contract × every right: the door refuses whoever lacks one that the table names, and nobody else.
@Suite("查询的权限表")
struct QueryRightsTests {
    /// What each question takes; after the bar, what it takes besides to show names and numbers. Read it when it changes.
    private static let written = """
        householdPage: query | reveal
        findHouseholds: query
        pairingCoverage: query
        pairingMissing: query
        listNeeds: query
        listEntitlements: query
        listNotices: query
        householdExport: query | reveal
        listConsumers: query operate
        projectionStatus: query
        compareDetails: query command
        listDueDifferences: query
        paymentCandidates: query
        paymentBatch: query
        listPaymentBatches: query
        reconcile: query
        separation: query
        householdEvents: query
        checkpoint: query
        listApplications: query
        listParkedEvents: query operate
        fencedHouseholds: query
        needsSummary: query
        visitCoverage: query
        visitMissing: query
        rightsRoll: query
        helperLoad: query
        helperSuggestions: query
        quota: query
        listGrants: query
        settlement: query
        listFunds: query
        fund: query
        listLoans: query
        loan: query
        loanReport: query
        dutyCalendar: query
        listExchanges: query
        listConsultations: query
        listSurveys: query
        samples: query
        listAttachments: query
        listOfficeNotices: query
        indicators: query
        listReports: query
        keptAttachments: query append
        handOuts: query
        handOutCoverage: query
        withheldFacts: query
        replay: query
        forecast: query
        listUnrecordedDeaths: query
        """

    /// Every question the contract knows: a message with nothing in a field asks it.
    private static let questions = (1...400).compactMap { number -> (name: String, query: Care_V1_Query)? in
        var bytes: [UInt8] = []
        var tag = number << 3 | 2
        while tag > 0x7f {
            bytes.append(UInt8(tag & 0x7f | 0x80))
            tag >>= 7
        }
        guard let query = try? Care_V1_Query(serializedBytes: bytes + [UInt8(tag), 0]), let asked = query.query,
            let name = Mirror(reflecting: asked).children.first?.label
        else { return nil }
        return (name, query)
    }

    @Test("每个查询要哪些权限，与人核对过的表一致")
    func agreesWithTheTable() throws {
        let lines = try Self.questions.map { name, query in
            let asked = try #require(query.query)
            let needed = QueryRights.needed(for: asked).map(\.rawValue).joined(separator: " ")
            return "\(name): \(needed)\(QueryRights.mayReveal(asked) ? " | reveal" : "")"
        }
        #expect(lines.joined(separator: "\n") == Self.written)
        #expect(lines.count > 40)
    }

    @Test("少一项权限就拒绝，写明少哪一项；齐了就不因权限拒绝")
    func theDoorAsksTheTable() throws {
        let bench = try Bench()
        let file = try bench.filled([InventedFamily(number: 1).stream])
        for (name, query) in Self.questions {
            let needed = QueryRights.needed(for: try #require(query.query))
            for missing in [nil] + needed.map(Optional.some) {
                let rights = Set(Principal.Right.allCases).subtracting(missing.map { [$0] } ?? [])
                let engine = QueryEngine(
                    file: file, reader: try bench.log.makeReader(), words: .sample,
                    principal: Principal(
                        peer: "x", actor: Code(unchecked: "x"), role: Code(unchecked: "none"),
                        department: DepartmentID(unchecked: "none"), divisions: [.everywhere],
                        rights: missing == nil ? Set(needed) : rights), today: .invented("2016-03-01"))
                var refusal: QueryRefusal?
                do { _ = try engine.answer(query) } catch { refusal = error as? QueryRefusal }
                if let missing {
                    #expect(refusal == .missingRight(missing), "\(name) without \(missing)")
                } else {
                    #expect(refusal?.outcome != .unauthorised, "\(name)")
                }
            }
        }
    }
}
