/// What went wrong in the log. Ordinary answers (wrong sequence, repeated command) are outcomes, not errors.
package struct EventLogError: Error, Sendable, CustomStringConvertible {
    /// Stable code of a failure.
    package enum Code: String, Sendable, CaseIterable {
        /// A stream name breaks the rules.
        case invalidStreamName = "log.invalid-stream-name"
        /// An append without events, or with an event that is too large.
        case invalidRequest = "log.invalid-request"
        /// A cursor that this log did not give out.
        case invalidCursor = "log.invalid-cursor"
        /// Bytes that are not a record.
        case malformedRecord = "log.malformed-record"
        /// No space left: nothing was written, reads go on, the same append may succeed later.
        case diskFull = "log.disk-full"
        /// The storage failed while writing or syncing. The writer has stopped.
        case storageFailed = "log.storage-failed"
        /// The storage failed while reading.
        case readFailed = "log.read-failed"
        /// The database file is damaged where it was read. Other places may still be readable.
        case corrupted = "log.corrupted"
        /// The writer stopped after an earlier failure; only reopening the log clears this.
        case writerStopped = "log.writer-stopped"
        /// Used after it was closed.
        case closed = "log.closed"
        /// Another process holds the writer lock.
        case writerLocked = "log.writer-locked"
        /// A newer writer has opened the log.
        case staleEpoch = "log.stale-epoch"
        /// The storage does not sync as it must.
        case durabilityTooWeak = "log.durability-too-weak"
        /// The database has fewer events than the head file vouches for: acknowledged events are missing.
        case eventsMissing = "log.events-missing"
        /// The database has the right number of events but not the ones the head file vouches for.
        case eventsChanged = "log.events-changed"
        /// The head file is missing or unreadable although the log has events.
        case headUnreadable = "log.head-unreadable"
        /// The head file is older than the log: acknowledged events stand behind what it vouches for.
        case headOlder = "log.head-older"
        /// The files belong to another shard or to a format this version does not know.
        case wrongFormat = "log.wrong-format"
    }

    /// Stable code.
    package let code: Code
    /// What happened, for the operator's log. Never contains payloads.
    package let message: String
    /// What the layer below said, for example an SQLite message.
    package let underlying: String?
    /// Where it was raised.
    package let file: StaticString
    /// Line where it was raised.
    package let line: UInt

    /// An error with its code and message.
    package init(
        _ code: Code, _ message: String, underlying: String? = nil, file: StaticString = #fileID, line: UInt = #line
    ) {
        self.code = code
        self.message = message
        self.underlying = underlying
        self.file = file
        self.line = line
    }

    /// Whether trying the same call again, a little later, can succeed.
    package var isRetriable: Bool {
        switch code {
        case .diskFull, .readFailed, .writerLocked: true
        default: false
        }
    }

    package var description: String {
        let cause = underlying.map { " (\($0))" } ?? ""
        return "\(code.rawValue): \(message)\(cause)"
    }

    /// What to tell the person at the screen, in Chinese.
    package var chineseText: String {
        switch code {
        case .invalidStreamName: "事件流名称不合规则。"
        case .invalidRequest: "追加请求无效：没有事件，或事件过大。"
        case .invalidCursor: "读取位置无效，请从头读取。"
        case .malformedRecord: "记录字节无法解读，可能已损坏。"
        case .diskFull: "磁盘已满，未写入任何内容；查询照常。腾出空间后可重试。"
        case .storageFailed: "写盘失败，写入已停止。请检查磁盘并重新启动服务。"
        case .readFailed: "读取失败，请重试；仍失败时请检查磁盘。"
        case .corrupted: "数据库文件此处已损坏。请运行 log verify 定位，并从备份恢复。"
        case .writerStopped: "写入因先前的故障已停止。请检查磁盘并重新启动服务。"
        case .closed: "日志已关闭。"
        case .writerLocked: "另一个进程正在写入这份日志，同一时间只能有一个写入者。"
        case .staleEpoch: "已有更新的写入者接管日志，本进程必须停止写入。"
        case .durabilityTooWeak: "数据库的落盘级别低于要求（synchronous=FULL），拒绝启动。"
        case .eventsMissing: "数据库少于日志头所证明的事件，已确认的事件丢失。请从备份恢复，不要继续写入。"
        case .eventsChanged: "数据库内容与日志头所证明的不一致，可能被改动或换成旧文件。请核查并从备份恢复。"
        case .headUnreadable:
            "日志头文件缺失或损坏，无法证明数据库完整。请原样保留这个目录；有签名检查点时用 carectl log mend-head 看能否重做，"
                + "否则用 carectl backup restore 把最新备份整个恢复到新目录再比对。不要只放回备份里的 events.head，它比这里的事件旧。"
        case .headOlder:
            "日志头文件比日志旧，其后还有本日志自己写下、已确认的事件；没有启动，什么也没有改动。请放回与这些文件同时的 "
                + "events.head；没有时用 carectl log mend-head 由签名检查点证明后重做；证明不了，就原样保留这个目录，用 carectl "
                + "backup restore 把最新备份整个恢复到新目录再比对。"
        case .wrongFormat: "文件属于另一份日志，或格式版本不受支持。"
        }
    }

    /// What to tell the person at the screen, in English.
    package var englishText: String {
        switch code {
        case .invalidStreamName: "The stream name breaks the rules."
        case .invalidRequest: "The append is not valid: it has no events, or an event is too large."
        case .invalidCursor: "The reading position is not valid; read from the beginning."
        case .malformedRecord: "The bytes of a record cannot be read and may be damaged."
        case .diskFull: "The disk is full. Nothing was written, queries go on; try again when there is space."
        case .storageFailed: "Writing to disk failed and writing has stopped. Check the disk and restart the service."
        case .readFailed: "Reading failed. Try again; if it fails again, check the disk."
        case .corrupted: "The database file is damaged here. Run log verify to locate it and restore from a backup."
        case .writerStopped: "Writing stopped after an earlier failure. Check the disk and restart the service."
        case .closed: "The log is closed."
        case .writerLocked: "Another process is writing this log; there can be only one writer."
        case .staleEpoch: "A newer writer has taken over the log; this process must stop writing."
        case .durabilityTooWeak: "The database syncs less than it must (synchronous=FULL); refusing to start."
        case .eventsMissing:
            "The database has fewer events than the head file vouches for: acknowledged events are lost. "
                + "Restore from a backup; do not go on writing."
        case .eventsChanged:
            "The database differs from what the head file vouches for: changed, or an old file put back. "
                + "Investigate and restore from a backup."
        case .headUnreadable:
            "The head file is missing or damaged, so the database cannot be proved complete. "
                + "Keep this folder as it is; carectl log mend-head makes it anew where a signed checkpoint proves the events, "
                + "else restore the newest backup whole into another folder with carectl backup restore and compare. Do not "
                + "put back the backup's events.head alone, which is older than the events."
        case .headOlder:
            "The head file is older than the log: acknowledged events that this log wrote stand behind what it vouches for. "
                + "Nothing was started or changed. Put back the events.head that belongs to these files; without it carectl log "
                + "mend-head makes it anew where a signed checkpoint proves the events; else keep this folder as it is, "
                + "restore the newest backup whole into another folder with carectl backup restore, and compare."
        case .wrongFormat: "The files belong to another log, or their format is not supported."
        }
    }
}
