import EventLog
import MessageBus

/// Jobs for the archive's worker thread: everything that reads more than one stream.
package enum ArchiveWork: Sendable {
    /// A page of the log for one of our own services.
    case readAll(IncomingRequest)
    /// A question to the read models, or for an archive page.
    case query(IncomingRequest)
    /// An operator's request.
    case operate(IncomingRequest)
    /// Part of a file that comes or goes.
    case attachment(IncomingRequest)
    /// The next page of a subscription.
    case subscription(SubscriptionRead)
}

/// What other threads tell the archive's core.
package enum ArchiveNews: Sendable {
    /// A job of a request is done.
    case answered(ReplyToken, BusReply)
    /// A job of a request is done, and its answer holds personal data: it leaves only after this append is durable.
    case answeredAfter(AppendRequest, ReplyToken, BusReply)
    /// A job of a subscription is done.
    case page(SubscriptionToken, SubscriptionPage)
    /// The query must wait: the read models do not cover its receipt yet.
    case notYet(IncomingRequest)
    /// The read models moved on.
    case projected
    /// A newer checkpoint of the log was signed.
    case checkpoint(String)
    /// Events are damaged: their streams are fenced before the rest is told.
    indirect case damaged([Damage], then: ArchiveNews)
}
