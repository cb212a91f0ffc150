import Foundation
import ServiceKit

/// What the figures were measured on.
struct MachineState: Encodable, Sendable {
    var processor: String
    var cores: Int
    var memoryMiB: Int
    var kernel: String
    var system: String
    var fileSystem: String
    var swift: String
    var build: String
    var version: String
    var acceleration: [String]
    var loadAverage: Double

    /// - Parameter directory: Where the logs of the run stand.
    init(directory: String) {
        let cpu = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        processor = Self.value(of: "model name", in: cpu) ?? "unknown"
        let flags = Set((Self.value(of: "flags", in: cpu) ?? "").split(separator: " ").map(String.init))
        acceleration = ["sha_ni", "aes", "avx2", "avx512f"].filter(flags.contains)
        cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        memoryMiB = sysconf(Int32(_SC_PHYS_PAGES)) / 1024 * sysconf(Int32(_SC_PAGESIZE)) / 1024
        var name = utsname()
        uname(&name)
        kernel = withUnsafeBytes(of: &name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let release = (try? String(contentsOfFile: "/etc/os-release", encoding: .utf8)) ?? ""
        system =
            release.split(separator: "\n").first { $0.hasPrefix("PRETTY_NAME=") }
            .map { $0.dropFirst("PRETTY_NAME=".count).replacingOccurrences(of: "\"", with: "") } ?? "unknown"
        fileSystem = Self.fileSystem(of: directory)
        swift = Self.compiler
        build = Self.isDebug ? "debug" : "release"
        version = BuildInfo.version
        var averages = [0.0, 0.0, 0.0]
        getloadavg(&averages, 3)
        loadAverage = averages[0]
    }

    /// Figures of a debug build say nothing about the product.
    static var isDebug: Bool {
        #if DEBUG
            true
        #else
            false
        #endif
    }

    private static var compiler: String {
        #if compiler(>=6.4)
            "6.4+"
        #elseif compiler(>=6.3.1)
            "6.3.1+"
        #else
            "6.3"
        #endif
    }

    private static func value(of key: String, in text: String) -> String? {
        text.split(separator: "\n").first { $0.hasPrefix(key) }
            .flatMap { $0.split(separator: ":", maxSplits: 1).last }
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// Of the mount that holds the directory: the longest mount point that its path begins with.
    private static func fileSystem(of directory: String) -> String {
        let path = URL(fileURLWithPath: directory).resolvingSymlinksInPath().path
        let mounts = (try? String(contentsOfFile: "/proc/mounts", encoding: .utf8)) ?? ""
        let found = mounts.split(separator: "\n").compactMap { line -> (point: Substring, type: Substring)? in
            let fields = line.split(separator: " ")
            guard fields.count > 2, fields[1] == "/" || (path + "/").hasPrefix(fields[1] + "/") else { return nil }
            return (fields[1], fields[2])
        }
        return found.max { $0.point.count < $1.point.count }.map { String($0.type) } ?? "unknown"
    }

    /// The machine in one line.
    func line(_ language: Language) -> String {
        let memory = "\(memoryMiB / 1024) GiB"
        let chips = acceleration.joined(separator: " ")
        return UserText(
            zh: "\(processor)，\(cores) 核（\(chips)），内存 \(memory)，\(fileSystem)，\(system)，内核 \(kernel)，"
                + "Swift \(swift) \(build)，关怀 \(version)",
            en: "\(processor), \(cores) cores (\(chips)), \(memory), \(fileSystem), \(system), kernel \(kernel), "
                + "Swift \(swift) \(build), guanhuai \(version)")[language]
    }
}
