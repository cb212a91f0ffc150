import Foundation

/// Why nothing could be written, as an operator must know it: each has another remedy.
package enum WriteTrouble: Hashable, Sendable {
    /// The disk, a quota or the longest length of a file is used up.
    case noRoom
    /// The process or the machine has as many files and connections open as it may. Nothing is wrong with the disk.
    case noMoreFiles
    /// Anything else: the disk fails, or rights are missing. The system's number.
    case other(Int32)

    package init(errno number: Int32) {
        switch number {
        case ENOSPC, EDQUOT, EFBIG: self = .noRoom
        case EMFILE, ENFILE: self = .noMoreFiles
        default: self = .other(number)
        }
    }

    /// For `/readyz`: what it is and what to do.
    package var reason: UserText {
        switch self {
        case .noRoom:
            return UserText(zh: "磁盘已满：查询照常，不能登记", en: "the disk is full: queries go on, nothing is recorded")
        case .noMoreFiles:
            let limit = OpenFileLimit.present.map { "\($0.soft)" }
            return UserText(
                zh: "不能再打开文件，新的连接被拒绝：请调高打开文件的上限（现在 \(limit ?? "不明")）",
                en: "no more files may be opened, new connections are refused: raise the limit of open files (now "
                    + "\(limit ?? "unknown"))")
        case .other(let number):
            let cause = String(cString: strerror(number))
            return UserText(zh: "磁盘写不进：\(cause)（errno \(number)）", en: "the disk takes nothing: \(cause)")
        }
    }
}
