import CareDomain

extension OverdueTerms {
    /// What the published packs say, and what was set for them, as known at a moment.
    /// - Source: XM-2.2b
    package init(_ registry: PackRegistry, set: [ParameterValue], knownAt: KnownAt = .latest) {
        func values(_ name: String) -> [Value] {
            // Of a pack's versions the newest that has the parameter; what was set holds for all of them.
            let pack = registry.versions.map(\.pack).last { $0.parameters.contains { $0.id.rawValue == name } }
            guard let pack, let index = pack.parameters.firstIndex(where: { $0.id.rawValue == name }) else { return [] }
            return ParameterTable(pack.parameters, set: set, knownAt: knownAt).values(of: index).compactMap { value in
                guard case .int(let count) = value.value else { return nil }
                return Value(Int(clamping: count), in: value.period)
            }
        }
        self.init(graceMonths: values("xm.grace_months"), afterDays: values("xm.overdue_after_days"))
    }
}
