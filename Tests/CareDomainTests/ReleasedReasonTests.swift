import CareDomain
import Testing

@Suite("名额为何放回")
struct ReleasedReasonTests {
    @Test("规则拒绝的，理由读得出是哪一条规则；人写的理由不动")
    func refusals() {
        let reason = PlaceReleased.reason(of: Refusal(.grantStands))
        #expect(reason.rawValue == "care-6405")
        #expect(PlaceReleased.refusal(in: reason.rawValue)?.chinese == "该户当年已享受一个项目，同一户当年不得同时享受多个项目")
        #expect(PlaceReleased.refusal(in: "moved_away") == nil)
        #expect(PlaceReleased.refusal(in: "care-0") == nil && PlaceReleased.refusal(in: "care-x") == nil)
    }
}
