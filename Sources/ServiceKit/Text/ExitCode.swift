/// How a process says what came of it. The numbers from 64 on are those of sysexits.h.
package enum ExitCode: Int32, CaseIterable, Sendable {
    /// Everything went well.
    case success = 0
    /// It ran and found problems or differences.
    case problemsFound = 1
    /// Somebody else was faster: the sequence moved. Try again.
    case conflict = 2
    /// It did what it was asked to, and named damaged families whose records are in it as they are.
    case doneWithDamage = 3
    /// Wrong flags or configuration.
    case usage = 64
    /// Bad input data.
    case badData = 65
    /// The bus, or a port of our own, cannot be reached or opened.
    case unreachable = 69
    /// A mistake of the program itself. Report it.
    case internalError = 70
    /// Cannot be done now; later it may work.
    case temporary = 75
    /// The key or the person may not do this.
    case notPermitted = 77
    /// Ended by Ctrl-C.
    case interrupted = 130
}
