import EventLog
import Foundation
import ServiceWiring
import Testing

@testable import carectl

@Suite("备份清单")
struct BackupManifestTests {
    private static var manifest: BackupManifest {
        get throws {
            let text = """
                guanhuai-backup 1
                log 00112233445566778899aabbccddeeff
                position 1200
                digest 00
                epoch 7
                recorded 1409500000000000
                created 1409500000000001
                file aa 12 log/events.sqlite
                file bb 3 keys/清单 带空格

                """
            let body = BackupManifest.sealed(text)
            return try #require(BackupManifest(text: body))
        }
    }

    @Test("写出再读回不变，路径里的空格也在")
    func roundTrip() throws {
        let manifest = try Self.manifest
        #expect(BackupManifest(text: manifest.text) == manifest)
        #expect(manifest.files.map(\.path) == ["log/events.sqlite", "keys/清单 带空格"])
        #expect(manifest.position == 1200 && manifest.epoch == 7)
    }

    @Test("备份时已有损坏的户写在清单里")
    func damagedFamilies() throws {
        var manifest = try Self.manifest
        #expect(manifest.damaged.isEmpty)
        manifest.damaged = ["household-a", "household-b"]
        #expect(BackupManifest(text: manifest.text) == manifest)
    }

    @Test("任何一处改动、截断、添加，都不再是清单")
    func anyChange() throws {
        let text = Array(try Self.manifest.text.utf8)
        for place in text.indices {
            var changed = text
            changed[place] ^= 1
            #expect(BackupManifest(text: String(decoding: changed, as: UTF8.self)) == nil)
            #expect(BackupManifest(text: String(decoding: text[..<place], as: UTF8.self)) == nil)
        }
        #expect(BackupManifest(text: String(decoding: text, as: UTF8.self) + "x") == nil)
    }

    @Test("指到备份之外的路径不收", arguments: ["/etc/passwd", "../x", "log/../../x"])
    func pathsStayInside(path: String) throws {
        var manifest = try Self.manifest
        manifest.files = [.init(path: path, bytes: 1, digest: "aa")]
        #expect(BackupManifest(text: manifest.text) == nil)
    }

    @Test("最近一次备份的记号：写出再读回不变，别的写法不收")
    func newest() throws {
        let backup = NewestBackup(createdAt: 1_409_500_000_000_001, position: 1_200)
        #expect(backup.text == "guanhuai-newest-backup 1\ncreated 1409500000000001\nposition 1200\n")
        #expect(NewestBackup(text: backup.text) == backup)
        for (from, to) in [
            ("backup 1", "backup 2"), ("1200", "-1"), ("1200", ""), ("position", "place"), ("created 1", "created -1"),
        ] {
            #expect(NewestBackup(text: backup.text.replacingOccurrences(of: from, with: to)) == nil, "\(to)")
        }
        #expect(NewestBackup(text: String(backup.text.dropLast())) == nil && NewestBackup(text: "") == nil)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("backup-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(NewestBackup.read(in: folder.path) == nil)
        try NewestBackup(createdAt: 5, position: 6).leave(in: folder.path)
        try backup.leave(in: folder.path)
        #expect(NewestBackup.read(in: folder.path) == backup)
    }

    @Test(
        "多久以前：秒、分钟、小时、天",
        arguments: [
            (1, "1 秒", "1 second"), (119, "119 秒", "119 seconds"), (120, "2 分钟", "2 minutes"),
            (7_199, "119 分钟", "119 minutes"), (7_200, "2 小时", "2 hours"), (172_800, "2 天", "2 days"),
        ] as [(UInt64, String, String)])
    func age(seconds: UInt64, zh: String, en: String) {
        #expect(BackupText.age(seconds).zh == zh && BackupText.age(seconds).en == en)
    }
}
