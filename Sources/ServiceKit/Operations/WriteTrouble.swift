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
    package var reason: String {
        switch self {
        case .noRoom: "the disk is full: queries go on, nothing is recorded"
        case .noMoreFiles:
            "no more files may be opened, new connections are refused: raise the limit of open files (now "
                + "\(OpenFileLimit.present.map { "\($0.soft)" } ?? "unknown"))"
        case .other(let number): "the disk takes nothing: \(String(cString: strerror(number)))"
        }
    }
}
