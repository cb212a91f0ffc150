import ServiceKit
import Testing

@testable import carectl

@Suite("演练核对：坏的是什么")
struct DrillBlameTests {
    private static func refused(_ words: String, exit: Exit = .badData) -> Failure {
        DrillServices.Refusal(service: .careArchive, exit: exit, lastWords: words).failure
    }

    @Test(
        "服务因密钥、名单、设置起不来：说出是哪个文件，不说是日志",
        arguments: [
            ("CARE-6046 密钥文件 /d/x/keys/care-archive.key 第 2 行不对。curve 之下应有", "keys/care-archive.key"),
            ("CARE-6344 the key for person tokens, /d/x/keys/token.key, is damaged: it has 7 bytes", "keys/token.key"),
            ("CARE-6345 检查点签名密钥 /d/x/keys/checkpoint.key 坏了：里面没有", "keys/checkpoint.key"),
            ("CARE-6051 通信名单 /d/x/peers.yaml 有误：第 2 行", "peers.yaml"),
            ("CARE-6007 配置文件 /d/x/guanhuai.yaml 第 2 行 不是正确的 YAML", "guanhuai.yaml"),
            ("CARE-6640 the folder of the lists /d/x/read-model cannot be used", "read-model"),
        ])
    func files(words: String, name: String) {
        let failure = Self.refused(words)
        #expect(failure.code == "CARE-6204" && failure.cause == String(words.prefix(9)))
        #expect(DrillBlame(failure, folder: "/d/x", isServed: false) == .file(name))
        // The keys of a running deployment are none of its log.
        #expect(DrillBlame(failure, folder: nil, isServed: false) == .nothing)
    }

    @Test("日志打不开：是日志；设置来自环境变量：什么也没坏")
    func others() {
        for code in ["CARE-3110", "CARE-3111"] {
            #expect(DrillBlame(Self.refused("\(code) 日志打不开：…"), folder: "/d/x", isServed: false) == .log)
        }
        let variable = Self.refused("CARE-6010 环境变量 GUANHUAI_LOG_LEVEL：log.level 的值不对。应为 info", exit: .usage)
        #expect(DrillBlame(variable, folder: "/d/x", isServed: false) == .nothing)
        let silent = Self.refused("2026-11-29T17:09:04 INFO care-archive: stopped", exit: .success)
        #expect(silent.cause == nil && DrillBlame(silent, folder: "/d/x", isServed: false) == .nothing)
    }

    @Test("服务已起来、事件读不出：是日志")
    func reading() {
        let failure = Failure(6326, .plain("x"), exit: .badData)
        #expect(DrillBlame(failure, folder: "/d/x", isServed: true) == .log)
        #expect(DrillBlame(failure, folder: nil, isServed: true) == .log)
    }
}
