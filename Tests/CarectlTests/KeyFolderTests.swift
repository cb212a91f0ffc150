import Foundation
import ServiceKit
import Testing

@testable import carectl

/// Keys and the peer list on disk.
struct KeyFolderTests {
    private static func withRing(_ body: (KeyFolder) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ring-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(KeyFolder(folder: "\(folder)/keys", peerList: "\(folder)/peers.yaml"))
    }

    @Test("一次生成整套密钥，再来一次什么都不变")
    func makingAllIsIdempotent() throws {
        try Self.withRing { ring in
            try ring.prepare()
            try ring.makeTokenKey()
            let made = try ring.make(KeyRequest.deployment, refusesExisting: false)
            #expect(made == ["intake", "care-archive", "eligibility", "notifier", "carectl", "clerk"])
            let list = try String(contentsOfFile: ring.peerList, encoding: .utf8)
            let token = FileManager.default.contents(atPath: "\(ring.folder)/token.key")
            #expect(token?.count == 32)

            try ring.makeTokenKey()
            #expect(try ring.make(KeyRequest.deployment, refusesExisting: false).isEmpty)
            #expect(try String(contentsOfFile: ring.peerList, encoding: .utf8) == list)
            #expect(FileManager.default.contents(atPath: "\(ring.folder)/token.key") == token)
        }
    }

    @Test("私钥只有本人可读，名单里的公钥与文件一致")
    func secretsAreForTheOwnerOnly() throws {
        try Self.withRing { ring in
            try ring.prepare()
            _ = try ring.make(KeyRequest.deployment, refusesExisting: false)
            for entry in try ring.entries() {
                let path = "\(ring.folder)/\(entry.name).key"
                let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
                #expect(mode == 0o600)
                #expect(try CurveKeyFile.readPair(path).publicKey == entry.publicKey)
                #expect(try CurveKeyFile.readPublic("\(ring.folder)/\(entry.name).pub") == entry.publicKey)
            }
        }
    }

    @Test("密钥已生成而名单没写成时，下一次补上")
    func anInterruptedRunIsFinished() throws {
        try Self.withRing { ring in
            try ring.prepare()
            _ = try ring.make(KeyRequest.deployment, refusesExisting: false)
            let before = try ring.entries()
            try FileManager.default.removeItem(atPath: ring.peerList)
            _ = try ring.make(KeyRequest.deployment, refusesExisting: false)
            #expect(try ring.entries() == before)
        }
    }

    @Test("撤销后名单上没有它，再生成的是另一把")
    func withdrawing() throws {
        try Self.withRing { ring in
            try ring.prepare()
            _ = try ring.make(KeyRequest.deployment, refusesExisting: false)
            let old = try ring.entries().first { $0.name == "clerk" }?.publicKey
            try ring.withdraw("clerk")
            #expect(try !ring.entries().contains { $0.name == "clerk" })
            #expect(throws: Failure.self) { try ring.withdraw("clerk") }
            #expect(try ring.make(KeyRequest.deployment, refusesExisting: false) == ["clerk"])
            #expect(try ring.entries().first { $0.name == "clerk" }?.publicKey != old)
        }
    }

    @Test("换钥：名单上同一个名字、同样的权限，另一把钥匙；旧文件收起")
    func rotating() throws {
        try Self.withRing { ring in
            try ring.prepare()
            _ = try ring.make(KeyRequest.deployment, refusesExisting: false)
            let before = try ring.entries()
            let old = try #require(before.first { $0.name == "clerk" })
            let fresh = try ring.rotate("clerk", expiresOn: 20_000)
            var expected = old
            expected.publicKey = fresh.publicKey
            expected.expiresOn = 20_000
            #expect(fresh == expected && fresh.publicKey != old.publicKey)
            #expect(try ring.entries() == before.map { $0.name == "clerk" ? fresh : $0 })
            #expect(try CurveKeyFile.readPair("\(ring.folder)/clerk.key").publicKey == fresh.publicKey)
            #expect(try CurveKeyFile.readPair("\(ring.folder)/clerk.key.withdrawn").publicKey == old.publicKey)
            #expect(throws: Failure.self) { try ring.rotate("nobody", expiresOn: nil) }
        }
    }

    @Test("换了版本：服务的密钥补上新的事件种类，密钥和别人的权限不变；再来一次什么都不变")
    func upgrading() throws {
        try Self.withRing { ring in
            try ring.prepare()
            let older = KeyRequest.deployment.map { request in
                var older = request
                if older.name == "intake" { older.eventTypes.removeLast(40) }
                return older
            }
            _ = try ring.make(older, refusesExisting: false)
            let before = try ring.entries()
            #expect(try ring.upgrade(KeyRequest.deployment) == ["intake"])
            let after = try ring.entries()
            #expect(after.filter { $0.name != "intake" } == before.filter { $0.name != "intake" })
            let intake = try #require(after.first { $0.name == "intake" })
            var expected = try #require(before.first { $0.name == "intake" })
            expected.eventTypes = try #require(KeyRequest.deployment.first { $0.name == "intake" }).eventTypes
            #expect(intake == expected && intake.eventTypes.count > 40)
            #expect(try ring.upgrade(KeyRequest.deployment).isEmpty)
        }
    }

    @Test("同名的密钥不会被覆盖")
    func existingNamesAreRefused() throws {
        try Self.withRing { ring in
            try ring.prepare()
            let request = try KeyRequest(
                checking: "civil-affairs", roles: [], department: "dept.civil_affairs", division: "431002",
                rights: ["query"], expiresOn: nil)
            #expect(try ring.make([request], refusesExisting: true) == ["civil-affairs"])
            #expect(throws: Failure.self) { try ring.make([request], refusesExisting: true) }
        }
    }

    @Test(
        "不成样子的名称、权限和区划被拒绝",
        arguments: [
            ("Clerk", "query", "431002"), ("token", "query", "431002"), ("a", "append", "431002"), ("a", "query", "x"),
        ])
    func badRequests(name: String, right: String, division: String) {
        #expect(throws: Failure.self) {
            try KeyRequest(
                checking: name, roles: [], department: "none", division: division, rights: [right], expiresOn: nil)
        }
    }

    @Test("不认识的部门和角色被拒绝，并列出认得的")
    func unknownOffices() throws {
        func make(_ department: String, _ roles: [String]) throws(Failure) {
            _ = try KeyRequest(
                checking: "a", roles: roles, department: department, division: "431002", rights: ["query"],
                expiresOn: nil)
        }
        for (department, roles, code, known) in [
            ("dept.finanse", ["clerk"], "CARE-6125", "dept.finance 财政"), ("guanhuai", [], "CARE-6125", "org.township"),
            ("dept.fp", ["clerk", "revewer"], "CARE-6126", "reviewer 审核"),
            ("dept.fp", ["service"], "CARE-6126", "payer"),
        ] {
            do throws(Failure) {
                try make(department, roles)
                Issue.record("accepted \(department) \(roles)")
            } catch {
                #expect(error.code == code && error.advice?.zh.contains(known) == true)
            }
        }
        try make("dept.finance", ["payer", "fund_manager"])
        try make("none", [])
    }

    @Test("服务只能追加自己的事件类型")
    func servicesAppendTheirOwnTypes() {
        let byName = Dictionary(uniqueKeysWithValues: KeyRequest.deployment.map { ($0.name, $0) })
        #expect(byName["eligibility"]?.eventTypes == ["determination_made"])
        let notices = ["notice_raised", "notice_delivered"]
        let raised = ["", "duty_", "loan_"].flatMap { kind in notices.map { kind + $0 } }
        #expect(byName["notifier"]?.eventTypes == raised)
        #expect(byName["intake"]?.eventTypes.contains { $0.hasSuffix("notice_raised") } == false)
        #expect(byName["intake"]?.eventTypes.contains("person_reserved") == true)
        #expect(byName["intake"]?.eventTypes.contains("determination_made") == false)
        #expect(byName["carectl"]?.rights.contains("append") == false)
    }
}
