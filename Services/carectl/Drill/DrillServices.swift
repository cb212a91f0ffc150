import Foundation
import MessageBus
import ServiceKit
import ServiceWiring

/// Services on a folder of one's own for as long as a drill runs: keys and configuration are made in the folder, the
/// programs stand beside carectl, and their addresses are names that no other run has.
///
/// A service that ends is started again, except when it says that going on would help nobody.
/// `@unchecked Sendable`: everything that changes is touched only while `lock` is held.
final class DrillServices: @unchecked Sendable {
    let configuration: Configuration
    private let folder: String
    private let binaries: String
    /// In which the services say why they refuse to start.
    private let language: Language
    /// Address of the event feed.
    private let feed: String
    private let patience: Duration
    private let lock = NSLock()
    private var running: [CareService: ChildProcess] = [:]
    private var isStopping = false
    private var refusal: Refusal?
    /// Since when a service has been ending by itself again and again.
    private var troubleSince: [CareService: ContinuousClock.Instant] = [:]
    /// Called once, when a service will not be started again.
    private let givenUp: @Sendable () -> Void

    /// Why a service does not run and is not started again.
    struct Refusal: Sendable {
        let service: CareService
        let exit: Exit
        /// The last lines of its log.
        let lastWords: String
    }

    /// Makes what the folder lacks: keys, list of peers, configuration.
    /// - Parameters:
    ///   - patience: how long a service may go on ending by itself.
    ///   - language: in which the services say why they refuse to start.
    init(
        folder: String, patience: Duration, language: Language, givenUp: @escaping @Sendable () -> Void
    ) throws {
        self.patience = patience
        self.language = language
        self.givenUp = givenUp
        binaries = URL(fileURLWithPath: Self.ownPath()).deletingLastPathComponent().path
        let url = URL(fileURLWithPath: folder)
        self.folder = url.standardizedFileURL.path
        // Abstract names: no file is left behind, and no path is too long for a socket.
        let run = [0, 1].map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined()
        feed = "ipc://@guanhuai-\(run)-feed"
        configuration = Configuration(
            dataFolder: self.folder, keyFolder: "\(self.folder)/keys", peerList: "\(self.folder)/peers.yaml",
            addresses: Dictionary(
                uniqueKeysWithValues: CareService.allCases.map { ($0, "ipc://@guanhuai-\(run)-\($0.rawValue)") }))
        try prepare()
    }

    /// Starts services and waits until they answer.
    /// - Throws: `Failure` when one refuses, or does not answer in time.
    func start(_ services: [CareService], _ desk: Desk, _ interruption: Interruption) async throws {
        for service in services { try launch(service) }
        let end = ContinuousClock.now + patience
        for service in services {
            let line = try await desk.line(to: service)
            while true {
                do {
                    _ = try await line.ping(timeout: .milliseconds(500))
                    break
                } catch {
                    if interruption.isWanted, refused == nil { throw Failure.interrupted }
                    if let refused { throw refused.failure }
                    guard Failure(explaining: error).isWorthWaiting, .now < end else {
                        throw Failure(
                            6202,
                            UserText(zh: "\(service.rawValue) 没有应答", en: "\(service.rawValue) does not answer"),
                            advice: UserText(
                                zh: "原因见 \(logPath(service))", en: "its log says why: \(logPath(service))"),
                            exit: .temporary)
                    }
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
        }
    }

    /// Why a service was given up; nil while all goes well.
    var refused: Refusal? { lock.withLock { refusal } }

    /// Stops the services: who sends before who receives.
    func stop() async {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [self] in
                lock.withLock { isStopping = true }
                for service in [CareService.intake, .careArchive] {
                    guard let child = lock.withLock({ running[service] }) else { continue }
                    child.terminate()
                    child.wait(.seconds(15))
                }
                continuation.resume()
            }
        }
    }

    // MARK: Keeping them alive

    private func launch(_ service: CareService) throws {
        let program = "\(binaries)/\(service.rawValue)"
        let child = try ChildProcess(program, arguments(of: service), output: logPath(service)) {
            [weak self, started = ContinuousClock.now] end in
            self?.ended(service, end, after: .now - started)
        }
        lock.withLock { running[service] = child }
    }

    private func ended(_ service: CareService, _ end: ChildProcess.End, after life: Duration) {
        let (again, hasGivenUp) = lock.withLock { () -> (Bool, Bool) in
            running[service] = nil
            if isStopping || refusal != nil { return (false, false) }
            // Killed from outside, or after a while of good work: a new start may go well.
            guard case .exited(let code) = end, life < .seconds(5) else {
                troubleSince[service] = nil
                return (true, false)
            }
            let since = troubleSince[service] ?? .now
            troubleSince[service] = since
            let exit = Exit(rawValue: code) ?? .internalError
            if exit == .temporary || exit == .unreachable || exit == .success || exit == .internalError,
                .now - since < patience
            {
                return (true, false)
            }
            refusal = Refusal(service: service, exit: exit, lastWords: lastWords(of: service))
            return (false, true)
        }
        if hasGivenUp { givenUp() }
        guard again else { return }
        Thread.sleep(forTimeInterval: 0.05)
        let isWanted = lock.withLock { !isStopping }
        // When it cannot even be started, the next look at the services says so.
        if isWanted { try? launch(service) }
    }

    // MARK: The folder

    private func prepare() throws {
        let logs = "\(folder)/logs"
        do {
            try FileManager.default.createDirectory(
                atPath: logs, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Failure(
                6203, UserText(zh: "建不了目录 \(logs)", en: "cannot make the folder \(logs)"),
                advice: UserText(
                    zh: "核对 --data 写的路径、权限和磁盘空间：要是一个可以写入的目录",
                    en: "check the path after --data, rights and room on the disk: it must be a folder that can be "
                        + "written"), exit: .usage)
        }
        let keys = KeyFolder(folder: configuration.keyFolder, peerList: configuration.peerList)
        try keys.prepare()
        try keys.checkComplete(all: true)
        try keys.makeTokenKey()
        try keys.makeCheckpointKey()
        _ = try keys.make(KeyRequest.deployment, refusesExisting: false)
        if !FileManager.default.fileExists(atPath: file) {
            try? PrivateFile.write(Array(Self.yaml(configuration).utf8), to: file, mode: 0o600)
        }
    }

    private var file: String { "\(folder)/guanhuai.yaml" }

    private static func yaml(_ configuration: Configuration) -> String {
        """
        # 由 carectl drill 写出一次，之后不再改动，可以自己编辑。 Written once by carectl drill; edit it freely.
        data:
          dir: "\(configuration.dataFolder)"
        keys:
          dir: "\(configuration.keyFolder)"
          peers: "\(configuration.peerList)"

        """
    }

    /// Flags stand above the configuration, which may have come here with a copied folder.
    private func arguments(of service: CareService) -> [String] {
        var words = ["--config", file, "--lang", language.rawValue, "--ops-port", "0", "--stop-with-input"]
        // A drill is short: its checkpoints come often.
        if service == .careArchive { words += ["--checkpoint-interval", "2s"] }
        words += ["--data-dir", folder, "--keys-dir", configuration.keyFolder, "--keys-peers", configuration.peerList]
        for other in CareService.allCases { words += [other.address.flag, configuration.address(of: other)] }
        return words + [BusSettings.feed.flag, feed]
    }

    private func logPath(_ service: CareService) -> String { "\(folder)/logs/\(service.rawValue).log" }

    private func lastWords(of service: CareService) -> String {
        guard let data = FileManager.default.contents(atPath: logPath(service)) else { return "" }
        let lines = String(decoding: data.suffix(4096), as: UTF8.self).split(separator: "\n")
        return lines.last.map(String.init) ?? ""
    }

    /// Where this program itself is.
    private static func ownPath() -> String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }
}

extension DrillServices.Refusal {
    /// The refusal as the run's own end.
    var failure: Failure {
        var failure = Failure(
            6204,
            UserText(
                zh: "\(service.rawValue) 不能运行：\(lastWords)", en: "\(service.rawValue) does not run: \(lastWords)"),
            exit: exit == .success ? .internalError : exit)
        failure.cause = code
        return failure
    }

    /// The code that its last words begin with; nil for a line of its log.
    private var code: String? {
        let word = lastWords.prefix { !$0.isWhitespace }
        return word.hasPrefix("CARE-") ? String(word) : nil
    }
}
