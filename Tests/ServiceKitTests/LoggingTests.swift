import Logging
import ServiceKit
import Testing

@Suite("日志")
struct LoggingTests {
    private func logger(_ format: LogFormat, _ box: TextBox) -> Logger {
        Logger(label: "intake") { label in
            ServiceLogHandler(
                label: label, format: format, level: .info, now: { 1_795_321_576_123_456 }, write: box.append)
        }
    }

    @Test("JSON 一行一条，时间是中国时间")
    func jsonLine() {
        let box = TextBox()
        var logger = logger(.json, box)
        logger[metadataKey: LogKey.shard] = "0"
        logger.info("开始\n\"x\"", metadata: [LogKey.count: "3", "message": "never twice"])
        logger.debug("not shown")
        #expect(
            box.value == """
                {"time":"2026-11-22T12:26:16.123456+08:00","level":"info","service":"intake",\
                "message":"开始\\n\\"x\\"","count":"3","shard":"0"}

                """)
    }

    @Test("文字格式一行一条，值里有空格就加引号，换行不能伪造日志")
    func textLine() {
        let box = TextBox()
        logger(.text, box).warning("断开\nERROR forged", metadata: [LogKey.error: "no route", LogKey.peer: "a"])
        #expect(
            box.value
                == "2026-11-22T12:26:16.123456+08:00 WARNING intake: 断开\\nERROR forged error=\"no route\" peer=a\n")
    }

    @Test("日志里的身份证号和电话在消息和字段里都被遮住")
    func redacts() {
        let box = TextBox()
        logger(.json, box).error(
            "bad 43100219490305123X", metadata: ["a": ["b": "13800001234"], "c": "id=431002490305123"])
        #expect(!box.value.contains("4310") && !box.value.contains("138"))
        #expect(box.value.contains("bad ***") && box.value.contains("id=***"))
    }

    @Test(
        "遮住像身份证号和电话的数字",
        arguments: [
            ("431002194903051234", "***"), ("身份证43100219490305123x，", "身份证***，"), ("431002490305123", "***"),
            ("tel 13800001234.", "tel ***."), ("+8613800001234", "+***"), ("0735-2345678", "***"),
            ("07352345678", "***"), ("０１３８", "０１３８"), ("４３１００２１９４９０３０５１２３４", "***"),
            ("431002194903051234,13800001234", "***,***"), ("household-431002194903051234", "household-***"),
        ])
    func redaction(_ text: String, _ redacted: String) {
        #expect(Redactor.redact(text) == redacted)
    }

    @Test(
        "不是号码的数字原样留下",
        arguments: [
            "position 123456789", "2026-11-22T12:26:16.123456+08:00", "1795321576123456", "count=23800001234",
            "a3138000012340000000000000000000000000000000000000000000000000ff", "127.0.0.1:7101", "30000 分", "",
            "12345678901234567890123",
        ])
    func keepsOtherNumbers(_ text: String) {
        #expect(Redactor.redact(text) == text)
    }

    @Test(
        "时间的写法",
        arguments: [
            (0, "1970-01-01T08:00:00.000000+08:00"), (951_782_400_000_001, "2000-02-29T08:00:00.000001+08:00"),
            (-1, "1970-01-01T07:59:59.999999+08:00"), (4_107_542_399_999_999, "2100-03-01T07:59:59.999999+08:00"),
        ])
    func times(_ microseconds: Int64, _ text: String) {
        #expect(LogTime.text(microseconds: microseconds) == text)
    }
}
