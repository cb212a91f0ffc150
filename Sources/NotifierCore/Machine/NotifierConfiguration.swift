import CareDomain

/// Limits and ways of the notifier, set by the deployment.
package struct NotifierConfiguration: Hashable, Sendable {
    package var channels: [NoticeChannel]
    /// Value of `source` in every CloudEvent.
    package var source: String
    package var retry: RetrySchedule
    /// Pauses before an append or a read that found nobody is tried again; it is never given up.
    package var logRetry: RetrySchedule
    /// Households read or appended to at the same time.
    package var maximumActive: Int
    /// Households evaluated in one step, so that no step takes long.
    package var maximumPerStep: Int
    /// Deliveries held in memory; further ones wait in the log.
    package var maximumDeliveries: Int
    /// Webhook posts under way at the same time.
    package var maximumPosts: Int
    /// Histories kept for the next event of the same household.
    package var cachedHistories: Int
    /// Orders of operators waiting; further ones are refused as busy.
    package var maximumOrders: Int
    /// Feed events between two checkpoints at least; with many households it takes proportionally more, so that the
    /// cost of saving stays a fixed part of the work.
    package var checkpointEvents: Int

    package init(
        channels: [NoticeChannel], source: String = "/guanhuai/notifier", retry: RetrySchedule = RetrySchedule(),
        logRetry: RetrySchedule = RetrySchedule(first: .milliseconds(100), longest: .seconds(10)),
        maximumActive: Int = 64, maximumPerStep: Int = 256, maximumDeliveries: Int = 1024, maximumPosts: Int = 16,
        cachedHistories: Int = 1024, maximumOrders: Int = 64, checkpointEvents: Int = 10_000
    ) {
        self.channels = channels
        self.source = source
        self.retry = retry
        self.logRetry = logRetry
        self.maximumActive = maximumActive
        self.maximumPerStep = maximumPerStep
        self.maximumDeliveries = maximumDeliveries
        self.maximumPosts = maximumPosts
        self.cachedHistories = cachedHistories
        self.maximumOrders = maximumOrders
        self.checkpointEvents = checkpointEvents
    }
}
