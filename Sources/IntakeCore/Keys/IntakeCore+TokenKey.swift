import ArchiveClient
import CareDomain
import CareWire

extension IntakeCore {
    /// From here on nothing is decided before the log is known to rest on this key. To be said before the first input.
    package mutating func guardTokens(madeWith key: TokenKey) {
        if let image = keeper.unproven, image.tokenKey == nil {
            // Whoever made it did not look: the people of the log are read from the beginning.
            keeper = ImageKeeper(unproven: nil)
            sharedCursor = []
        }
        tokenKey = TokenKeyGuard(key: key, lastRun: keeper.unproven?.tokenKey)
    }

    /// Why nothing is decided with this key; nil while nothing speaks against it.
    package var tokenKeyProblem: TokenKeyProblem? {
        if case .refused(let problem)? = tokenKey?.standing { problem } else { nil }
    }

    /// Why the key could not be put on record yet, though everything else is read.
    package var tokenKeyFailure: FlowFailure? { isReady ? nil : tokenKey?.failure?.0 }

    /// Goes on once the shared streams are read to their end.
    mutating func settleTokenKey(now: Moment) -> [IntakeAction] {
        guard let step = tokenKey?.next(now: now) else {
            isReady = true
            return []
        }
        return tokenKeyStep(step, now: now)
    }

    /// The household of somebody on record, read to try the key; nil when the call is another's.
    mutating func tokenKeyTried(
        _ call: CallID, _ events: [ReadHouseholdEvent], now: Moment
    ) -> [IntakeAction]? {
        guard call == tokenKey?.call, let step = tokenKey?.tried(events, now: now) else { return nil }
        return tokenKeyStep(step, now: now)
    }

    mutating func tokenKeyAppended(
        _ call: CallID, _ answer: AppendAnswer<TokenKeyAdopted>, now: Moment
    ) -> [IntakeAction] {
        guard call == tokenKey?.call else { return [] }
        tokenKey?.recorded(answer, now: now)
        return tokenKeyStep(.rest, now: now)
    }

    /// No answer came to what was asked for the key's sake; nil when the call is another's.
    mutating func tokenKeyFailed(_ call: CallID, _ failure: FlowFailure, now: Moment) -> [IntakeAction]? {
        guard call == tokenKey?.call else { return nil }
        tokenKey?.failed(failure, now: now)
        return []
    }

    private mutating func tokenKeyStep(_ step: TokenKeyGuard.Step, now: Moment) -> [IntakeAction] {
        switch step {
        case .read(let household):
            let call = newCall()
            tokenKey?.call = call
            return [.readHousehold(call, household, after: 0)]
        case .adopt(let adopted):
            let call = newCall()
            tokenKey?.call = call
            let id = TokenKeyAppend.id(of: adopted.fingerprint)
            let context = EventContext(principal: ownPrincipal, command: id)
            return [
                .appendTokenKey(call, TokenKeyAppend(adopted: adopted, context: context, occurredOn: now.day))
            ]
        case .rest:
            if let problem = tokenKeyProblem { return [.refuseTokenKey(problem)] }
            isReady = isReady || tokenKey?.standing == .agreed
            return []
        }
    }
}
