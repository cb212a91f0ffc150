import Foundation

/// Peak memory of this process.
enum Memory {
    /// Forgets the peak, so that the next reading is that of what comes now. Where the kernel does not allow it, the
    /// peak is that of the whole run.
    static func forgetPeak() {
        guard let file = fopen("/proc/self/clear_refs", "w") else { return }
        fputs("5", file)
        fclose(file)
    }

    /// Largest resident size since the last `forgetPeak`, in MiB.
    static var peakMiB: Double {
        let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return (line.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0) / 1024
    }
}
