/// What is larger than a frame may be.
enum Oversize: Sendable {
    /// A request that was not sent: the frame with it would be cut off unread, or answered with a refusal, each time.
    case unsent
    /// A frame that came.
    case received
    /// The answer to a request.
    case answer
}

extension BusReply {
    /// "Too large", with the size, the limit and what to do about it. Repeating does not help.
    /// - Parameters:
    ///   - bytes: The size, what stands around the content included.
    ///   - limit: What a frame may have at most.
    static func tooLarge(_ what: Oversize, bytes: Int, limit: Int) -> BusReply {
        var reply = problem(.tooLarge)
        switch what {
        case .unsent:
            reply.textZH += "：\(bytes) 字节，一次至多 \(limit) 字节，没有发出；请分成几条、几次提交，文件作为附件分段存入"
            reply.textEN +=
                ": \(bytes) bytes, at most \(limit) go at once, and nothing was sent; part it into several, and add files as "
                + "attachments, which go in parts"
        case .received:
            reply.textZH += "：一帧 \(bytes) 字节，至多 \(limit) 字节，没有办理；请分成几条、几次提交，文件作为附件分段存入"
            reply.textEN +=
                ": a frame of \(bytes) bytes, at most \(limit) are taken, and nothing of it was carried out; part it into several, "
                + "and add files as attachments, which go in parts"
        case .answer:
            reply.textZH += "：答复有 \(bytes) 字节，至多 \(limit) 字节；请缩小范围，或分页查询"
            reply.textEN += ": the answer has \(bytes) bytes, at most \(limit) are sent; ask for less, or page by page"
        }
        return reply
    }
}
