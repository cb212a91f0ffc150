import CareDomain
import ServiceLifecycle

/// A long-running part, under a name that does not clash with our own services.
package typealias LifecycleService = ServiceLifecycle.Service

extension Principal {
    /// One of our own services, for what it appends on its own.
    package static func service(_ name: String) -> Principal {
        Principal(
            peer: name, actor: Code(unchecked: name), role: Code(unchecked: "service"),
            department: DepartmentID(unchecked: "dept.fp"), divisions: [.everywhere], rights: [.append])
    }
}
