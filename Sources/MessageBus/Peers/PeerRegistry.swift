import ZeroMQ

/// The list of keys in force. A value: each message is checked against the one that holds at that moment.
package struct PeerRegistry: Sendable, Hashable {
    /// Counts the changes of the list; a larger one replaces a smaller one.
    package let generation: UInt64
    private let peersByKey: [CurvePublicKey: Peer]
    /// Keys that lists before this one had, so that who speaks with one hears what became of it.
    private let withdrawn: Set<CurvePublicKey>

    /// Most withdrawn keys that are remembered.
    private static let mostWithdrawn = 4096

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

    private init(
        validated: [CurvePublicKey: Peer], generation: UInt64, withdrawn: Set<CurvePublicKey> = []
    ) {
        peersByKey = validated
        self.generation = generation
        self.withdrawn = withdrawn
    }

    /// This list as the one that takes the place of another: what that one had and this one has not, is withdrawn.
    package func replacing(_ before: PeerRegistry) -> PeerRegistry {
        let lost = Set(before.peersByKey.keys).union(before.withdrawn).subtracting(peersByKey.keys)
        // Old ones are forgotten first; they are answered as keys that nobody knows.
        let kept =
            lost.count <= Self.mostWithdrawn ? lost : Set(before.peersByKey.keys).subtracting(peersByKey.keys)
        return PeerRegistry(validated: peersByKey, generation: generation, withdrawn: kept)
    }

    /// How the list judges a key.
    package enum Verdict: Sendable, Hashable {
        /// On the list and within its time.
        case known(Peer)
        /// Not on the list.
        case unknown
        /// It was on the list and has been taken off it.
        case withdrawn
        /// On the list, but its time is over.
        case expired(Peer)
    }

    /// Judges the key of a connection, as ZAP attested it; `nil` is a connection without one.
    package func verdict(on key: CurvePublicKey?, utcMicroseconds: Int64) -> Verdict {
        guard let key else { return .unknown }
        guard let peer = peersByKey[key] else { return withdrawn.contains(key) ? .withdrawn : .unknown }
        return peer.isValid(at: utcMicroseconds) ? .known(peer) : .expired(peer)
    }

    /// What to tell a key that was let in before and may no more; nil while it may.
    package func refusal(ofListed key: CurvePublicKey, utcMicroseconds: Int64) -> BusProblem? {
        switch verdict(on: key, utcMicroseconds: utcMicroseconds) {
        case .known: nil
        case .expired: .keyExpired
        case .withdrawn, .unknown: .keyWithdrawn
        }
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

    /// The times around this moment at which the same keys are within their time as now. Before them as well as after
    /// them, since a clock also goes back when it is put right: the keys have to be judged anew.
    package func timesOfSameKeys(around utcMicroseconds: Int64) -> Range<Int64> {
        let ends = peersByKey.values.lazy.compactMap(\.expiresAt)
        let first = ends.filter { $0 <= utcMicroseconds }.max() ?? .min
        let next = ends.filter { $0 > utcMicroseconds }.min() ?? .max
        return first..<next
    }
}
