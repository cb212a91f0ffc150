import Foundation
import ServiceKit

/// Why a service's core asked to stop, for its last line.
///
/// `@unchecked Sendable`: what it holds is touched only while the lock is locked.
package final class ServiceEnd: @unchecked Sendable {
    private let lock = NSLock()
    private var first: (any UserFacingError)?

    package init() {}

    /// Notes a reason; the first one counts.
    package func note(_ reason: any UserFacingError) { lock.withLock { first = first ?? reason } }

    /// The reason; nil when none was noted.
    package var reason: (any UserFacingError)? { lock.withLock { first } }
}
