import Foundation
import RuleColumns

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file operation that failed.
package struct StoreError: Error, Hashable, Sendable {
    /// The file.
    package let what: String
    /// `errno`.
    package let number: Int32

    package init(what: String, number: Int32) {
        self.what = what
        self.number = number
    }

    package var reason: String { number == 0 ? "" : String(cString: strerror(number)) }
}

/// A folder of column files. Facts of families stand in it: nobody but its owner may read it.
package struct StoreFolder: Sendable {
    package let path: String

    /// Makes the folder where it is not there yet.
    package init(_ path: String) throws(StoreError) {
        self.path = path
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw StoreError(what: path, number: errno)
        }
        guard chmod(path, 0o700) == 0 else { throw StoreError(what: path, number: errno) }
    }

    func file(_ name: String) -> String { path + "/" + name }

    /// Holds the folder as long as the result is kept.
    /// - Parameter alone: for who writes; readers may be several.
    package func lock(alone: Bool) throws(StoreError) -> FolderLock {
        let descriptor = Glibc.open(file("lock"), O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreError(what: file("lock"), number: errno) }
        while flock(descriptor, alone ? LOCK_EX : LOCK_SH) != 0 {
            guard errno == EINTR else {
                let number = errno
                close(descriptor)
                throw StoreError(what: file("lock"), number: number)
            }
        }
        return FolderLock(descriptor)
    }

    func read(_ name: String) throws(StoreError) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: file(name)) else {
            throw StoreError(what: file(name), number: errno)
        }
        return Array(data)
    }

    /// Puts a file in place whole: under another name first.
    func write(_ bytes: [UInt8], to name: String) throws(StoreError) {
        let partial = file(name + ".partial")
        let descriptor = Glibc.open(partial, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreError(what: partial, number: errno) }
        var place = 0
        while place < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + place, $0.count - place) }
            guard count > 0 else {
                if count < 0, errno == EINTR { continue }
                let number = errno
                close(descriptor)
                unlink(partial)
                throw StoreError(what: partial, number: number)
            }
            place += count
        }
        guard close(descriptor) == 0, rename(partial, file(name)) == 0 else {
            throw StoreError(what: file(name), number: errno)
        }
    }

    /// Maps a file.
    func map(_ name: String) throws(BadImage) -> (UnsafeRawBufferPointer, FactMemory) {
        let descriptor = Glibc.open(file(name), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw BadImage(what: "\(name): \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size > 0 else { throw BadImage(what: "\(name): empty") }
        let size = Int(status.st_size)
        guard let memory = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), memory != MAP_FAILED else {
            throw BadImage(what: "\(name): \(String(cString: strerror(errno)))")
        }
        let address = UInt(bitPattern: memory)
        return (
            UnsafeRawBufferPointer(start: memory, count: size),
            FactMemory { munmap(UnsafeMutableRawPointer(bitPattern: address), size) }
        )
    }

    /// Takes away what none of these names.
    func keep(_ names: Set<String>) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        where name != "lock" && !names.contains(name) {
            unlink(file(name))
        }
    }

    /// Takes everything away.
    package func clear() { keep([]) }
}

/// The hold on a folder; ends with the value.
package final class FolderLock: Sendable {
    private let descriptor: Int32

    fileprivate init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Lets other readers in, but nobody who writes.
    package func share() throws(StoreError) {
        while flock(descriptor, LOCK_SH) != 0 {
            guard errno == EINTR else { throw StoreError(what: "lock", number: errno) }
        }
    }

    deinit { close(descriptor) }
}
