import CareDomain
import Foundation
import NotifierCore

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Posts CloudEvents to the webhook; every post ends in exactly one result.
///
/// `@unchecked Sendable`: `onFinished` is set once before the reactor starts, everything else is immutable.
final class WebhookPoster: @unchecked Sendable {
    private let address: URL?
    private let session: URLSession
    /// Set once, before the reactor starts and with it every thread that calls it: that makes `nonisolated(unsafe)` right.
    nonisolated(unsafe) var onFinished: (DeliveryID, DeliveryResult) -> Void = { _, _ in }

    init(address: URL?) {
        self.address = address
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = 10
        configuration.timeoutIntervalForResource = 20
        configuration.httpMaximumConnectionsPerHost = 4
        session = URLSession(configuration: configuration)
    }

    func post(_ delivery: DeliveryID, _ body: [UInt8]) {
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
                onFinished(delivery, .status(http.statusCode, retryAfter: Self.retryAfter(http)))
            } else {
                let code = (error as? URLError)?.code == .timedOut ? "timeout" : "unreachable"
                onFinished(delivery, .failed(Code(unchecked: code)))
            }
        }.resume()
    }

    private static func retryAfter(_ response: HTTPURLResponse) -> Duration? {
        response.value(forHTTPHeaderField: "Retry-After").flatMap(Int.init).map { .seconds(min(max($0, 0), 3600)) }
    }
}
