import CareDomain
import CareProjections

extension Check {
    /// Every application went step by step as the checker itself goes through the played steps, by people who hold one
    /// function each; nobody has two open ones.
    func applied() {
        for (id, history) in histories.sorted(by: { $0.key < $1.key }) {
            let open = history.household.applications.filter {
                $0.state == .underWay || ($0.state == .confirmed && $0.step != nil)
            }
            if open.count > 1 { world.fail("household \(id) has \(open.count) open applications") }
            for application in history.household.applications {
                walk(application, of: id)
                let held = CaseFunction.allCases.flatMap { Array(application.holders(of: $0)) }
                if Set(held).count != held.count {
                    world.fail("somebody holds two functions on application \(application.reference) of \(id)")
                }
            }
        }
    }

    /// Goes through the acts from the first on.
    private func walk(_ application: ApplicationCase, of household: HouseholdID) {
        let steps = Applicant.steps.map(\.code)
        // Who submits has declared.
        var place: Int? = 1
        var noticeEnds: CivilDay?
        var open: Set<EventReference> = []
        var isBarred = false
        for act in application.acts {
            func expect(_ isRight: Bool, _ what: String) {
                if !isRight { world.fail("\(what): act \(act.reference.sequence) of an application of \(household)") }
            }
            func isHere(_ step: Code) -> Bool { place.map { steps[$0] == step.rawValue } ?? false }
            switch act.event {
            case .submitted: expect(act.reference == application.reference, "submitted twice")
            case .forwarded(let event):
                expect(isHere(event.step), "forwarded from another step")
                if event.step.rawValue == "notice" {
                    expect(noticeEnds.map { act.day > $0 } ?? false, "notice cut short")
                }
                place = place.flatMap { $0 + 1 < steps.count ? $0 + 1 : nil }
                expect(event.to?.rawValue == place.map { steps[$0] }, "forwarded to another step")
            case .returned(let event):
                expect(isHere(event.step), "returned from another step")
                place = event.to.flatMap { steps.firstIndex(of: $0.rawValue) }
                noticeEnds = nil
                isBarred = false
            case .rejected(let event):
                expect(isHere(event.step), "rejected at another step")
                place = nil
            case .withdrawn: place = nil
            case .noticeOpened(let event):
                expect(isHere(event.step) && noticeEnds == nil, "a second notice")
                noticeEnds = act.day + 2
            case .objectionRaised: open.insert(act.reference)
            case .objectionDecided(let event):
                expect(open.remove(event.objection) != nil, "an objection decided twice")
                isBarred = isBarred || event.isUpheld
            case .confirmed:
                expect(open.isEmpty && !isBarred, "confirmed in spite of an objection")
                expect(noticeEnds.map { act.day > $0 } ?? false, "confirmed before the period was over")
                place = steps.firstIndex(of: "funds")
            case .reverified: expect(false, "looked at again")
            }
        }
        if application.step?.rawValue != place.map({ steps[$0] }) {
            world.fail("an application of \(household) stands at \(String(describing: application.step))")
        }
    }
}
