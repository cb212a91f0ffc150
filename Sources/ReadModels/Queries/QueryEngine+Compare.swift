import CareDomain
import CareProjections
import CareWire
import RuleEngine

/// What one comparison looked at.
package struct Comparison: Hashable, Sendable {
    /// A value that is not the one on record.
    package struct Wrong: Hashable, Sendable {
        package var person: PersonID
        package var field: PersonalField
        package var value: String

        package init(person: PersonID, field: PersonalField, value: String) {
            self.person = person
            self.field = field
            self.value = value
        }
    }

    /// The run, as it is recorded.
    package var record: DetailsCompared
    /// Of this query.
    package var households: UInt64
    package var values: UInt64
    package var wrong: [Wrong]

    package init(record: DetailsCompared, households: UInt64, values: UInt64, wrong: [Wrong]) {
        self.record = record
        self.households = households
        self.values = values
        self.wrong = wrong
    }
}

extension QueryEngine {
    private static let maximumHouseholds = 64
    private static let maximumValues = 4096
    private static let maximumValuesOfHousehold = 512
    private static let maximumBytes = 512

    /// Holds values of the caller against those on record, without showing any.
    ///
    /// Who asks may read and write these households and has the values already; a household that the caller may not see
    /// is answered like one that does not exist.
    func compare(_ query: Care_V1_CompareDetailsQuery) throws -> (Care_V1_ComparedDetails, Comparison) {
        guard let run = RunID(bytes: query.run) else { throw QueryRefusal.field("run") }
        let values = query.households.reduce(0) { $0 + $1.values.count }
        guard (1...Self.maximumHouseholds).contains(query.households.count), values <= Self.maximumValues,
            query.households.allSatisfy({ $0.values.count <= Self.maximumValuesOfHousehold })
        else { throw QueryRefusal.comparisonTooLarge }
        var comparison = Comparison(
            record: DetailsCompared(run: run, households: query.runHouseholdCount, values: query.runValueCount),
            households: UInt64(query.households.count), values: UInt64(values), wrong: [])
        var compared = Care_V1_ComparedDetails()
        for wanted in query.households {
            guard let id = HouseholdID(bytes: wanted.household) else { throw QueryRefusal.field("household") }
            var found = Care_V1_ComparedDetails.Household()
            found.household = wanted.household
            // Values that cannot be read are refused also for a household that is not there.
            let held = try wanted.values.map(Self.held)
            if let details = try details(of: id) {
                for value in held {
                    let onRecord = details[value.person]?[keyPath: value.field.path]
                    let agreement = ValueAgreement(value.value, onRecord: onRecord, in: value.field)
                    if agreement == .differs { comparison.wrong.append(value) }
                    found.agreements.append(agreement.wireAgreement)
                }
            }
            compared.households.append(found)
        }
        return (compared, comparison)
    }

    private static func held(_ wire: Care_V1_CompareDetailsQuery.Value) throws -> Comparison.Wrong {
        guard let person = PersonID(bytes: wire.person) else { throw QueryRefusal.field("person") }
        guard let field = try? PersonalField(wireField: wire.field) else { throw QueryRefusal.field("field") }
        guard (1...maximumBytes).contains(wire.value.utf8.count) else { throw QueryRefusal.field("value") }
        return Comparison.Wrong(person: person, field: field, value: wire.value)
    }

    /// What is on record about the people of a household; nil when the caller may not know of it.
    private func details(of id: HouseholdID) throws -> [PersonID: PersonalDetails]? {
        guard let loaded = try LoadedHousehold(id, from: reader, sealed: .open),
            let division = loaded.history.household.division(on: today), principal.mayAct(in: division)
        else { return nil }
        var details = loaded.history.recordedDetails
        // Of an assessment that is kept from the caller the number is not tried out either.
        if sight.withheld(of: loaded.history).facts.contains(where: { OwnRecord($0) == .disability }) {
            for person in details.keys { details[person]?.certificateNumber = nil }
        }
        return details
    }
}
