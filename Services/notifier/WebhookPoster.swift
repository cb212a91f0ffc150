import CareDomain
import Foundation
import NotifierCore

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Whose notice is posted.
enum PostedNotice: Sendable {
    case household(DeliveryID)
    case office(OfficeDeliveryID)

    /// What became of it, for the service.
    func news(_ result: DeliveryResult) -> NotifierNews {
        switch self {
        case .household(let delivery): .posted(delivery, result)
        case .office(let delivery): .officeTold(delivery, result)
        }
    }
}

/// Posts CloudEvents to the webhook; every post ends in exactly one result.
///
/// `@unchecked Sendable`: `onFinished` is set once before the reactor starts, everything else is immutable.
final class WebhookPoster: @unchecked Sendable {
    private let address: URL?
    private let session: URLSession
    /// Set once, before the reactor starts and with it every thread that calls it: that makes `nonisolated(unsafe)` right.
    nonisolated(unsafe) var onFinished: (PostedNotice, DeliveryResult) -> Void = { _, _ in }

    init(address: URL?) {
        self.address = address
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = 10
        configuration.timeoutIntervalForResource = 20
        configuration.httpMaximumConnectionsPerHost = 4
        session = URLSession(configuration: configuration)
    }

    func post(_ delivery: PostedNotice, _ body: [UInt8]) {
        guard let address else {
            onFinished(delivery, .failed(Code(unchecked: "no_address")))
            return
        }
        var request = URLRequest(url: address)
        request.httpMethod = "POST"
        request.setValue("application/cloudevents+json; charset=utf-8", forHTTPHeaderField: "Content-Type")
        request.httpBody = Data(body)
        session.dataTask(with: request) { [self] _, response, error in
            if let http = response as? HTTPURLResponse {
                onFinished(delivery, Self.result(http))
            } else {
                let code = (error as? URLError)?.code == .timedOut ? "timeout" : "unreachable"
                onFinished(delivery, .failed(Code(unchecked: code)))
            }
        }.resume()
    }

    /// Any 2xx means that the receiver has it; what else there is is for the machine to judge.
    private static func result(_ response: HTTPURLResponse) -> DeliveryResult {
        (200..<300).contains(response.statusCode)
            ? .delivered : .status(response.statusCode, retryAfter: retryAfter(response))
    }

    private static func retryAfter(_ response: HTTPURLResponse) -> Duration? {
        response.value(forHTTPHeaderField: "Retry-After").flatMap(Int.init).map { .seconds(min(max($0, 0), 3600)) }
    }
}
