import CareDomain

/// Why the store does not take or give a file.
package enum AttachmentProblem: Error, Hashable, Sendable {
    /// It is empty, or larger than `AttachmentLimits.file`.
    case size
    /// It is of no kind that is taken in, by its content.
    case type
    /// It carries programs.
    case macros
    /// Its content is not that of the digest; what came is thrown away.
    case digest
    /// A part lies outside the file, or is empty or too large.
    case part
    /// Too many files are on their way at a time. A retry helps once some have arrived, or after an hour.
    case tooMany
    /// The disk has no room for it beside the log. A retry helps when there is room.
    case diskFull
    /// The disk fails; see the detail in the service's log.
    case storage(String)
    /// What lies in the store is not what was put there.
    case damaged
    /// It is on record and not in the store.
    case lost

    /// Whether the same request may succeed later.
    package var isRetriable: Bool {
        switch self {
        case .tooMany, .diskFull: true
        case .size, .type, .macros, .digest, .part, .storage, .damaged, .lost: false
        }
    }

    /// "CARE-nnnn".
    package var code: String { "CARE-\(number)" }

    private var number: Int {
        switch self {
        case .size: 6541
        case .type: 6542
        case .macros: 6543
        case .digest: 6544
        case .part: 6545
        case .tooMany: 6546
        case .diskFull: 6547
        case .storage: 6548
        case .damaged: 6549
        case .lost: 6550
        }
    }

    package var chinese: String {
        switch self {
        case .size: "附件须有内容，且不超过 \(AttachmentLimits.file >> 20) MiB；请压缩照片，或把扫描件分成几份"
        case .type: "不收这种文件（按内容判断）；可收：\(AttachmentType.words)"
        case .macros: "文件带有宏程序，不收；请另存为不含宏的文档或 PDF"
        case .digest: "收到的内容与所报摘要不符，没有存入；请重新发送"
        case .part: "附件的分段不对，请用本版本的 carectl 发送"
        case .tooMany: "正在传送的附件太多，请稍后重试"
        case .diskFull: "磁盘空间不足，附件没有存入，请通知管理员后重试"
        case .storage: "附件存储出错，请通知管理员"
        case .damaged: "存放的附件已损坏，请通知管理员从备份恢复"
        case .lost: "附件有记录，但存放处没有这个文件，请通知管理员从备份恢复"
        }
    }

    package var english: String {
        switch self {
        case .size:
            "an attachment has content and at most \(AttachmentLimits.file >> 20) MiB; compress photos or split the scan"
        case .type: "files of this kind are not taken in (told by content); taken: \(AttachmentType.words)"
        case .macros: "the file carries macros and is not taken in; save it without, or as PDF"
        case .digest: "the content is not that of the digest and was not kept; send it again"
        case .part: "the part does not fit the file; send it with carectl of this version"
        case .tooMany: "too many attachments are on their way; retry later"
        case .diskFull: "no room on the disk; the attachment was not kept, tell the administrator and retry"
        case .storage: "the attachment store has a fault; tell the administrator"
        case .damaged: "the attachment in the store is damaged; tell the administrator to restore it from a backup"
        case .lost: "the attachment is on record and not in the store; tell the administrator to restore it"
        }
    }
}
