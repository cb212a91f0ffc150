import AttachmentStore
import CareDomain
import CareProjections
import CareWire
import EventLog
import EventLogSQLite

/// What the log says of files against what lies in the store. Reads both as files, also beside running services.
struct AttachmentAudit {
    /// How a file stands.
    enum Problem: String {
        /// A record names it and nobody put it there.
        case missing
        /// It is on record and not in the store.
        case lost
        /// What lies in the store is not what was put there.
        case damaged
        /// It was put there and no record names it.
        case unnamed
        /// It lies in the store and nothing tells of it.
        case stray

        /// Whether something is wrong; otherwise something is left over.
        var isFault: Bool { self == .missing || self == .lost || self == .damaged }
    }

    /// One finding.
    struct Finding {
        let problem: Problem
        let digest: FileDigest
        /// The stream that names it or that it was put for; nil = none.
        let place: AttachmentPlace?
    }

    /// Files that are kept and sound.
    private(set) var sound = 0
    private(set) var findings: [Finding] = []

    private static let kinds = Set((NamedAttachment.kinds + [.attachmentKept]).map { UInt32($0.rawValue) })

    /// - Parameters:
    ///   - log: Folder of the log.
    ///   - folder: The store beside it.
    /// - Throws: `EventLogError` when the log cannot be read.
    init(log: String, folder: AttachmentFolder) throws {
        var kept: [AttachmentPlace: Set<FileDigest>] = [:]
        var named: [AttachmentPlace: Set<FileDigest>] = [:]
        try RecordScan.run(log, kinds: Self.kinds) { record in
            guard let fields = try? RecordCoder.decode(record) else { return }
            if fields.event.kind == UInt32(EventKind.attachmentKept.rawValue) {
                guard
                    case .access(.attachmentKept(let one))? = try? EventCodec.decodeAny(
                        kind: fields.event.kind, version: fields.event.version, payload: fields.event.payload)
                else { return }
                kept[one.place, default: []].insert(one.digest)
            } else if let place = AttachmentPlace(stream: fields.stream.text) {
                for one in NamedAttachment.named(in: fields) { named[place, default: []].insert(one.digest) }
            }
        }
        compare(kept: kept, named: named, folder)
    }

    private mutating func compare(
        kept: [AttachmentPlace: Set<FileDigest>], named: [AttachmentPlace: Set<FileDigest>], _ folder: AttachmentFolder
    ) {
        let places = Set(kept.keys).union(named.keys).sorted { $0.stream < $1.stream }
        var known: Set<FileDigest> = []
        for place in places {
            let (here, said) = (kept[place] ?? [], named[place] ?? [])
            for digest in Self.inOrder(said.subtracting(here)) { add(.missing, digest, place) }
            for digest in Self.inOrder(here.subtracting(said)) { add(.unnamed, digest, place) }
            for digest in Self.inOrder(here) where known.insert(digest).inserted {
                if folder.size(of: digest) == nil {
                    add(.lost, digest, place)
                } else if folder.isSound(digest) {
                    sound += 1
                } else {
                    add(.damaged, digest, place)
                }
            }
        }
        for digest in folder.all() where !known.contains(digest) { add(.stray, digest, nil) }
    }

    private mutating func add(_ problem: Problem, _ digest: FileDigest, _ place: AttachmentPlace?) {
        findings.append(Finding(problem: problem, digest: digest, place: place))
    }

    private static func inOrder(_ digests: Set<FileDigest>) -> [FileDigest] {
        digests.sorted { $0.description < $1.description }
    }
}
