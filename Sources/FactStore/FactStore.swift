import CareDomain
import Foundation
import RuleColumns
import RuleEngine

/// 常备列存: the facts of all households as columns, in files that a replay maps instead of reading the log.
///
/// A projection like any other: thrown away, it is built anew from the log. A folder holds one manifest and a file per block;
/// the manifest, put in place last, names the files that count and the cursor up to which they say what the log says. Files
/// are never changed, so that who reads goes on reading while others are written.
///
/// Beside its facts a block keeps to whom the rules in force apply (`KeptColumn`), written with them: both are of one moment.
package struct FactStore: Sendable {
    /// Households in a block; more would no longer fit the nearer caches, fewer cost too many files.
    package static let blockSize = 512

    /// What stands in a folder.
    package struct Manifest: Codable, Hashable, Sendable {
        /// One file.
        package struct Block: Codable, Hashable, Sendable {
            /// Name within the folder.
            package var file: String
            package var households: Int
            /// SHA-256 of the head, in hexadecimal.
            package var digest: String
        }

        /// Form of the files; another one is built anew.
        package var form = FactStore.form
        /// Cursor of the log, in hexadecimal, up to which the columns say what it says.
        package var cursor: String
        /// The last event taken in, in hexadecimal: whether it is still the same log.
        package var lastEvent: String
        /// The columns, as `FactColumnKey.text`, sorted; those without any statement too.
        package var columns: [String]
        /// What every block keeps beside its facts for the rules in force, as `ColumnPlan.names`, sorted.
        package var kept: [String] = []
        /// Texts of the columns, by number.
        package var texts: [String]
        package var blocks: [Block] = []
        /// Households of which something changed that could not be read yet; their rows, if any, are older.
        package var behind: [String] = []
        /// Households into whose file persons came from another one on the first day of a month, sorted: where a right counts
        /// from the month after it begins, their rows alone do not say which months are due.
        package var arrived: [String] = []
        /// What was kept from whoever read the log for them; others build them anew.
        package var withheld = ""
        /// Counts the manifests of the folder.
        package var generation = 1

        package init(cursor: String, lastEvent: String, columns: [String], texts: [String]) {
            self.cursor = cursor
            self.lastEvent = lastEvent
            self.columns = columns
            self.texts = texts
        }

        package var households: Int { blocks.reduce(0) { $0 + $1.households } }
    }

    static let form = 12

    package let folder: StoreFolder
    package let manifest: Manifest
    package let codes: CodeTable

    init(folder: StoreFolder, manifest: Manifest) {
        self.folder = folder
        self.manifest = manifest
        codes = CodeTable(texts: manifest.texts)
    }

    /// What stands in a folder.
    /// - Returns: nil where nothing stands, or something of another form or damaged: it has to be built.
    package static func open(_ folder: StoreFolder) -> FactStore? {
        guard let bytes = try? folder.read(manifestName), let manifest = decode(bytes), manifest.form == form else {
            return nil
        }
        let texts = CodeTable(texts: manifest.texts)
        guard texts.texts.count == manifest.texts.count else { return nil }
        return FactStore(folder: folder, manifest: manifest)
    }

    static let manifestName = "manifest"

    /// A manifest stands behind its own SHA-256.
    private static func decode(_ bytes: [UInt8]) -> Manifest? {
        guard bytes.count > 65, let digest = String(validating: bytes[..<64], as: UTF8.self),
            digest == Digest.text(bytes[65...])
        else { return nil }
        return try? JSONDecoder().decode(Manifest.self, from: Data(bytes[65...]))
    }

    static func encode(_ manifest: Manifest) throws(StoreError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let json = try? encoder.encode(manifest) else { throw StoreError(what: "manifest", number: 0) }
        return Array(Digest.text(Array(json)[...]).utf8) + [10] + json
    }

    /// Whether all these columns are kept.
    package func covers(_ keys: some Sequence<FactColumnKey>) -> Bool {
        let kept = Set(manifest.columns)
        return keys.allSatisfy { kept.contains($0.text) }
    }

    /// A block with the columns asked for, mapped from its file.
    /// - Throws: `BadImage` when the file is missing or damaged: `StoreUpdate` builds it anew from the log.
    package func block(_ index: Int, keys: [String: FactColumnKey]) throws(BadImage) -> FactBlock {
        try block(index, BlockWish(facts: keys))
    }

    /// A block with what a plan wants of it, mapped from its file.
    /// - Throws: `BadImage` as above.
    package func block(_ index: Int, _ wish: BlockWish) throws(BadImage) -> FactBlock {
        let entry = manifest.blocks[index]
        let (bytes, memory) = try folder.map(entry.file)
        guard let digest = Digest.bytes(entry.digest) else { throw BadImage(what: "no digest") }
        let block = try FactBlock(bytes, memory: memory, digest: digest, wanted: wish, codes: codes)
        guard block.count == entry.households else { throw BadImage(what: "another number of households") }
        return block
    }

    /// Bytes of all blocks on disk.
    package func size() throws(BadImage) -> Int {
        var size = 0
        for block in manifest.blocks { size += try folder.map(block.file).0.count }
        return size
    }

    /// The keys of the vocabularies, by text.
    package static func keys(of vocabularies: [FactVocabulary]) -> [String: FactColumnKey] {
        var keys: [String: FactColumnKey] = [:]
        for key in vocabularies.flatMap(\.facts).map({ FactColumnKey($0) }) { keys[key.text] = key }
        return keys
    }
}
