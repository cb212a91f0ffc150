import Foundation
import Testing

@testable import ServiceKit

@Suite("写不进的原因，打开文件的上限")
struct WriteTroubleTests {
    @Test("打开的文件到了上限不说成磁盘已满", arguments: [EMFILE, ENFILE])
    func noMoreFiles(number: Int32) {
        let trouble = WriteTrouble(errno: number)
        #expect(trouble == .noMoreFiles)
        #expect(trouble.reason.en.contains("raise the limit of open files"))
        #expect(!trouble.reason.en.contains("disk") && !trouble.reason.zh.contains("磁盘"))
    }

    @Test("磁盘、配额、文件长度到顶都是没有空间", arguments: [ENOSPC, EDQUOT, EFBIG])
    func noRoom(number: Int32) {
        #expect(WriteTrouble(errno: number) == .noRoom)
        #expect(WriteTrouble(errno: number).reason.en.hasPrefix("the disk is full"))
    }

    @Test("其他原因照系统说的说，不说成已满")
    func others() {
        let trouble = WriteTrouble(errno: EIO)
        #expect(trouble == .other(EIO))
        #expect(trouble.reason.en == "the disk takes nothing: Input/output error")
    }

    @Test("软上限升到硬上限，硬上限无边时止于一百万，从不降低")
    func wanted() {
        #expect(OpenFileLimit(soft: 1_024, hard: 20_000).wanted == 20_000)
        #expect(OpenFileLimit(soft: 1_024, hard: 1_073_741_816).wanted == 1_048_576)
        #expect(OpenFileLimit(soft: 2_000_000, hard: 3_000_000).wanted == 2_000_000)
        #expect(OpenFileLimit(soft: 4_096, hard: 4_096).wanted == 4_096)
    }
}
