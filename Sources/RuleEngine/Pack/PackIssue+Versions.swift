import CareDomain

extension PackIssue {
    /// What is wrong with packs beside one another: two files that claim the same version, a file whose name says another first
    /// day than it holds, and versions between which days have two of them or none.
    /// - Parameter files: names such as `chenzhou-2014/2014-07-16.yaml`, with the pack and where its items stand.
    package static func versions(
        _ files: [(name: String, pack: RulePack, places: PackPlaces)]
    ) -> [PackIssue] {
        var issues: [PackIssue] = []
        var seen: [PackReference.Version: String] = [:]
        for (name, pack, places) in files {
            func note(_ code: String, _ problem: Wording, _ advice: Wording) {
                let place = places.place(["valid_from"])
                issues.append(
                    PackIssue(
                        file: name, line: place?.line ?? 1, column: place?.column ?? 1, code: code, problem: problem,
                        advice: advice))
            }
            let version = PackReference.Version(pack: pack.id, validFrom: pack.validFrom)
            if let other = seen[version] {
                note(
                    "pack.version_twice",
                    Wording(
                        "\(pack.id) 自 \(pack.validFrom) 起的版本已在 \(other) 中",
                        "\(pack.id) valid from \(pack.validFrom) stands in \(other) too"),
                    Wording("只留一个文件，或改正 valid_from", "keep one of the files, or correct valid_from"))
            }
            seen[version] = name
            // A single file may lie under any name while it is being written.
            let parts = name.split(separator: "/")
            guard parts.count > 1, let last = parts.last, last != "\(pack.validFrom).yaml" else { continue }
            note(
                "pack.file_name",
                Wording(
                    "文件名是 \(last)，valid_from 却是 \(pack.validFrom)",
                    "the file is \(last), valid_from says \(pack.validFrom)"),
                Wording("文件名改为 \(pack.validFrom).yaml", "name the file \(pack.validFrom).yaml"))
        }
        return issues + borders(files)
    }

    /// A version that says when it ends must end on the day before the next one begins.
    private static func borders(_ files: [(name: String, pack: RulePack, places: PackPlaces)]) -> [PackIssue] {
        Dictionary(grouping: files, by: \.pack.id).sorted { $0.key < $1.key }.flatMap { id, versions -> [PackIssue] in
            let ordered = versions.sorted { $0.pack.validFrom < $1.pack.validFrom }
            return zip(ordered, ordered.dropFirst()).compactMap { earlier, later -> PackIssue? in
                let next = later.pack.validFrom
                guard let last = earlier.pack.validTo, last + 1 != next, earlier.pack.validFrom != next else {
                    return nil
                }
                let isGap = last + 1 < next
                let place = earlier.places.place(["valid_to"])
                return PackIssue(
                    file: earlier.name, line: place?.line ?? 1, column: place?.column ?? 1,
                    code: isGap ? "pack.version_gap" : "pack.version_overlap",
                    problem: isGap
                        ? Wording(
                            "\(last + 1) 至 \(next - 1) 没有 \(id) 的版本：下一个（\(later.name)）自 \(next) 起",
                            "no version of \(id) from \(last + 1) to \(next - 1): the next (\(later.name)) begins on \(next)"
                        )
                        : Wording(
                            "\(next) 至 \(last) 与下一个版本（\(later.name)）重叠",
                            "from \(next) to \(last) it overlaps the next version (\(later.name))"),
                    advice: Wording(
                        "valid_to 写 \(next - 1)，或去掉它：下一个版本开始时它自然结束",
                        "write valid_to \(next - 1), or leave it out: it ends when the next one begins"))
            }
        }
    }
}

extension PackReference {
    /// A version by what its file claims.
    fileprivate struct Version: Hashable {
        let pack: PackID
        let validFrom: CivilDay
    }
}
