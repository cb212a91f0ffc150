import CareDomain
import CaseImport

extension InventedHistory {
    /// 四个结对: each slot is given to a post; its holders come and go, with a gap here and there.
    mutating func followPairings() {
        for slot in HelperPosts.slots where random.chance(94) {
            let post = random.number(0...(slot.posts - 1))
            let start = family.registeredOn + Int32(random.chance(70) ? random.number(0...45) : random.number(60...400))
            let holders = posts.holders(place: family.place, slot: slot, post: post)
                .filter { $0.until.map { $0 > start } ?? true }
            follow(holders, slot: slot, from: start)
        }
    }

    private mutating func follow(_ holders: [HelperPosts.Holder], slot: HelperPosts.Slot, from start: CivilDay) {
        var reported = start
        var present: PersonID?
        for holder in holders {
            var day = max(holder.from, start)
            reported = max(reported, day + Int32(random.number(0...15)))
            let sealed = [SealedPart(subject: holder.helper.id, details: holder.details)]
            if let old = present {
                let handover = PairingHandedOver(
                    kind: slot.kind, from: old, to: holder.helper, reason: Code(unchecked: "transfer"), sealed: sealed)
                guard note(.handOverPairing(handover), on: day, reportedOn: reported) != nil else { return }
            } else {
                day = max(day, reported - Int32(random.number(0...10)), start)
                // Whoever left while the slot stood empty never held it.
                if let until = holder.until, until <= day { continue }
                let assigned = PairingAssigned(kind: slot.kind, helper: holder.helper, sealed: sealed)
                guard note(.assignHelper(assigned), on: day, reportedOn: reported) != nil else { return }
            }
            present = holder.helper.id
            guard let until = holder.until, random.chance(22) else { continue }
            // Nobody followed at once: the slot is empty until the next holder takes it some weeks later.
            reported = max(reported, until + lag())
            let ended = PairingEnded(kind: slot.kind, helper: holder.helper.id, reason: Code(unchecked: "left"))
            guard note(.endPairing(ended), on: until, reportedOn: reported) != nil else { return }
            reported = reported + Int32(random.number(10...90))
            present = nil
        }
    }
}
