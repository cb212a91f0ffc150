extension ApplicationCase {
    /// The last day in time for the step at which it is; while the list hangs out, the day after the period at the earliest.
    package func dueOn(_ workflow: ApplicationWorkflow) -> CivilDay? {
        guard let step, workflow.place(of: step) != nil, let due = due(before: acts.count, workflow) else { return nil }
        guard let end = notice?.lastDay, notice?.step == step else { return due }
        return max(due, end + 1)
    }

    /// Whether an act passed its step after the last day in time. While a list hangs out nothing can be done, so a notice is
    /// never late by its period.
    package func isLate(_ place: Int, _ workflow: ApplicationWorkflow) -> Bool {
        guard case .forwarded(let forwarded) = acts[place].event,
            let step = workflow.steps.first(where: { $0.code == forwarded.step }), step.kind != .notice
        else { return false }
        return due(before: place, workflow).map { acts[place].day > $0 } ?? false
    }

    /// Whether something should have been done before the day: the step, or a yearly check.
    package func isOverdue(_ workflow: ApplicationWorkflow, on day: CivilDay) -> Bool {
        if state == .underWay || state == .confirmed, let due = dueOn(workflow), day > due { return true }
        guard let year = reverificationYear(workflow, on: day),
            let last = workflow.reverification?.lastDay(in: year)
        else { return false }
        return day > last
    }

    /// The last day in time for the step at which it was before an act, by its place among them; nil = nobody says. What was sent
    /// back begins anew on that day.
    private func due(before place: Int, _ workflow: ApplicationWorkflow) -> CivilDay? {
        var due: CivilDay?
        for act in acts[..<place] {
            let next: Code?
            switch act.event {
            case .submitted(let event): next = event.step
            case .forwarded(let event): next = event.to
            case .confirmed(let event): next = event.to
            case .returned(let event):
                (next, due) = (event.to, nil)
            case .noticeOpened(let event):
                // A list that was put up in time hangs out its days, whatever is due behind it.
                if let days = event.days, let last = due, act.day <= last {
                    due = max(last, act.day + Int32(clamping: days) + 1)
                }
                continue
            case .rejected, .withdrawn, .objectionRaised, .objectionDecided, .reverified: continue
            }
            due = workflow.steps.first { $0.code == next }?.deadline(from: act.day, before: due)
        }
        return due
    }

    /// The step whose days of the year are over before it was done, on a day: the application leads to nothing any more, neither
    /// in its own year nor in another.
    /// - Source: WZ-5.3d
    package func missedWindow(
        _ workflow: ApplicationWorkflow, on day: CivilDay
    ) -> (step: ApplicationWorkflow.Step, lastDay: CivilDay)? {
        guard state == .confirmed, let step, let place = workflow.place(of: step) else { return nil }
        return workflow.steps[place...].lazy.compactMap { step in
            guard let last = step.window?.days(in: submittedOn.year)?.upperBound, last < day else { return nil }
            return (step, last)
        }.first
    }
}
