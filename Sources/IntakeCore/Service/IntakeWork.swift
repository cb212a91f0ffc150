/// Work on intake's own disk, off the thread that answers.
package enum IntakeWork: Sendable {
    /// An image to be saved.
    case save(IntakeImage)
    /// A command of the outbox to be written; it is answered when it is on disk.
    case keep(KeptCommand)
    /// The file of a command of the outbox that is not needed any more.
    case forget(UInt64)
}

/// What other threads tell intake.
package enum IntakeNews: Sendable {
    /// An image was saved, or could not be.
    case saved
    /// A command of the outbox is on disk, synced, or could not be put there.
    case kept(UInt64, isOnDisk: Bool)
    /// A file of the outbox is gone, or will be at the next start.
    case forgotten
}
