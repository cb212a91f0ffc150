import Foundation
import ServiceKit

#if canImport(Glibc)
    import Glibc
#endif

/// What a service on this machine says at its operators' door: whether it can do its work, or what is in the way.
struct ReadyDoor: Hashable, Sendable {
    /// Loopback, as digits.
    var host: String
    /// 0 = any free port, which nobody here knows.
    var port: Int

    /// What the service waits for, `part: reason` in a language; empty when it is ready, nil when the door cannot be
    /// asked.
    func waiting(in language: Language) async -> [String]? {
        guard port > 0 else { return nil }
        let door = self
        // Blocking calls stay off the threads of tasks.
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: door.answer(in: language).flatMap(Self.parts))
            }
        }
    }

    /// Reads an answer of `/readyz`.
    static func parts(of answer: String) -> [String]? {
        guard let end = answer.range(of: "\r\n\r\n"), let status = answer.split(separator: " ").dropFirst().first
        else { return nil }
        switch status {
        case "200": return []
        case "503":
            let lines = answer[end.upperBound...].split(separator: "\n").map { $0.filter { $0 != "\r" } }
            return lines.filter { $0.contains(": ") }
        default: return nil
        }
    }

    private func answer(in language: Language) -> String? {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { return nil }
        defer { close(socket) }
        var limit = timeval(tv_sec: 2, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = in_port_t(UInt16(clamping: port)).bigEndian
        guard inet_pton(AF_INET, host, &place.sin_addr) == 1 else { return nil }
        let isConnected = withUnsafePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        let request = Array(
            "GET /readyz?lang=\(language.rawValue) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n".utf8)
        guard isConnected, Glibc.send(socket, request, request.count, Int32(MSG_NOSIGNAL)) == request.count
        else { return nil }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4096)
        while bytes.count < 1 << 16 {
            let count = recv(socket, &block, block.count, 0)
            guard count > 0 else { break }
            bytes += block[..<count]
        }
        return String(bytes: bytes, encoding: .utf8)
    }
}
