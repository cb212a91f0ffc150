import CareDomain

/// The people who help: each township has a few posts for each slot, and each post is held by one person after another.
///
/// Every family that a post cares for sees the same person come and go, so that one departure makes many handovers.
struct HelperPosts: Sendable {
    let seed: UInt64
    let lastDay: CivilDay

    /// A slot with how many posts a township has for it.
    struct Slot: Sendable {
        let kind: PairingKind
        let posts: Int
        let units: [String]
        let number: UInt64
    }

    static let slots = [
        Slot(
            kind: PairingKind(unchecked: "department"), posts: 6,
            units: ["民政局", "卫生健康局", "教育局", "住房保障局", "人社局", "司法局"], number: 1),
        Slot(kind: PairingKind(unchecked: "cadre"), posts: 10, units: ["镇政府", "街道办事处", "乡政府"], number: 2),
        Slot(kind: PairingKind(unchecked: "party_member"), posts: 14, units: ["村党支部", "社区党支部", "机关党支部"], number: 3),
        Slot(kind: PairingKind(unchecked: "volunteer"), posts: 20, units: ["计生协会", "志愿者服务队", "妇联"], number: 4),
    ]

    /// Somebody's time in a post.
    struct Holder: Sendable {
        let helper: Helper
        let details: PersonalDetails
        let from: CivilDay
        /// First day without them; nil = still there on the last day.
        let until: CivilDay?
    }

    /// First day on which any post is held.
    static let firstDay = CivilDay(year: 1990, month: 1, day: 1)!

    /// The holders of a post in order of time.
    func holders(place: Place, slot: Slot, post: Int) -> [Holder] {
        var random = SeededGenerator(seed: seed, 0x4E1, place.ordinal, slot.number, UInt64(post))
        let unit = place.name + slot.units[post % slot.units.count]
        var holders: [Holder] = []
        var from = Self.firstDay + Int32(random.number(0...900))
        var number: UInt64 = 0
        while from <= lastDay {
            let until = from + Int32(random.number(500...2600))
            var own = SeededGenerator(seed: seed, 0x4E2, place.ordinal, slot.number, UInt64(post), number)
            let id = PersonID(Identifier128(high: own.next(), low: own.next()))
            let surname = InventedNames.surname(&own)
            let name = InventedNames.name(surname: surname, isFemale: own.chance(45), &own)
            holders.append(
                Holder(
                    helper: Helper(id: id, unit: unit, hasRealName: true),
                    details: PersonalDetails(name: name, phone: InventedNames.phone(&own)), from: from,
                    until: until <= lastDay ? until : nil))
            from = until
            number += 1
        }
        return holders
    }
}
