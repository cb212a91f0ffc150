import ArchiveClient
import CareDomain

/// Time, and the streams that decide what one household cannot.
extension IntakeCore {
    mutating func tick(now: Moment) -> [IntakeAction] {
        var actions: [IntakeAction] = []
        let isDue =
            lastSharedRead.map {
                now.microseconds - $0.microseconds >= settings.sharedReadIntervalMicroseconds || now < $0
            } ?? true
        if sharedCall == nil, isDue { actions.append(askForNews(now: now)) }
        if let image = dueImage(now: now) { actions.append(.saveImage(image)) }
        for (token, claim) in desk.silent(before: now, patience: settings.reservationPatienceMicroseconds) {
            let flow = ReservationFlow(token: token, claim: claim, today: now.day, key: tokenKey?.key)
            actions += enqueue(.reservation(flow), household: claim.household, now: now)
        }
        return actions
    }

    mutating func askForNews(now: Moment) -> IntakeAction {
        let call = newCall()
        sharedReadsBegun += 1
        sharedCall = call
        lastSharedRead = now
        return .readShared(call, after: sharedCursor)
    }

    mutating func sharedRead(_ call: CallID, _ news: SharedNews, now: Moment) -> [IntakeAction] {
        guard call == sharedCall else { return [] }
        sharedCall = nil
        archiveTakesNothing = news.takesNoAppends
        defer {
            desk.heard(
                now: now, takesAppends: !archiveTakesNothing, patience: settings.reservationPatienceMicroseconds)
        }
        if let image = keeper.unproven {
            guard news.holds(image.through) else { return discardImage(now: now) }
            take(image)
            take(news.after(image.through))
        } else {
            take(news)
        }
        if let problem = tokenKeyProblem {
            isReady = false
            return [.refuseTokenKey(problem)]
        }
        guard news.isAtHead else { return [askForNews(now: now)] }
        return (isReady ? [] : settleTokenKey(now: now)) + answerPublications(now: now)
    }
}
