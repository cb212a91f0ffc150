import Foundation
import Testing

@testable import ServiceKit

@Suite("服务自己的目录只归服务自己")
struct PrivateFolderTests {
    private func mode(_ path: String) throws -> Int {
        let found = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        return try #require(found as? NSNumber).intValue & 0o777
    }

    private func open(_ path: String, _ mode: Int) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    @Test("新建的目录别人进不去")
    func fresh() throws {
        let scratch = try Scratch()
        let folder = scratch.path + "/data/read-model"
        try PrivateFolder.make(folder)
        #expect(try mode(folder) == 0o700)
        try PrivateFolder.make(folder)
        #expect(try mode(folder) == 0o700)
    }

    @Test("以前开着的目录，连同里面的文件和子目录一起收紧；外面的不动，链接不跟")
    func tightened() throws {
        let scratch = try Scratch()
        let folder = scratch.path + "/intake"
        let inner = folder + "/outbox"
        try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: true)
        let outside = try scratch.write("outside", "x", mode: 0o644)
        let image = try scratch.write("intake/image", "x", mode: 0o644)
        let kept = try scratch.write("intake/outbox/1", "x", mode: 0o664)
        try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: outside)
        for path in [scratch.path, folder, inner] { try open(path, 0o755) }
        try PrivateFolder.make(folder)
        #expect(try [folder, inner].map(mode) == [0o700, 0o700])
        #expect(try [image, kept].map(mode) == [0o600, 0o600])
        #expect(try mode(outside) == 0o644 && mode(scratch.path) == 0o755)
    }

    @Test("数据目录自己开着的，只收紧它自己，说出原来的权限；已经关着的、大家共用的、没有的不动")
    func shut() throws {
        let scratch = try Scratch()
        let data = scratch.path + "/data"
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        let file = try scratch.write("data/notes", "x", mode: 0o644)
        try open(data, 0o755)
        #expect(PrivateFolder.shut(data) == "755")
        #expect(try mode(data) == 0o700 && mode(file) == 0o644)
        #expect(PrivateFolder.shut(data) == nil && PrivateFolder.shut(data + "/none") == nil)
        #expect(PrivateFolder.shut(file) == nil)
        try open(data, 0o1777)
        #expect(try PrivateFolder.shut(data) == nil && mode(data) == 0o777)
    }
}
