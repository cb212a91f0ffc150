/// What was published last before a determination that a change of the rules brought about.
package struct RulesChange: Hashable, Sendable, CustomStringConvertible {
    /// What was published.
    package enum What: Hashable, Sendable {
        /// A version was adopted, in force from this day.
        case version(from: CivilDay)
        /// A parameter was set.
        case parameter(ParameterID)
    }

    package var pack: PackID
    package var what: What

    package init(pack: PackID, what: What) {
        self.pack = pack
        self.what = what
    }

    /// `chenzhou-2014@2016-01-01` for a version, `chenzhou-2014 cz.low_income_line` for a parameter.
    package var description: String {
        switch what {
        case .version(let day): "\(pack)@\(day)"
        case .parameter(let parameter): "\(pack) \(parameter)"
        }
    }
}
