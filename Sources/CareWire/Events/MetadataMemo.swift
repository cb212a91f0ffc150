import CareDomain

/// The metadata encoded last. Most commands in a row come from the same few who say the same of themselves each time,
/// and encoding that with all its checks costs as much as many an event.
package struct MetadataMemo: Sendable {
    private var context: EventContext?
    private var bytes: [UInt8] = []

    /// Nothing encoded yet.
    package init() {}

    /// What `EventCodec.metadata` gives.
    /// - Throws: `WireError` when the context breaks a limit of the contract.
    package mutating func metadata(
        _ context: EventContext, correction: Correction? = nil
    ) throws(WireError) -> [UInt8] {
        guard correction == nil else { return try EventCodec.metadata(context, correction: correction) }
        if let known = self.context, known.principal == context.principal, known.causation == context.causation,
            known.traceparent == context.traceparent, known.legalBasis == context.legalBasis
        {
            // The command is not part of the metadata.
            return bytes
        }
        bytes = try EventCodec.metadata(context)
        self.context = context
        return bytes
    }
}
