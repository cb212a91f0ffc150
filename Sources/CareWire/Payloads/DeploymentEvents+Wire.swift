import CareDomain

extension TokenKeyAdopted: WireMapped {
    init(wire: Care_V1_TokenKeyAdopted) throws(WireError) {
        guard let basis = Basis(wire.basis) else {
            throw WireError(.unknownEnum, "basis", limit: Int64(wire.basis.rawValue))
        }
        self.init(fingerprint: try Field.id(wire.fingerprint, "fingerprint"), basis: basis)
    }

    func wire() throws(WireError) -> Care_V1_TokenKeyAdopted {
        var wire = Care_V1_TokenKeyAdopted()
        wire.fingerprint = fingerprint.data
        wire.basis = basis.wire
        return wire
    }
}

extension TokenKeyAdopted.Basis {
    /// - Returns: nil for a value that this version does not know.
    init?(_ wire: Care_V1_TokenKeyAdopted.Basis) {
        switch wire {
        case .nobodyYet: self = .nobodyYet
        case .matchesRecord: self = .matchesRecord
        case .unchecked: self = .unchecked
        case .unspecified, .UNRECOGNIZED: return nil
        }
    }

    /// The same in the contract.
    var wire: Care_V1_TokenKeyAdopted.Basis {
        switch self {
        case .nobodyYet: .nobodyYet
        case .matchesRecord: .matchesRecord
        case .unchecked: .unchecked
        }
    }

    /// Its word in views and the open fields of conditions.
    var word: String {
        switch self {
        case .nobodyYet: "nobody_yet"
        case .matchesRecord: "matches_record"
        case .unchecked: "unchecked"
        }
    }
}
