import Foundation

/// All cells of one metric name, by label values.
///
/// Keep the cell that `with` returns: looking it up costs a lock and a dictionary, adding to it does not.
///
/// `@unchecked Sendable`: `cells` is read and written under `lock`; the rest never changes.
package final class MetricFamily<Cell: MetricCell>: @unchecked Sendable {
    /// What stands in every label when there are too many different values.
    package static var overflowValue: String { "other" }

    private let labels: [String]
    private let limit: Int
    private let make: @Sendable () -> Cell
    private let onOverflow: @Sendable () -> Void
    private let lock = NSLock()
    private var cells: [[String]: Cell] = [:]

    init(
        labels: [String],
        limit: Int,
        make: @escaping @Sendable () -> Cell,
        onOverflow: @escaping @Sendable () -> Void
    ) {
        self.labels = labels
        self.limit = limit
        self.make = make
        self.onOverflow = onOverflow
    }

    /// The cell for these label values, in the order of the labels. Past the limit of different values every new one
    /// shares the cell `other`, so that a mistake in a label cannot fill the memory of the one who scrapes.
    package func with(_ values: String...) -> Cell {
        precondition(values.count == labels.count, "MetricFamily.with: \(labels.count) labels expected")
        return lock.withLock {
            if let cell = cells[values] { return cell }
            var key = values
            if cells.count >= limit {
                onOverflow()
                key = values.map { _ in Self.overflowValue }
                if let cell = cells[key] { return cell }
            }
            let cell = make()
            cells[key] = cell
            return cell
        }
    }

    /// Cells with their rendered labels, in a stable order.
    var ordered: [(labels: String, cell: Cell)] {
        let all = lock.withLock { cells }
        return all.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            .map { (PrometheusText.labels(labels, $0.key), $0.value) }
    }
}
