import ServiceKit
import Testing

@Suite("通信名单")
struct PeerListTests {
    private let firstKey = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
    private let secondKey = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"

    private func mistakes(_ text: String) -> [PeerListError.Mistake] {
        do throws(PeerListError) {
            _ = try PeerListFile.parse(text, path: "peers.yaml")
            return []
        } catch {
            return error.mistakes
        }
    }

    @Test("名单读成普通的值")
    func reads() throws {
        let entries = try PeerListFile.parse(
            """
            peers:
              - name: intake
                publicKey: "\(firstKey)"
                department: 关怀办
                roles: [service]
                rights: [append, import-history]
                eventTypes: [HouseholdRegistered]
              - name: beihu-clerk
                publicKey: "\(secondKey)"
                department: civil-affairs
                division: "431002"
                expiresOn: 2027-12-31
            """, path: "peers.yaml")
        #expect(entries.count == 2)
        #expect(entries[0].rights == ["append", "import-history"] && entries[0].division == nil)
        #expect(entries[1].division == "431002" && entries[1].expiresOn == 21_183)
        #expect(try PeerListFile.parse(PeerListFile.render(entries), path: "again") == entries)
    }

    @Test("所有错误一次说完，各有行号")
    func reportsEveryMistake() {
        let found = mistakes(
            """
            peers:
              - name: Intake
                publicKey: "short"
                departmnt: x
              - name: a
                publicKey: "\(firstKey)"
                department: x
                division: 43A
                expiresOn: 2027-02-30
                roles: service
              - name: a
                publicKey: "\(firstKey)"
                department: x
            other: 1
            """)
        #expect(found.map(\.line) == [2, 2, 3, 4, 8, 9, 10, 11, 11, 14])
        #expect(found.contains { $0.text.zh == "缺少 department" })
        #expect(found.contains { $0.text.en == "unknown key departmnt" })
        #expect(found.contains { $0.text.zh.contains("公钥与别人重复") })
    }

    @Test("不是名单的文件", arguments: ["", "- a\n", "peers: x\n", "peers:\n  - a: [\n", "peers:\n  - x\n"])
    func notAList(_ text: String) {
        #expect(mistakes(text).count == 1)
    }

    @Test("读不到的文件")
    func missingFile() throws {
        let scratch = try Scratch()
        #expect(throws: PeerListError.self) { try PeerListFile.read(scratch.path + "/none.yaml") }
    }
}
