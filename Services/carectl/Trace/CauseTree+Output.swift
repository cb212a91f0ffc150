import CareDomain
import CareProjections
import CareWire
import ServiceKit

extension CauseTree.Node {
    /// The tree for people, one line for each command and each event.
    func text(in language: Language) -> String {
        var output = ""
        tree(in: language, isRoot: true).write(to: &output, first: "", rest: "")
        return output
    }

    private func tree(in language: Language, isRoot: Bool = false) -> TreeLine {
        var children = branches.map { branch in
            TreeLine(text: branch.event.line, children: branch.caused.map { $0.tree(in: language) })
        }
        if hidden > 0 {
            let more = UserText(zh: "另有 \(hidden) 条同一命令的事件", en: "\(hidden) more events of this command")
            children.append(TreeLine(text: "… " + more[language], children: []))
        }
        children += caused.map { $0.tree(in: language) }
        return TreeLine(text: header(in: language, isRoot: isRoot), children: children)
    }

    /// Below its cause an act need not name it; a service that acts by itself is named once.
    private func header(in language: Language, isRoot: Bool) -> String {
        let first = act.events[0]
        let who = first.speaker.map { $0.value.bare }
        var words = [UserText(zh: "命令", en: "command")[language], act.command.description]
        if who.last != first.service { words += who }
        words += ["→", first.service]
        if isRoot, let cause = act.cause { words.append(cause.words[language]) }
        if isAsked { words.append("◀") }
        return words.joined(separator: " ")
    }

    /// The tree for programs.
    var json: JSON {
        let first = act.events[0]
        return .object([
            ("command", .string(act.command.description)), ("service", .string(first.service)),
            ("by", first.speaker.isEmpty ? .null : .object(first.speaker.map { ($0.key, JSON.string($0.value.bare)) })),
            ("cause", act.cause?.json ?? .null), ("asked", .bool(isAsked)),
            (
                "events",
                .array(
                    branches.map { branch in
                        .object(branch.event.members + [("caused", .array(branch.caused.map(\.json)))])
                    })
            ),
            ("hidden_events", .int(Int64(hidden))), ("caused", .array(caused.map(\.json))),
        ])
    }
}

extension TraceCause {
    /// For people, behind the command that it led to.
    var words: UserText {
        switch self {
        case .event(let stream, let sequence):
            UserText(zh: "起因 \(stream)/\(sequence)", en: "because of \(stream)/\(sequence)")
        case .command(let id): UserText(zh: "起因 命令 \(id)", en: "because of command \(id)")
        case .rules(let rules): UserText(zh: "起因 新规则 \(rules)", en: "because of new rules \(rules)")
        case .determination(let judged, _, _, _):
            UserText(zh: "起因 \(judged.clause) 的认定", en: "because of a determination of \(judged.clause)")
        }
    }

    /// For programs.
    var json: JSON {
        switch self {
        case .event(let stream, let sequence):
            .object([("stream", .string(stream)), ("sequence", .int(Int64(clamping: sequence)))])
        case .command(let id): .object([("command", .string(id.description))])
        case .rules(let rules): .object([("rules", .string(rules))])
        case .determination(let judged, let stream, _, _):
            .object([("stream", .string(stream)), ("determination_of", .string(judged.clause.description))])
        }
    }
}

extension TracedEvent {
    fileprivate var line: String {
        let parts = [recordedAt.wallClock, "#\(position)", place, "\(title)(\(name))"]
        return (parts + said.map { "\($0.key)=\($0.value.bare)" }).joined(separator: " ")
    }

    fileprivate var members: [(String, JSON)] {
        [
            ("position", .int(Int64(clamping: position))), ("stream", .string(stream)),
            ("sequence", .int(Int64(clamping: sequence))), ("recorded_at", .moment(recordedAt)),
            ("event", .string(name)), ("title", .string(title)), ("event_id", .string(eventID.description)),
            ("data", .object(said.map { ($0.key, JSON.string($0.value.bare)) })),
        ]
    }
}

extension ViewValue {
    /// The bare words of a text, otherwise JSON.
    fileprivate var bare: String { if case .text(let text) = self { text } else { json } }
}

/// A line with those below it, drawn with the usual branches.
private struct TreeLine {
    let text: String
    let children: [TreeLine]

    func write(to output: inout String, first: String, rest: String) {
        output += first + text + "\n"
        for (index, child) in children.enumerated() {
            let isLast = index == children.count - 1
            child.write(
                to: &output, first: rest + (isLast ? "└─ " : "├─ "), rest: rest + (isLast ? "   " : "│  "))
        }
    }
}
