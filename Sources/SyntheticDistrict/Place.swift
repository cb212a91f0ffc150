import CareDomain

/// A township of the invented district: a real county of 郴州市 with an invented township number.
///
/// Numbers follow GB/T 10114: sub-districts from 001, towns from 100, townships from 200.
struct Place: Hashable, Sendable {
    let county: Int
    /// Number within the county, from 0.
    let township: Int

    static let counties = [
        "431002", "431003", "431021", "431022", "431023", "431024", "431025", "431026", "431027", "431028", "431081",
    ]
    static let countyNames = ["北湖", "苏仙", "桂阳", "宜章", "永兴", "嘉禾", "临武", "汝城", "桂东", "安仁", "资兴"]
    static let townshipsPerCounty = 14

    /// Code of nine digits.
    var division: DivisionCode {
        let number: Int
        switch township {
        case 0..<4: number = township + 1
        case 4..<10: number = 100 + township - 4
        default: number = 200 + township - 10
        }
        return DivisionCode(Self.counties[county] + String(1000 + number).dropFirst())!
    }

    var area: Area { township < 4 ? .urban : .rural }
    var prefix: String { Self.counties[county] }
    var name: String { Self.countyNames[county] }

    /// A number for seeding what belongs to the township.
    var ordinal: UInt64 { UInt64(county * Self.townshipsPerCounty + township) }

    /// A postal address with an invented street.
    func address(_ random: inout SeededGenerator) -> String {
        let unit = township < 4 ? "街道" : (township < 10 ? "镇" : "乡")
        return "\(name)第\(township + 1)\(unit)第\(random.number(1...12))村\(random.number(1...300))号"
    }
}
