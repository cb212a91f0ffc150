import ArgumentParser
import RulePacks
import ServiceKit

/// `carectl rules schema`
struct RulesSchema: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of pack files, for completion and checking in editors.")

    @OptionGroup var common: CommonOptions

    func perform(_ desk: Desk) async throws { desk.write(try PackLibrary.schema()) }
}
