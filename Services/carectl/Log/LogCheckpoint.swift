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
            证明含该户每条事件的散列和通到签名检查点的路径，任何人可用 log check-proof 离线核对。
            The proof holds the hash of each event and the way to the signed checkpoint; anybody can check it without
            the log: carectl log check-proof FILE --signer PUBLICKEY.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Household id, or its first letters.")
    var household: String

    @Option(name: .shortAndLong, help: "File to write; otherwise standard output.")
    var out: String?

    func perform(_ desk: Desk) async throws {
        let reply = try await desk.line(to: .careArchive).checkpoint(of: household)
        guard let proof = StreamProof(text: reply.proof), proof.leadsToRoot else { throw Failure.badAnswer }
        try reply.proof.deliver(to: out, desk)
        desk.mention(
            UserText(
                zh: "\(proof.stream)：\(proof.hashes.count) 条事件；核对：carectl log check-proof 文件 --signer "
                    + Base64.text(proof.signed.signer),
                en:
                    "\(proof.stream): \(proof.hashes.count) events; check it with carectl log check-proof FILE --signer "
                    + Base64.text(proof.signed.signer)))
    }
}

/// `carectl log check-proof`
struct LogCheckProof: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-proof", abstract: "核对证明 Check a proof with the signer's public key alone.",
        discussion: """
            不需要服务，也不需要日志。成立则逐条列出序号和散列；不成立则以状态 1 结束。
            Needs no service and no log. Prints sequence and hash of each event when the proof holds; status 1 when not.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The proof; - for standard input.")
    var file: String

    @Option(help: "Public key of the signer, as text or as a file such as checkpoint.pub.")
    var signer: String

    func perform(_ desk: Desk) async throws {
        let key = try await SavedCheckpoint.signer(signer, desk)
        guard let proof = StreamProof(text: try SavedCheckpoint.text(of: file)) else {
            throw Failure(
                6215, UserText(zh: "\(file) 不是证明，或已被改动", en: "\(file) is no proof, or was changed"), exit: .badData)
        }
        try SavedCheckpoint.check(proof.signed, signer: key)
        guard proof.leadsToRoot else {
            throw Failure(
                6216,
                UserText(zh: "证明不成立：事件与检查点不符", en: "the proof does not hold: its events do not lead to the checkpoint"),
                exit: .problemsFound)
        }
        for (place, hash) in proof.hashes.enumerated() { desk.print("\(place + 1) \(hash)") }
        desk.say(
            UserText(
                zh: "证明成立：\(proof.stream) 有 \(proof.hashes.count) 条事件，"
                    + "截至 \(Moment(microseconds: proof.signed.checkpoint.recordedAt).wallClock)",
                en: "the proof holds: \(proof.stream) had \(proof.hashes.count) events"))
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
