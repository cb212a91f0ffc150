import ZeroMQ

/// The list of keys in force. A value: each message is checked against the one that holds at that moment.
package struct PeerRegistry: Sendable, Hashable {
    /// Counts the changes of the list; a larger one replaces a smaller one.
    package let generation: UInt64
    private let peersByKey: [CurvePublicKey: Peer]

    /// A list that lets nobody in.
    package static let empty = PeerRegistry(validated: [:], generation: 0)

    /// What is wrong with a list. Retrying does not help.
    package enum ListError: Error, Sendable, Hashable {
        /// Two peers share a key.
        case keyTwice(String, String)
        /// Two peers share a name.
        case nameTwice(String)
    }

    /// A list of peers.
    /// - Throws: `ListError` when a key or a name stands twice.
    package init(_ peers: some Sequence<Peer>, generation: UInt64) throws(ListError) {
        var byKey: [CurvePublicKey: Peer] = [:]
        var names: Set<String> = []
        for peer in peers {
            if let other = byKey.updateValue(peer, forKey: peer.key) { throw .keyTwice(other.name, peer.name) }
            guard names.insert(peer.name).inserted else { throw .nameTwice(peer.name) }
        }
        self.init(validated: byKey, generation: generation)
    }

    private init(validated: [CurvePublicKey: Peer], generation: UInt64) {
        peersByKey = validated
        self.generation = generation
    }

    /// How the list judges a key.
    package enum Verdict: Sendable, Hashable {
        /// On the list and within its time.
        case known(Peer)
        /// Not on the list.
        case unknown
        /// On the list, but its time is over.
        case expired(Peer)
    }

    /// Judges the key of a connection, as ZAP attested it; `nil` is a connection without one.
    package func verdict(on key: CurvePublicKey?, utcMicroseconds: Int64) -> Verdict {
        guard let key, let peer = peersByKey[key] else { return .unknown }
        return peer.isValid(at: utcMicroseconds) ? .known(peer) : .expired(peer)
    }

    /// The peer with this "User-Id" (the key's 40 characters), when it is on the list and within its time.
    package func peer(forUserID userID: String, utcMicroseconds: Int64) -> Peer? {
        guard case .known(let peer) = verdict(on: CurvePublicKey(userID), utcMicroseconds: utcMicroseconds) else {
            return nil
        }
        return peer
    }

    /// All peers, by name.
    package var peers: [Peer] { peersByKey.values.sorted { $0.name < $1.name } }

    /// Keys that may connect at this moment.
    package func validKeys(utcMicroseconds: Int64) -> Set<CurvePublicKey> {
        Set(peersByKey.values.lazy.filter { $0.isValid(at: utcMicroseconds) }.map(\.key))
    }

    /// Keys that may read feed (a) at this moment: those of our own services, which have the right `append`.
    package func feedKeys(utcMicroseconds: Int64) -> Set<CurvePublicKey> {
        Set(
            peersByKey.values.lazy.filter { $0.isValid(at: utcMicroseconds) && $0.rights.contains(.append) }
                .map(\.key))
    }

    /// When the next key's time is over after this moment; `nil` when none has an end.
    package func nextExpiry(after utcMicroseconds: Int64) -> Int64? {
        peersByKey.values.lazy.compactMap(\.expiresAt).filter { $0 > utcMicroseconds }.min()
    }
}
