import ArchiveClient
import CareDomain
import CareWire
import RuleEngine

/// A pack command on its way: find the stream's end, append.
struct PackFlow {
    var command: PackCommand
    var contentDigest: Identifier128
    var token: RequestToken
    var caller: Caller
    var attempts = 0
}

extension IntakeCore {
    mutating func take(
        _ command: PackCommand, digest: Identifier128, token: RequestToken, caller: Caller
    ) -> [IntakeAction] {
        guard caller.principal.rights.contains(.operate) else {
            return [.reply(token, .refused(Refusal(.missingRight, detail: "operate")))]
        }
        if let refusal = check(command) {
            count(.refused(refusal))
            return [.reply(token, .refused(refusal))]
        }
        if command.isPublication, isPublishing(besides: command) {
            count(.failed(.contention))
            return [.reply(token, .failed(.contention))]
        }
        let call = newCall()
        packFlows[call] = PackFlow(command: command, contentDigest: digest, token: token, caller: caller)
        return [.readPackHead(call, command.pack)]
    }

    /// Whether another version of the pack is on its way and not yet known: what it replaces cannot be told before.
    private func isPublishing(besides command: PackCommand) -> Bool {
        (packFlows.values.map(\.command) + publications.map(\.command)).contains { other in
            other.isPublication && other.pack == command.pack && other.id != command.id
        }
    }

    /// A pack is published whole or not at all, without a mistake that lint finds, only under its own name and hash, from a
    /// day before it was enacted only where that is said, and in place of a version only where it is adopted.
    private func check(_ command: PackCommand) -> Refusal? {
        if case .parameterSet(let set) = command.event {
            return check(set, of: command.pack, from: command.occurredOn)
        }
        guard case .published(let published) = command.event else { return nil }
        do {
            let pack = try RulePack.load(bytes: published.bytes, name: published.pack.rawValue)
            guard pack.id == command.pack, pack.hash == published.hash else {
                return Refusal(.packRejected, field: "pack", detail: "编号或摘要不符")
            }
            if let last = pack.validTo, published.effectiveFrom > last {
                return Refusal(.packRejected, field: "effective_from", detail: "该版本只到 \(last)")
            }
            guard published.transition.allows(published.effectiveFrom, enacted: published.enactedOn) else {
                return Refusal(
                    .retroactiveNotNamed, field: "transition",
                    detail: "\(published.effectiveFrom) < \(published.enactedOn)")
            }
            let mistakes = pack.mistakes(in: published.bytes, name: published.pack.rawValue)
            guard mistakes.isEmpty else {
                return Refusal(
                    .packRejected, field: "pack", detail: mistakes.map(\.description).joined(separator: "\n"))
            }
            guard !command.isAdoption,
                let standing = rules.registry.replaced(by: pack.hash, of: pack.id, from: published.effectiveFrom)
            else { return nil }
            return Refusal(
                .versionReplaced, field: "effective_from",
                detail: "\(pack.id)@\(standing.effectiveFrom) \(standing.pack.reference.shortHash)")
        } catch {
            return Refusal(.packRejected, field: "pack", detail: "\(error)")
        }
    }

    /// A parameter is set as the pack in force last declares it: known, with its keys, of its type, a figure that can be meant.
    /// A pack that nobody published yet is not judged. A value holds on one day at least.
    private func check(_ set: ParameterSet, of pack: PackID, from first: CivilDay) -> Refusal? {
        if let until = set.until, until <= first {
            return Refusal(.dayOrder, field: "until", detail: "\(first) → \(until)")
        }
        guard rules.registry.versions.contains(where: { $0.pack.id == pack }) else { return nil }
        guard let (version, definition) = declared(set.parameter, by: pack) else {
            return Refusal(.unknownCode, field: "parameter", detail: set.parameter.rawValue)
        }
        guard definition.type.holds(set.value) else {
            return Refusal(.factForm, field: "value", detail: definition.type.values.chinese)
        }
        // The log holds references to payment details, never the number of an account, whosever it is.
        if version.holdsAccounts(definition.id), case .reference(let text) = set.value, text.looksLikeAccountNumber {
            return Refusal(.factForm, field: "value", detail: "\(definition.title.chinese)：不得是银行账号、卡号")
        }
        let days = DayPeriod(start: first, end: set.until)
        return version.settingIssues(of: definition, keys: set.keys.map(\.rawValue), value: set.value, on: days)
            .first?.refusal
    }

    mutating func packRead(_ call: CallID, lastSequence: UInt64) -> [IntakeAction] {
        guard let flow = packFlows.removeValue(forKey: call) else { return [] }
        return append(flow, expected: lastSequence)
    }

    private mutating func append(_ flow: PackFlow, expected: UInt64) -> [IntakeAction] {
        let call = newCall()
        packFlows[call] = flow
        let append = PackAppend(
            pack: flow.command.pack, expected: expected, id: flow.command.id,
            contentDigest: flow.contentDigest,
            context: EventContext(
                principal: flow.caller.principal, command: flow.command.id, traceparent: flow.caller.traceparent,
                legalBasis: flow.caller.legalBasis),
            occurredOn: flow.command.occurredOn, event: flow.command.event)
        return [.appendPack(call, append)]
    }

    mutating func packAppended(_ call: CallID, _ answer: AppendAnswer<UInt64>, now: Moment) -> [IntakeAction] {
        guard var flow = packFlows.removeValue(forKey: call) else { return [] }
        let household = HouseholdID(flow.command.id.value)
        let result: CommandResult
        switch answer {
        case .appended(let place):
            return published(flow, recorded(flow.command, household, place, isRepeated: false), now: now)
        case .repeated(let place):
            return published(flow, recorded(flow.command, household, place, isRepeated: true), now: now)
        case .conflict(let later):
            flow.attempts += 1
            if flow.attempts <= CommandFlow.maximumAttempts, let last = later.last {
                return append(flow, expected: last)
            }
            result = .failed(.contention)
        case .idReused: result = .failed(.idReused)
        case .failed(let failure): result = .failed(failure)
        }
        count(result)
        return [.reply(flow.token, result)]
    }

    /// The answer, with the figures of the pack in whose place a value was set.
    private func recorded(
        _ command: PackCommand, _ household: HouseholdID, _ place: AppendPlace, isRepeated: Bool
    ) -> CommandResult {
        var recorded = CommandResult.Recorded(household: household, place: place, isRepeated: isRepeated)
        if case .parameterSet(let set) = command.event {
            let value = ParameterValue(
                parameter: set.parameter, keys: set.keys.map(\.rawValue), value: set.value,
                period: DayPeriod(start: command.occurredOn, end: set.until))
            let definition = declared(set.parameter, by: command.pack)?.definition
            recorded.warnings = [definition?.remark(onSetting: value)].compactMap { $0 }
        }
        return .recorded(recorded)
    }

    /// The parameter as the pack in force last declares it.
    private func declared(
        _ parameter: ParameterID, by pack: PackID
    ) -> (version: RulePack, definition: ParameterDefinition)? {
        let versions = rules.registry.versions.map(\.pack).filter { $0.id == pack }
        return versions.reversed().lazy.compactMap { version in
            version.parameters.first { $0.id == parameter }.map { (version, $0) }
        }.first
    }

    /// Answers only when commands are judged by what was published: whoever publishes and then registers must not be
    /// told that the words of the pack are unknown.
    private mutating func published(_ flow: PackFlow, _ result: CommandResult, now: Moment) -> [IntakeAction] {
        count(result)
        publications.append(
            Publication(
                token: flow.token, command: flow.command, result: result, needsRead: sharedReadsBegun + 1))
        return sharedCall == nil ? [askForNews(now: now)] : []
    }

    /// The answers for which the shared streams were read far enough; another read when some still wait for it.
    mutating func answerPublications(now: Moment) -> [IntakeAction] {
        let done = publications.prefix { $0.needsRead <= sharedReadsBegun }
        publications.removeFirst(done.count)
        let replies = done.map { IntakeAction.reply($0.token, $0.result) }
        return publications.isEmpty ? replies : replies + [askForNews(now: now)]
    }
}

/// The answer to a pack command that is recorded and not yet known to the commands that follow.
struct Publication {
    var token: RequestToken
    var command: PackCommand
    var result: CommandResult
    /// The read of the shared streams, counted from the start, that brings it.
    var needsRead: Int
}

extension PackCommand {
    /// Whether it publishes a version.
    fileprivate var isPublication: Bool { if case .published = event { true } else { false } }
}

extension FlowFailure {
    /// The packs published so far are not read yet.
    package static let starting = FlowFailure(
        code: "CARE-2005", chinese: "服务正在启动，请稍候重试", english: "the service is starting; try again", isRetriable: true)

    /// Too many commands are under way.
    package static let overloaded = FlowFailure(
        code: "CARE-2006", chinese: "登记繁忙，请稍候重试", english: "too many commands are under way; try again later",
        isRetriable: true)
}
