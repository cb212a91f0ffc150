import ServiceKit

/// How a command ends; ArgumentParser has a type of the same name.
typealias Exit = ServiceKit.ExitCode
