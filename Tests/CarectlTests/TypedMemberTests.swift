import CareProjections
import Testing

@testable import carectl

@Suite("以身份指人：在世的那一位")
struct TypedMemberTests {
    private typealias Standing = CareArchive.MemberLine.Standing

    @Test("妻子已故又再婚的，指在世的；都已故的是已故的；离户的不算；在世的有几位，由调用者说")
    func meant() {
        let cases: [([Standing], [Int])] = [
            ([.present], [0]), ([.died, .present], [1]), ([.present, .died, .left], [0]), ([.died], [0]),
            ([.left, .died], [1]), ([.died, .died], [0, 1]), ([.present, .present], [0, 1]), ([.left], []), ([], []),
        ]
        for (standings, places) in cases {
            let bearers = Array(standings.enumerated())
            #expect(TypedMember.meant(bearers, by: \.element).map(\.offset) == places)
        }
    }
}
