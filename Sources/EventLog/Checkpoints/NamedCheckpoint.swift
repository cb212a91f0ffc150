/// A checkpoint with the name under which it is kept, so that it can be said which one it is.
package struct NamedCheckpoint: Sendable, Hashable {
    /// Name of its file; empty when it needs none.
    package var name: String
    /// What the log was.
    package var checkpoint: Checkpoint

    package init(_ name: String, _ checkpoint: Checkpoint) {
        self.name = name
        self.checkpoint = checkpoint
    }

    /// The name as it stands behind "the checkpoint".
    package var suffix: String { name.isEmpty ? "" : " \(name)" }
}
