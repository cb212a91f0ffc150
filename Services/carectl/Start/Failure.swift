import CareDomain
import CareProjections
import CareWire
import CaseImport
import EventLog
import FactStore
import Foundation
import MessageBus
import OfficeFiles
import RuleEngine
import ServiceKit
import SwiftProtobuf
import ZeroMQ

/// Why a command ends without its result: code, sentence, field, what to do, and the exit status.
struct Failure: Error, Equatable {
    /// "CARE-nnnn".
    var code: String
    /// What happened and where.
    var text: UserText
    /// Path of the field that caused it; empty when none.
    var field = ""
    /// What to do about it.
    var advice: UserText?
    /// The code with which a service ended, where that is why the command does; nil otherwise.
    var cause: String?
    /// The household that has already what was asked for, where a refusal names it.
    var candidate: HouseholdID?
    var exit: Exit

    /// A failure of this tool.
    init(_ number: Int, _ text: UserText, advice: UserText? = nil, exit: Exit) {
        self.code = MessageCode(number).description
        self.text = text
        self.advice = advice
        self.exit = exit
    }

    private init(code: String, text: UserText, exit: Exit) {
        self.code = code
        self.text = text
        self.exit = exit
    }

    /// The failure behind any error of the libraries.
    init(explaining error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as BusError: self.init(error.reply)
        case let error as any UserFacingError: self.init(error)
        case let problem as FileProblem:
            self.init(code: problem.code, text: UserText(zh: problem.chinese, en: problem.english), exit: .badData)
        case let problem as CommandProblem:
            self.init(code: problem.code, text: UserText(zh: problem.chinese, en: problem.english), exit: .badData)
        case let problem as CellProblem:
            self.init(code: problem.code, text: UserText(zh: problem.chinese, en: problem.english), exit: .badData)
        case let error as WireError:
            self.init(
                code: error.stableCode, text: UserText(zh: error.chineseText, en: error.englishText), exit: .badData)
            field = error.field
        case let error as EventLogError: self.init(error)
        case let error as StoreError:
            self.init(
                6197,
                UserText(
                    zh: "写不了列存文件 \(error.what)：\(error.reason)",
                    en: "column file \(error.what) cannot be written: \(error.reason)"),
                advice: UserText(zh: "腾出空间或改正权限后再试", en: "make room or set its rights right, then try again"),
                exit: .temporary)
        case let error as PackRefused:
            self.init(
                6101,
                UserText(
                    zh: "文件有误：\n\(error)",
                    en: "the file is wrong:\n" + error.issues.map(\.english).joined(separator: "\n")),
                exit: .badData)
        case let error as PageError:
            self.init(
                6102, UserText(zh: "服务的答复不合约定：\(error.field)", en: "the answer breaks the contract: \(error.field)"),
                advice: UserText(
                    zh: "请核对 carectl 与服务的版本", en: "check that carectl and the services are of one version"),
                exit: .internalError)
        case let error as CocoaError where error.filePath != nil:
            let path = error.filePath ?? ""
            let cause = error.underlying as? POSIXError
            let reason = cause.map { String(cString: strerror($0.code.rawValue)) } ?? error.localizedDescription
            self.init(
                6199, UserText(zh: "读写不了 \(path)（\(reason)）", en: "\(path) cannot be read or written: \(reason)"),
                advice: UserText(zh: "请检查路径、权限和磁盘空间", en: "check the path, its rights and the room on the disk"),
                exit: .badData)
        case is CancellationError:
            self.init(6103, UserText(zh: "已中断", en: "interrupted"), exit: .interrupted)
        default:
            self.init(6104, .plain("\(error)"), exit: .internalError)
        }
    }

    private init(_ error: any UserFacingError) {
        let message = error.message
        self.init(code: message.code.description, text: message.text, exit: error.exitCode)
        advice = message.advice
    }

    /// The failure that a service's reply says.
    init(_ reply: BusReply) {
        self.init(code: reply.code, text: UserText(zh: reply.textZH, en: reply.textEN), exit: Self.exit(reply))
        guard let refusal = try? Care_V1_Refusal(serializedBytes: reply.body) else { return }
        field = refusal.field
        // Most sentences have the detail in them.
        if !refusal.detail.isEmpty, !text.en.contains(refusal.detail) { text = text + .plain(" [\(refusal.detail)]") }
        if !refusal.clause.isEmpty, !text.en.contains(refusal.clause) { text = text + .plain(" (\(refusal.clause))") }
        if refusal.hasCandidateHousehold, let id = HouseholdID(bytes: refusal.candidateHousehold) {
            candidate = id
            advice = UserText(zh: "请看户 \(id)", en: "see household \(id)")
        }
    }

    /// A refusal that was found here, as intake would say it.
    init(_ refusal: Refusal) {
        self.init(code: refusal.code, text: UserText(zh: refusal.chinese, en: refusal.english), exit: .problemsFound)
        field = refusal.field ?? ""
        candidate = refusal.candidate
        if let id = refusal.candidate { advice = UserText(zh: "请看户 \(id)", en: "see household \(id)") }
    }

    private static func exit(_ reply: BusReply) -> Exit {
        switch reply.status {
        case .ok: .success
        // It is kept, but not recorded yet: whoever needs to know asks again with the same id.
        case .queued: .temporary
        case .refused, .notFound: reply.code.hasPrefix("CARE-10") ? .badData : .problemsFound
        case .conflict: .conflict
        case .unauthorised: .notPermitted
        case .badRequest, .unsupportedVersion: .badData
        case .internal: .internalError
        case .overloaded, .deadline: .temporary
        case .unavailable: reply.code == BusProblem.unreachable.code ? .unreachable : .temporary
        }
    }

    /// One line: code, sentence, field, what to do.
    func line(in language: Language) -> String {
        var line = "\(code) \(text[language])"
        switch language {
        case .chinese:
            if !field.isEmpty { line += "（字段 \(field)）" }
            if let advice { line += "。\(advice.zh)" }
        case .english:
            if !field.isEmpty { line += " (field \(field))" }
            if let advice { line += ". \(advice.en)" }
        }
        return line
    }
}
