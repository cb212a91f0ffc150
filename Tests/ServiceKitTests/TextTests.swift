import ServiceKit
import Testing

@Suite("语言与提示")
struct TextTests {
    @Test("语言按选项、CARE_LANG、GUANHUAI_LANG、LC_ALL、LANG 的次序选")
    func languageOrder() {
        let environment = ["CARE_LANG": "en", "LANG": "zh_CN.UTF-8"]
        #expect(Language.choose(flag: "zh-CN", environment: environment) == .chinese)
        #expect(Language.choose(environment: environment) == .english)
        #expect(Language.choose(environment: ["GUANHUAI_LANG": "en", "LC_ALL": "zh_CN"]) == .english)
        #expect(Language.choose(environment: ["LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"]) == .chinese)
        #expect(Language.choose(environment: ["LANG": "en_US.UTF-8"]) == .english)
    }

    @Test("什么都没说时用中文", arguments: [[:], ["LANG": "C"], ["LANG": "POSIX", "LC_ALL": ""], ["LANG": "fr_FR"]])
    func chineseByDefault(_ environment: [String: String]) {
        #expect(Language.choose(environment: environment) == .chinese)
    }

    @Test("一条提示有编号、事情和办法，两种语言都有")
    func messageLine() {
        let message = UserMessage(42, UserText(zh: "出错了", en: "it failed"), advice: UserText(zh: "重试", en: "try again"))
        #expect(message.line(in: .chinese) == "CARE-0042 出错了。重试")
        #expect(message.line(in: .english) == "CARE-0042 it failed. try again")
        #expect(UserMessage(7, .plain("x")).line(in: .chinese) == "CARE-0007 x")
    }

    @Test("退出码是约定的数字")
    func exitCodes() {
        #expect(ExitCode.allCases.map(\.rawValue) == [0, 1, 2, 3, 64, 65, 69, 70, 75, 77, 130])
    }

    @Test("只有等一等可能变好的错误才说可以重试")
    func retriable() {
        #expect(OpsServerError.cannotListen(host: "127.0.0.1", port: 1, reason: "").isRetriable)
        #expect(!OpsServerError.notLoopback(host: "0.0.0.0").isRetriable)
        #expect(!SettingsError.flagTwice("--x").isRetriable)
        #expect(!KeyFileError.exists(path: "k").isRetriable)
    }
}
