import ArgumentParser
import CareDomain
import CaseImport
import ServiceKit
import SyntheticDistrict

/// `carectl synthesize`
struct Synthesize: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "synthesize", abstract: "Write an invented district as commands (NDJSON); same seed, same bytes.",
        discussion: "Import it with: carectl synthesize … | carectl case import -")

    @OptionGroup var common: CommonOptions

    @Option(help: "How many families.")
    var households = 200

    @Option(help: "Length of the histories in years, 1 to 30.")
    var years = 3

    @Option(help: "Any number.")
    var seed: UInt64 = 1

    @Option(help: "Last day of the histories. Fixed by default, so that the same seed gives the same bytes any day.")
    var ending = "2025-12-31"

    func validate() throws {
        guard (0...SyntheticDistrict.householdLimit).contains(households) else {
            throw ValidationError(
                UserText(
                    zh: "--households 应是 0 到 \(SyntheticDistrict.householdLimit)",
                    en: "--households is 0 to \(SyntheticDistrict.householdLimit)"))
        }
        guard (1...30).contains(years) else {
            throw ValidationError(UserText(zh: "--years 应是 1 到 30", en: "--years is 1 to 30"))
        }
    }

    func perform(_ desk: Desk) async throws {
        let district = SyntheticDistrict(
            households: households, years: years, seed: seed, endingOn: try desk.day(ending, option: "--ending"))
        var writer = CommandWriter()
        var buffer: [UInt8] = []
        for draft in district {
            buffer += writer.line(draft)
            if buffer.count >= 1 << 16 {
                StandardOutput.write(buffer)
                buffer.removeAll(keepingCapacity: true)
            }
        }
        StandardOutput.write(buffer)
    }
}
