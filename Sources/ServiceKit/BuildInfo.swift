/// What this build is called.
package enum BuildInfo {
    /// Version of the product, by semantic versioning.
    package static let version = "0.1.0"
}
