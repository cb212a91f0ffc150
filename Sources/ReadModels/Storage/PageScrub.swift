import Foundation

/// Goes through a read model's file piece by piece and looks at the seals, so that damage is met before somebody asks
/// for the page it is in.
package struct PageScrub {
    private var path = ""
    private var offset: Int64 = 0

    /// A pass that begins at the first page.
    package init() {}

    /// Looks at the next pages. Another file than the last one is looked at from its beginning.
    ///
    /// It reads the file beside SQLite, so a page that is just being written may look broken; it is looked at again, and
    /// at last with all that the write-ahead log holds copied, before it is called damaged.
    /// - Parameter bytes: How much at most; a pass of a large file is spread over many calls.
    /// - Returns: Whether the end was reached; the next call begins anew.
    package mutating func advance(_ file: ReadModelFile, bytes: Int = 64 << 20) -> Bool {
        if file.path != path { self = PageScrub(path: file.path) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        let block = 128 * PageSeal.pageBytes
        return withUnsafeTemporaryAllocation(byteCount: block, alignment: 8) { buffer in
            guard let base = buffer.baseAddress else { return true }
            var left = bytes
            while left > 0 {
                let count = pread(descriptor, base, block, off_t(offset))
                let pages = max(count, 0) / PageSeal.pageBytes
                guard pages > 0 else {
                    offset = 0
                    return true
                }
                for page in 0..<pages {
                    let place = offset + Int64(page * PageSeal.pageBytes)
                    if !PageSeal.isWhole(base + page * PageSeal.pageBytes, at: place),
                        Self.isDamaged(file, descriptor, at: place)
                    {
                        file.noteDamage()
                        offset = 0
                        return true
                    }
                }
                offset += Int64(pages * PageSeal.pageBytes)
                left -= pages * PageSeal.pageBytes
            }
            return false
        }
    }

    private init(path: String) { self.path = path }

    private static func isDamaged(_ file: ReadModelFile, _ descriptor: Int32, at place: Int64) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: PageSeal.pageBytes, alignment: 8) { buffer in
            guard let page = buffer.baseAddress else { return false }
            func isBroken() -> Bool {
                pread(descriptor, page, PageSeal.pageBytes, off_t(place)) == PageSeal.pageBytes
                    && !PageSeal.isWhole(page, at: place)
            }
            guard isBroken() else { return false }
            file.copyWriteAheadLog()
            return isBroken()
        }
    }
}
