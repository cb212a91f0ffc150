import ArgumentParser
import CareProjections
import OfficeFiles
import ServiceKit

/// `carectl log fields`
struct LogFields: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "fields", abstract: "Print the fields that --where may name, with their types.",
        discussion: """
            Fields without a prefix stand on every event. Those under meta. say who spoke
            and why, those under data. what the event says; an event may lack them: ask
            with has(data.clause). [] stands for each element of a list. Money is in fen.
            Sealed parts (names, numbers, phones, addresses, free text) have no field.
            """)

    @OptionGroup var common: CommonOptions

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        if json {
            let fields = Self.rows.map { row in
                JSON.object([
                    ("field", .string(row.name)), ("type", .string(row.type)),
                    ("may_be_missing", .bool(row.mayBeMissing)), ("meaning", .optional(row.meaning)),
                ])
            }
            desk.print(JSON.array(fields).text(indented: true))
            return
        }
        var table = TextTable([.init("字段"), .init("类型"), .init("含义", mayShrink: true)])
        for row in Self.rows { table.append([row.name, row.type, row.meaning ?? ""]) }
        desk.show(table)
    }

    private static var rows: [(name: String, type: String, mayBeMissing: Bool, meaning: String?)] {
        EventFields.all.flatMap { field in
            let parts = field.shape.parts(of: field.name).map { ($0.name, $0.shape.name, true, String?.none) }
            return [(field.name, field.shape.name, field.source != .envelope, String?.some(field.meaning))] + parts
        }
    }
}

/// What `--where` means, for the help of the commands that take it.
enum WhereHelp {
    /// - Parameter command: `tail` or `view`. Lines of at most 80 columns, for the help breaks longer ones.
    static func text(_ command: String) -> String {
        """
        --where takes a condition in the language of the packs (CEL) over the fields
        that carectl log fields lists. It is checked before the first event is read.
        What an event lacks is unknown: ask with has() first. Events on which it has
        no answer are not shown, but counted at the end\(command == "view" ? " (exit status 1)" : "").

          carectl log \(command) --where "event == 'PairingAssigned' && data.kind == 'cadre'"
          carectl log \(command) --where "has(data.clause) && data.clause == 'CZ-2.1'"
          carectl log \(command) --type DeterminationMade --from 1200 --json \\
              --where "data.intervals.exists(i, i.status == 'entitled')"
        """
    }
}
