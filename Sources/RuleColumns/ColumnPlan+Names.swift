import CSHA256
import RuleEngine

extension ColumnPlan {
    /// By node: a name that tells what its column says of a block's facts. The same name, the same column: it stands for the
    /// operator and everything under it, down to the facts, and for nothing else. nil where more than facts goes in: the
    /// calendar of a run's days, values of parameters, shares. What operators answer goes in, too: none that was worked out when
    /// one of them answered otherwise is taken for its own.
    ///
    /// Texts go in by their numbers: names are compared only between plans that go on with the codes of one store.
    func names() -> [String?] {
        var names: [String?] = []
        names.reserveCapacity(nodes.count)
        for node in nodes {
            var writer = ImageWriter()
            writer.add(OperatorProbe.meaning)
            writer.add(EvaluationError.allCases.map(\.rawValue).joined(separator: " "))
            writer.add(node.frame.kinds.map(\.rawValue).joined(separator: " "))
            guard add(node.operation, to: &writer) else {
                names.append(nil)
                continue
            }
            var isNamed = true
            for operand in node.operation.operands {
                guard let name = names[operand.node] else {
                    isNamed = false
                    break
                }
                writer.add(name)
                for place in operand.places { writer.add(UInt8(place)) }
            }
            names.append(isNamed ? Self.digest(writer.bytes) : nil)
        }
        return names
    }

    /// The operator without its operands; false where it has no name.
    private func add(_ operation: PlanOperation, to writer: inout ImageWriter) -> Bool {
        switch operation {
        case .constant(let cell):
            writer.add("constant")
            writer.add(cell.tag.rawValue)
            writer.add(cell.payload)
        case .entity: writer.add("entity")
        case .fact(let fact, let reading): writer.add("fact \(reading) \(facts[fact].text)")
        case .and: writer.add("and")
        case .or: writer.add("or")
        case .not: writer.add("not")
        case .conditional: writer.add("conditional")
        case .compared(let relation, _, _): writer.add("compared \(relation.rawValue)")
        case .isIn(_, let payloads):
            writer.add("in")
            for payload in payloads { writer.add(payload) }
        case .call(let builtin, _, let types, let result):
            writer.add("call \(builtin.rawValue) \(types.map { "\($0)" }.joined(separator: " ")) > \(result)")
        case .elapsed(let unit, let relation, _, _, let shift):
            writer.add("elapsed \(unit.rawValue) \(relation.rawValue)")
            writer.add(shift)
        case .reached: writer.add("reached")
        case .known: writer.add("known")
        case .reduced(let reduction, let inner, _, let test):
            writer.add("reduced \(reduction) \(inner.rawValue) \(test == nil)")
        case .at: writer.add("at")
        case .calendar, .periodStart, .parameter, .hasParameter, .shares: return false
        }
        return true
    }

    static func digest(_ bytes: [UInt8]) -> String {
        var words: [UInt64] = [0, 0, 0, 0]
        care_sha256(bytes, bytes.count, &words)
        return words[..<2].map { word in
            let text = String(word, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }.joined()
    }

    /// Whether the node's values are true and false, by what it is. Not told of a constant.
    private func isTruth(_ node: Int) -> Bool {
        switch nodes[node].operation {
        case .and, .or, .not, .compared, .isIn, .elapsed, .reached, .known: true
        case .fact(_, let reading): reading != .value
        case .reduced(let reduction, _, _, _): reduction != .count
        case .conditional(_, let yes, let no): isTruth(yes.node) || isTruth(no.node)
        case .at(_, let body): isTruth(body.node)
        case .call(_, _, _, let result): result == .bool
        case .constant, .entity, .calendar, .periodStart, .parameter, .hasParameter, .shares: false
        }
    }

    /// The nodes whose columns are worth keeping beside the facts: to whom each rule applies, or what of it follows from facts
    /// alone, and what several rules ask for that looks at all of a family's people.
    func keepable(of rules: [RulePlan]) -> [(name: String, node: Int)] {
        let names = names()
        func isWorthIt(_ node: Int) -> Bool {
            guard names[node] != nil, nodes[node].frame.kinds.count < 2, isTruth(node) else { return false }
            return switch nodes[node].operation {
            case .fact, .known: false
            default: true
            }
        }
        var looksAtAll: [Bool] = []
        for node in nodes {
            let isReduction = if case .reduced = node.operation { true } else { false }
            looksAtAll.append(isReduction || node.operation.operands.contains { looksAtAll[$0.node] })
        }
        let users = users(of: rules.map { [$0] })
        var wanted = Set(nodes.indices.filter { users[$0] >= 3 && looksAtAll[$0] && isWorthIt($0) })
        var open = rules.map(\.holds.node)
        var seen: Set<Int> = []
        while let node = open.popLast() {
            guard seen.insert(node).inserted else { continue }
            if isWorthIt(node) { wanted.insert(node) } else { open += nodes[node].operation.operands.map(\.node) }
        }
        return wanted.sorted().compactMap { node in names[node].map { ($0, node) } }
    }
}
