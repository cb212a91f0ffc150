import ArchiveClient
import CareDomain

/// What intake notes in order to make an image of the person and pack streams.
struct ImageKeeper {
    /// The saved image until the log has shown that it is a part of it.
    var unproven: IntakeImage?
    var packs: [SharedNews.PackNews] = []
    /// The last event, and the cursor from which it was read.
    var through: SharedNews.Place?
    var cursor: [UInt8] = []
    /// Whether every event could be read. An image lacks what this program cannot read, and a newer one would miss it.
    var isWhole = true
    /// The last event of the image that was saved.
    var saved: SharedNews.Place?
    var savedAt: Moment?

    init(unproven: IntakeImage?) { self.unproven = unproven }
}

extension IntakeCore {
    /// What is known of the person and pack streams; nil until they were read to the end, or when nothing stands there.
    package var image: IntakeImage? {
        guard isReady, keeper.isWhole, let through = keeper.through else { return nil }
        return IntakeImage(
            cursor: keeper.cursor, through: through, packs: keeper.packs, reservations: desk.entries,
            tokenKey: tokenKey?.onRecord)
    }

    /// The image, when it holds more than the one that was saved; it counts as saved from here on.
    package mutating func newerImage(now: Moment) -> IntakeImage? {
        guard keeper.through != keeper.saved, let image else { return nil }
        keeper.saved = image.through
        keeper.savedAt = now
        return image
    }

    mutating func dueImage(now: Moment) -> IntakeImage? {
        if let saved = keeper.savedAt, saved <= now,
            now.microseconds - saved.microseconds < settings.imageIntervalMicroseconds
        {
            return nil
        }
        return newerImage(now: now)
    }

    /// Takes in what an image holds: the log has its last event at its place, so all before it is the same, too.
    mutating func take(_ image: IntakeImage) {
        keeper = ImageKeeper(unproven: nil)
        keeper.cursor = image.cursor
        keeper.through = image.through
        keeper.saved = image.through
        for pack in image.packs { take(pack) }
        desk = ReservationDesk(image.reservations)
        tokenKey?.take(lastRun: image.tokenKey)
    }

    /// Takes in what was read after the cursor.
    mutating func take(_ news: SharedNews) {
        for pack in news.packs { take(pack) }
        for person in news.persons {
            desk.take(person)
            tokenKey?.take(person)
        }
        for key in news.keys { tokenKey?.take(key.adopted) }
        if news.leftOut > 0 { keeper.isWhole = false }
        if let last = news.last {
            keeper.through = last
            keeper.cursor = sharedCursor
        }
        sharedCursor = news.cursor
    }

    private mutating func take(_ pack: SharedNews.PackNews) {
        keeper.packs.append(pack)
        let isNew = rules.take(
            pack.event, of: pack.pack, occurredOn: pack.occurredOn, recordedAt: pack.recordedAt, by: pack.by)
        if isNew { catalog = rules.registry.policyCatalog(parameters: rules.parameters).withPaymentFacts }
    }

    /// The image is of another log, or the log has lost its end: everything is read from the beginning.
    mutating func discardImage(now: Moment) -> [IntakeAction] {
        keeper = ImageKeeper(unproven: nil)
        tokenKey?.forgetLastRun()
        sharedCursor = []
        return [.imageDiscarded, askForNews(now: now)]
    }
}
