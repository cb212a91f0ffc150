import CareDomain
import CareWire

/// Which rights a question takes: the table that the door asks before anything is looked up.
///
/// Which families are told of follows from the caller's divisions, and which facts of them from its department; to see
/// names and numbers takes `reveal` and a reason besides.
package enum QueryRights {
    /// All of them are needed.
    package static func needed(for query: Care_V1_Query.OneOf_Query) -> [Principal.Right] {
        switch query {
        case .listConsumers, .listParkedEvents: [.query, .operate]
        // Whoever compares may write these families and has the values already.
        case .compareDetails: [.query, .command]
        // It tells which files are there, also of those that no record names yet.
        case .keptAttachments: [.query, .append]
        case .householdPage, .findHouseholds, .pairingCoverage, .pairingMissing, .listNeeds, .listEntitlements,
            .listNotices, .householdExport, .projectionStatus, .listDueDifferences, .paymentCandidates, .paymentBatch,
            .listPaymentBatches, .reconcile, .separation, .householdEvents, .checkpoint, .listApplications,
            .fencedHouseholds, .needsSummary, .visitCoverage, .visitMissing, .rightsRoll, .helperLoad,
            .helperSuggestions, .quota, .listGrants, .settlement, .listFunds, .fund, .listLoans, .loan, .loanReport,
            .dutyCalendar, .listExchanges, .listConsultations, .listSurveys, .samples, .listAttachments,
            .listOfficeNotices, .indicators, .listReports, .handOuts, .handOutCoverage, .withheldFacts,
            .replay, .forecast, .listUnrecordedDeaths:
            [.query]
        }
    }

    /// Whether the question can show names and numbers, for a reason that is recorded.
    package static func mayReveal(_ query: Care_V1_Query.OneOf_Query) -> Bool {
        switch query {
        case .householdPage, .householdExport: true
        default: false
        }
    }
}
