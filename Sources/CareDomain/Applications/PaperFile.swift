/// A paper with the file in which it lies: the digest of an attachment of the household.
package struct PaperFile: Hashable, Sendable {
    /// Which paper of the workflow.
    package var paper: Code
    package var file: FileDigest

    package init(paper: Code, file: FileDigest) {
        self.paper = paper
        self.file = file
    }
}

extension ApplicationCase {
    /// A paper as it was handed in.
    package struct HandedPaper: Hashable, Sendable {
        package let paper: Code
        /// The attachment; nil = the original was seen and given back.
        package let file: FileDigest?
        /// The act with which it came.
        package let reference: EventReference
    }

    /// Every paper as it was handed in, in order.
    package var handedPapers: [HandedPaper] {
        acts.flatMap { act in
            let (papers, files) = act.event.handedIn
            return papers.flatMap { paper in
                let own = files.filter { $0.paper == paper }.map { Optional($0.file) }
                return (own.isEmpty ? [nil] : own).map { HandedPaper(paper: paper, file: $0, reference: act.reference) }
            }
        }
    }
}

extension ApplicationEvent {
    /// The papers that come with it, and those of them that are attachments.
    package var handedIn: (papers: [Code], files: [PaperFile]) {
        switch self {
        case .submitted(let event): (event.papers, event.files)
        case .forwarded(let event): (event.papers, event.files)
        default: ([], [])
        }
    }
}
