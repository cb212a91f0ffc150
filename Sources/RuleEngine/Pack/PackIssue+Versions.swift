import CareDomain

extension PackIssue {
    /// What is wrong with packs beside one another: two files that claim the same version, and a file whose name says
    /// another first day than it holds.
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
        return issues
    }
}

extension PackReference {
    /// A version by what its file claims.
    fileprivate struct Version: Hashable {
        let pack: PackID
        let validFrom: CivilDay
    }
}
