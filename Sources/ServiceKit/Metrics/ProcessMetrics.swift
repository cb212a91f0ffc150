import CJemalloc
import Foundation

/// What every process tells about itself, under the names that Prometheus' own clients use.
package enum ProcessMetrics {
    /// Declares the figures and reads them from the kernel at each scrape.
    package static func register(in registry: MetricsRegistry, service: String) {
        registry.gauge("guanhuai_build_info", help: "Version of the running service.", labels: ["service", "version"])
            .with(service, BuildInfo.version).set(1)
        let start = registry.gauge("process_start_time_seconds", help: "Start of the process, since 1970.")
        start.set(Double(SystemTime.microseconds()) / 1e6)
        let memory = registry.gauge("process_resident_memory_bytes", help: "Memory in use.")
        let allocated = registry.gauge(
            "guanhuai_allocated_bytes", help: "Memory handed out by the allocator and not given back.")
        let files = registry.gauge("process_open_fds", help: "Open file descriptors.")
        let most = registry.gauge("process_max_fds", help: "Most file descriptors that may be open.")
        let threads = registry.gauge("process_threads", help: "Threads of the process.")
        registry.beforeScrape {
            if let pages = residentPages() { memory.set(Double(pages) * Double(sysconf(Int32(_SC_PAGESIZE)))) }
            let bytes = care_allocated_bytes()
            if bytes >= 0 { allocated.set(Double(bytes)) }
            if let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count {
                files.set(Double(open))
            }
            if let limit = OpenFileLimit.present { most.set(Double(limit.soft)) }
            if let count = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count {
                threads.set(Double(count))
            }
        }
    }

    private static func residentPages() -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        return text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }
}
