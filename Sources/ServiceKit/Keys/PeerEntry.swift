/// One line of the peer list: who a public key is and what it may do. Plain values; what they mean is the bus's matter.
package struct PeerEntry: Hashable, Sendable {
    /// Lower-case letters, digits and hyphens; unique in the list.
    package var name: String
    /// The key the peer speaks with; unique in the list.
    package var publicKey: CurveKeyText
    /// The department it belongs to.
    package var department: String
    /// Division code the peer is confined to, 2 to 12 digits; nil for the whole deployment.
    package var division: String?
    /// Roles, by name.
    package var roles: [String]
    /// Single rights, by name, for example `import-history` or `vouch`.
    package var rights: [String]
    /// Event types it may append, by name; empty for a peer that only sends commands.
    package var eventTypes: [String]
    /// Last day (Asia/Shanghai) on which the key is accepted, in days since 1970-01-01; nil for no end.
    package var expiresOn: Int32?

    package init(
        name: String,
        publicKey: CurveKeyText,
        department: String,
        division: String? = nil,
        roles: [String] = [],
        rights: [String] = [],
        eventTypes: [String] = [],
        expiresOn: Int32? = nil
    ) {
        self.name = name
        self.publicKey = publicKey
        self.department = department
        self.division = division
        self.roles = roles
        self.rights = rights
        self.eventTypes = eventTypes
        self.expiresOn = expiresOn
    }
}

/// Everything that is wrong with a peer list, so that it can be put right in one go. Retrying does not help.
package struct PeerListError: UserFacingError, Hashable {
    /// One mistake.
    package struct Mistake: Hashable, Sendable {
        /// Line in the file, from 1.
        package let line: Int
        /// What is wrong and what is expected.
        package let text: UserText

        package init(line: Int, _ text: UserText) {
            self.line = line
            self.text = text
        }
    }

    /// The file.
    package let path: String
    /// At least one, by line.
    package let mistakes: [Mistake]

    package init(path: String, mistakes: [Mistake]) {
        self.path = path
        self.mistakes = mistakes
    }

    package var exitCode: ExitCode { .badData }

    package var message: UserMessage {
        let zh = mistakes.map { "第 \($0.line) 行：\($0.text.zh)" }.joined(separator: "；")
        let en = mistakes.map { "line \($0.line): \($0.text.en)" }.joined(separator: "; ")
        return UserMessage(6051, UserText(zh: "通信名单 \(path) 有误：\(zh)", en: "the peer list \(path) is wrong: \(en)"))
    }
}
