import EventLog

/// What every engine of the log must do. Each engine's tests run all cases:
///
///     @Test(arguments: EventLogConformance.cases) func conforms(_ one: EventLogConformance.Case) throws {
///         try one.run(on: MyHarness())
///     }
package enum EventLogConformance {
    /// One expectation, stated in its name.
    package struct Case: Sendable, CustomStringConvertible {
        /// What is expected.
        package let name: String
        let body: @Sendable (any EventLogHarness) throws -> Void

        /// Runs the case on a fresh log.
        /// - Throws: `ConformanceFailure`, or an error of the log.
        package func run(on harness: any EventLogHarness) throws { try body(harness) }

        package var description: String { name }
    }

    /// All cases.
    package static let cases: [Case] =
        appendCases + idempotencyCases + batchCases + readingCases + followingCases + lifeCases + modelCases
}

/// An expectation that was not met.
package struct ConformanceFailure: Error, CustomStringConvertible {
    /// What was expected and what came instead.
    package let description: String
}

func require(_ condition: Bool, _ message: @autoclosure () -> String, line: UInt = #line) throws {
    if !condition { throw ConformanceFailure(description: "line \(line): \(message())") }
}

func requireEqual<Value: Equatable>(
    _ got: Value, _ expected: Value, _ what: String, line: UInt = #line
) throws {
    if got != expected {
        throw ConformanceFailure(description: "line \(line): \(what): expected \(expected), got \(got)")
    }
}

func requireError(
    _ code: EventLogError.Code, _ what: String, line: UInt = #line, _ body: () throws(EventLogError) -> Void
) throws {
    do throws(EventLogError) { try body() } catch {
        return try requireEqual(error.code, code, what, line: line)
    }
    throw ConformanceFailure(description: "line \(line): \(what): expected \(code), but nothing was thrown")
}
