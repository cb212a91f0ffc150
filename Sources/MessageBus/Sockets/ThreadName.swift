import Foundation

/// Names the calling thread as `top -H` and debuggers show it.
func nameThread(_ name: String) {
    Thread.current.name = name
}
