import CareDomain

extension PackReader {
    /// A version that ends before it begins is in force on no day.
    func checkPeriod(_ first: CivilDay, _ last: CivilDay?, _ place: YAMLValue?) {
        guard let last, last < first, let place else { return }
        document.note(
            place, "pack.period",
            Wording(
                "valid_to \(last) 早于 valid_from \(first)，一天也不施行", "valid_to \(last) lies before valid_from \(first)"),
            Wording("改正其中一个；valid_to 是施行的最后一天", "correct one of them; valid_to is the last day in force"))
    }

    /// `least: 0.2`, or for each key `least: [{keys: [girl], value: 8000}]`; the same with `most`.
    func bounds(
        _ fields: DocumentReader.Fields, _ id: ParameterID, _ type: FactType, _ unit: String?, _ keys: [String]
    ) -> [ParameterBound] {
        let bounds = ParameterBound.Side.allCases.flatMap { side -> [ParameterBound] in
            guard let field = fields[side.rawValue] else { return [] }
            guard case .sequence(let items) = field.kind else {
                return figure(field, type, unit).map { [ParameterBound(side: side, value: $0)] } ?? []
            }
            return items.compactMap { item in
                guard let one = document.fields(item, required: ["keys", "value"]),
                    let value = figure(one["value"], type, unit)
                else { return nil }
                let codes = document.items(one["keys"]).compactMap { document.code($0)?.rawValue }
                if codes.count != keys.count {
                    document.note(
                        item, "pack.parameter_keys",
                        Wording("\(id) 需要 \(keys.count) 个键", "\(id) takes \(keys.count) keys"),
                        Wording("按 keys 的声明给出", "give them as declared under keys"))
                }
                return ParameterBound(side: side, keys: codes, value: value)
            }
        }
        checkOrder(bounds, id, fields)
        return bounds
    }

    private func figure(_ value: YAMLValue?, _ type: FactType, _ unit: String?) -> FactValue? {
        guard let value else { return nil }
        switch type {
        case .int, .decimal, .money: break
        default:
            document.note(
                value, "pack.bound",
                Wording("类型 \(type.name) 没有大小，不能有上下限", "the type \(type.name) has no order and no bounds"),
                Wording("去掉 least 和 most", "leave least and most out"))
            return nil
        }
        return document.parsed(value, type.values(unit: unit)) { FactValueText.parse($0, as: type, unit: unit) }
    }

    private func checkOrder(_ bounds: [ParameterBound], _ id: ParameterID, _ fields: DocumentReader.Fields) {
        for low in bounds where low.side == .least {
            for high in bounds where high.side == .most {
                guard low.keys == high.keys || low.keys.isEmpty || high.keys.isEmpty, let field = fields["most"],
                    let least = low.value.magnitude, let most = high.value.magnitude,
                    most < least
                else { continue }
                document.note(
                    field, "pack.bound",
                    Wording("\(id) 的上限低于下限，没有值可用", "the greatest value of \(id) lies below the least"),
                    Wording("改正 least 或 most", "correct least or most"))
            }
        }
    }
}
