import ArgumentParser
import CareDomain
import CareWire
import EventLog
import ServiceKit
import ServiceWiring

/// `carectl log checkpoint`
struct LogCheckpoint: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "取签名检查点 Print the newest signed checkpoint of the log, for keeping elsewhere.",
        discussion: """
            检查点证明日志此刻的全部内容；由别的部门各自保存，日后用 log verify --checkpoint 核对。
            It vouches for everything in the log at that moment. Others keep it and compare later:
            carectl log verify --checkpoint FILE.
            """)

    @OptionGroup var common: CommonOptions

    @Option(name: .shortAndLong, help: "File to write; otherwise standard output.")
    var out: String?

    func perform(_ desk: Desk) async throws {
        let reply = try await desk.line(to: .careArchive).checkpoint(of: "")
        guard let signed = SignedCheckpoint(text: reply.checkpoint), CheckpointKey.isSigned(signed) else {
            throw Failure.badAnswer
        }
        try reply.checkpoint.deliver(to: out, desk)
        let checkpoint = signed.checkpoint
        desk.mention(
            UserText(
                zh: "截至 \(Moment(microseconds: checkpoint.recordedAt).wallClock)：\(checkpoint.position) 条事件，"
                    + "\(checkpoint.streams) 个流；签名人 \(Base64.text(signed.signer))",
                en: "\(checkpoint.position) events in \(checkpoint.streams) streams; "
                    + "signed by \(Base64.text(signed.signer))"))
    }
}

/// `carectl log prove`
struct LogProve: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove", abstract: "出具证明 Prove what events a household had, without what they say.",
        discussion: """
            证明含该户事件的散列和通到签名检查点的路径，任何人可用 log check-proof 离线核对。
            不加选项，至多 2 KiB：最近的事件逐条列出，放不下的合为一个散列；--all 逐条列出全部。
            The proof holds hashes of the household's events and the way to the signed checkpoint; anybody can check it
            without the log: carectl log check-proof FILE --signer PUBLICKEY.
            Without an option it takes 2 KiB at most: it names the newest events one by one, and has one hash for all those
            before them that find no room. --all names every one: what a record needs that is to be found among them.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Household id, or its first letters.")
    var household: String

    @Flag(help: "Name every event: 50 bytes each.")
    var all = false

    @Option(help: "Name so many of the newest events, and no others; 0 for the household's head alone.")
    var last: Int?

    @Option(name: .shortAndLong, help: "File to write; otherwise standard output.")
    var out: String?

    func perform(_ desk: Desk) async throws {
        guard (last ?? 0) >= 0, last == nil || !all else {
            throw Failure(
                6229,
                UserText(
                    zh: "--last 后面要有不小于 0 的数，并且不与 --all 同用", en: "--last needs a number from 0, and not --all beside it"
                ),
                advice: UserText(zh: "全部列出用 --all，只列最近几条用 --last", en: "--all names every event, --last the newest"),
                exit: .usage)
        }
        let reply = try await desk.line(to: .careArchive).checkpoint(of: household)
        guard let whole = StreamProof(text: reply.proof), whole.leadsToRoot else { throw Failure.badAnswer }
        let proof = all ? whole : last.map { whole.naming(newest: $0) } ?? whole.fitting()
        try proof.text.deliver(to: out, desk)
        desk.mention(
            UserText(
                zh: "\(proof.stream)：\(proof.end.sequence) 条事件\(proof.namedZH)；"
                    + "核对：carectl log check-proof 文件 --signer \(Base64.text(proof.signed.signer))",
                en: "\(proof.stream): \(proof.end.sequence) events\(proof.namedEN); "
                    + "check it with carectl log check-proof FILE --signer \(Base64.text(proof.signed.signer))"))
    }
}

/// `carectl log check-proof`
struct LogCheckProof: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-proof", abstract: "核对证明 Check a proof with the signer's public key alone.",
        discussion: """
            不需要服务，也不需要日志。成立则列出序号和散列，前面合为一个散列的列作一行；不成立则以状态 1 结束。
            --earlier 与从前留下的同一户的证明比对：从前有的，现在一条不少、一字不改。
            Needs no service and no log. Prints sequence and hash of each event that the proof names, and one line for those
            before them that stand as one hash; status 1 when it does not hold. --earlier compares it with a proof of the
            household that was kept before: what it had then is still there, and the same.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The proof; - for standard input.")
    var file: String

    @Option(help: "Public key of the signer, as text or as a file such as checkpoint.pub.")
    var signer: String

    @Option(help: "A proof of the same household that was kept before, by the same signer.")
    var earlier: String?

    func perform(_ desk: Desk) async throws {
        let key = try await SavedCheckpoint.signer(signer, desk)
        let proof = try Self.checked(file, signer: key)
        if let earlier { try compare(proof, with: Self.checked(earlier, signer: key)) }
        if proof.earlier.sequence > 0 { desk.print("1-\(proof.earlier.sequence) fold:\(proof.earlier.fold)") }
        for (place, hash) in proof.hashes.enumerated() {
            desk.print("\(proof.earlier.sequence + UInt64(place) + 1) \(hash)")
        }
        desk.say(
            UserText(
                zh: "证明成立：\(proof.stream) 有 \(proof.end.sequence) 条事件\(proof.namedZH)，"
                    + "截至 \(Moment(microseconds: proof.signed.checkpoint.recordedAt).wallClock)",
                en: "the proof holds: \(proof.stream) had \(proof.end.sequence) events\(proof.namedEN)"))
        guard earlier != nil else { return }
        desk.say(
            UserText(
                zh: "与从前的证明相符：那时有的一条不少，一字未改", en: "it agrees with the earlier one: what was there then is, unchanged"))
    }

    /// Reads a proof and checks that it holds by itself.
    private static func checked(_ file: String, signer: [UInt8]) throws -> StreamProof {
        guard let proof = StreamProof(text: try SavedCheckpoint.text(of: file)) else {
            throw Failure(
                6215, UserText(zh: "\(file) 不是证明，或已被改动", en: "\(file) is no proof, or was changed"), exit: .badData)
        }
        try SavedCheckpoint.check(proof.signed, signer: signer)
        guard proof.leadsToRoot else {
            throw Failure(
                6216,
                UserText(
                    zh: "\(file) 里的证明不成立：事件与检查点不符",
                    en: "the proof in \(file) does not hold: its events do not lead to the checkpoint"),
                exit: .problemsFound)
        }
        return proof
    }

    private func compare(_ proof: StreamProof, with kept: StreamProof) throws {
        switch proof.agreement(with: kept) {
        case .agrees: return
        case .unrelated:
            throw Failure(
                6225,
                UserText(zh: "两份证明不是同一户的，或不出自同一日志", en: "the two proofs are not of one household of one log"),
                advice: UserText(zh: "从前的是 \(kept.stream) 的", en: "the earlier one is of \(kept.stream)"),
                exit: .badData)
        case .contradicts:
            throw Failure(
                6226,
                UserText(
                    zh: "与从前的证明矛盾：那时有的事件现在少了，或已不是那些",
                    en: "it contradicts the earlier one: events that were there then are missing, or others"),
                advice: UserText(
                    zh: "两份都留好，交给管检查点的部门：日志被改写过，或换回了从前的状态",
                    en:
                        "keep both and show them to who keeps checkpoints: the log was rewritten, or an earlier state put back"
                ),
                exit: .problemsFound)
        case .apart(let count):
            throw Failure(
                6227,
                UserText(
                    zh: "看不出是否与从前的证明相符：列出的事件都在它之后",
                    en:
                        "it cannot be told whether it agrees with the earlier one: the events that it names all came after that"
                ),
                advice: UserText(
                    zh: "重新出具：carectl log prove --last \(count)", en: "make it again: carectl log prove --last \(count)"
                ),
                exit: .usage)
        }
    }
}

extension StreamProof {
    /// What of its events it names, in brackets; nothing when it names all.
    fileprivate var namedZH: String { earlier.sequence == 0 ? "" : "（列出最近 \(hashes.count) 条，其余合为一个散列）" }
    fileprivate var namedEN: String {
        earlier.sequence == 0 ? "" : " (the newest \(hashes.count) named, one hash for those before)"
    }
}

extension Line {
    /// The newest checkpoint, with the proof of a household unless its id is empty. Waits a little for the first one.
    fileprivate func checkpoint(of household: String) async throws -> Care_V1_CheckpointReply {
        let query = Care_V1_CheckpointQuery.with { $0.household = household.lowercased() }
        guard case .checkpoint(let reply) = try await ask(.checkpoint(query)) else { throw Failure.badAnswer }
        return reply
    }
}

extension String {
    /// Writes the text to a new file, or to standard output.
    fileprivate func deliver(to path: String?, _ desk: Desk) throws {
        guard let path else { return desk.write(self) }
        try PrivateFile.replace(path, with: Array(utf8), mode: 0o644)
    }
}
