import Foundation
import MessageBus
import ServiceKit
import ZeroMQ

/// The lines to the services of one run of the tool, each connected at first use.
actor Lines {
    private let common: CommonOptions
    private let environment: [String: String]
    private let tell: @Sendable (UserText) -> Void
    private var loaded: Configuration?
    private var context: ZMQContext?
    private var open: [CareService: Line] = [:]

    /// - Parameter tell: says a sentence to the person who waits.
    init(_ common: CommonOptions, environment: [String: String], tell: @escaping @Sendable (UserText) -> Void) {
        self.common = common
        self.environment = environment
        self.tell = tell
    }

    /// What the tool was told; read once.
    func configuration() async throws -> Configuration {
        if let loaded { return loaded }
        let fresh = try await Configuration.load(path: common.config, environment: environment)
        loaded = fresh
        return fresh
    }

    /// Works on another deployment than the one of the configuration; before the first line is opened.
    func use(_ configuration: Configuration) { loaded = configuration }

    /// The line to a service.
    func line(to service: CareService) async throws -> Line {
        if let line = open[service] { return line }
        let configuration = try await configuration()
        let keys = try configuration.keys.pair(of: common.key ?? environment["GUANHUAI_KEY"] ?? "carectl")
        let endpoint = try configuration.keys.endpoint(service.rawValue, at: configuration.address(of: service))
        let client = try await BusClient.connect(context: try present(), endpoints: [endpoint], keys: keys)
        // Somebody else may have connected while this task waited.
        if let line = open[service] {
            await client.stop()
            return line
        }
        let line = Line(service: service, endpoint: endpoint.address, client: client, tell: tell)
        open[service] = line
        return line
    }

    /// Ends all lines. The context goes with the process: ending it would wait on a thread that tasks need.
    func close() async {
        for line in open.values { await line.client.stop() }
        open.removeAll()
    }

    private func present() throws -> ZMQContext {
        if let context { return context }
        let fresh = try ZMQContext()
        context = fresh
        return fresh
    }
}
