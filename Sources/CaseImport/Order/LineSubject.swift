import CareDomain

/// What a line of a file is about: two lines about the same may not change places.
enum LineSubject: Hashable, Sendable {
    case household(HouseholdID)
    /// By ID number: the first 17 digits, from which the last follows.
    case person(UInt64)
    /// 同名同日: somebody with this name, closed, and birth date.
    case likeness(String, CivilDay)
    case archiveNumber(county: String, number: String)
    /// A command to whose events later lines refer.
    case command(CommandID)

    /// - Returns: nil for what is no ID number. The usual 18 characters are not checked further: a wrong number is refused
    ///   for what it is, whichever lines it waits for.
    static func person(_ text: String) -> LineSubject? {
        if let plain = person(digits: text.utf8) { return plain }
        return (try? ResidentIDNumber(text)).flatMap { person(digits: $0.digits.utf8) }
    }

    private static func person(digits: String.UTF8View) -> LineSubject? {
        guard digits.count == 18 else { return nil }
        var value: UInt64 = 0
        for digit in digits.prefix(17) {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + UInt64(digit - UInt8(ascii: "0"))
        }
        return .person(value)
    }

    /// An archive number counts within its county.
    static func archiveNumber(_ number: String, in division: DivisionCode) -> LineSubject {
        .archiveNumber(county: String(division.rawValue.prefix(6)), number: number)
    }
}

/// What a line does to people whom the file does not name: whoever is on record already is known there by an id of the
/// archive's, so that a line which lets them go and one which takes them in by their ID number cannot be told to be
/// about the same person.
enum LineReach: Hashable, Sendable {
    /// Nothing.
    case own
    /// Takes people in.
    case takesIn
    /// Lets people go.
    case letsGo
    /// Does both, or may.
    case both
}

/// Works out line by line what each is about, from what the lines before it said.
struct LineSubjects: Sendable {
    /// Whom the lines so far brought into a household, and its archive number.
    private struct Known: Sendable {
        var subjects: [LineSubject] = []
        /// The file registers the household, so nobody else is in it.
        var isWhole = false
    }

    private var households: [HouseholdID: Known] = [:]

    /// What the next line of the file is about, and whom it reaches besides.
    mutating func next(_ draft: CommandDraft) -> (subjects: [LineSubject], reach: LineReach) {
        let command = draft.command
        var subjects: [LineSubject] = [.household(command.household), .command(command.id)]
        for source in draft.sources.values { subjects.append(.command(source.command)) }
        guard command.mayMovePeople else { return (subjects, .own) }
        let brought = command.subjectsBrought
        var known = households[command.household] ?? Known()
        if case .registerHousehold = command.action, command.correction == nil { known.isWhole = true }
        for subject in brought where !known.subjects.contains(subject) { known.subjects.append(subject) }
        households[command.household] = known
        subjects += known.subjects
        if let other = command.otherHousehold {
            // After a merge or split either file may hold the people of both.
            var both = households[other] ?? Known()
            both.isWhole = known.isWhole && (both.isWhole || command.opensOther)
            for subject in known.subjects where !both.subjects.contains(subject) { both.subjects.append(subject) }
            households[other] = both
            subjects.append(.household(other))
            subjects += both.subjects
            return (subjects, both.isWhole ? .takesIn : .both)
        }
        return (subjects, command.reach(brings: !brought.isEmpty, isWhole: known.isWhole))
    }
}

extension HouseholdCommand {
    /// Whether it may change who is in which household, or whose an archive number is.
    fileprivate var mayMovePeople: Bool {
        switch action {
        case .registerHousehold, .closeHousehold, .markRegisteredInError, .mergeHousehold, .splitHousehold, .addPerson,
            .removePerson, .changePersonDetails, .withdraw:
            true
        // The number it had is given up.
        case .moveHousehold(let moved): moved.archiveNumber != nil || correction != nil
        default: false
        }
    }

    /// The other household of a merge or split.
    fileprivate var otherHousehold: HouseholdID? {
        switch action {
        case .mergeHousehold(let merge): merge.into
        case .splitHousehold: DerivedIDs.household(of: id)
        default: nil
        }
    }

    /// Whether the other household is a new one.
    fileprivate var opensOther: Bool {
        if case .splitHousehold = action { true } else { false }
    }

    /// People by ID number and by name and birth date, and the archive number, that it would bring into the household.
    fileprivate var subjectsBrought: [LineSubject] {
        switch action {
        case .registerHousehold(let register):
            Self.archiveNumber(register.household)
                + register.members.flatMap { Self.person($0.person, $0.birthDate, $0.sealed) }
        case .splitHousehold(let split): Self.archiveNumber(split.household)
        case .moveHousehold(let moved):
            moved.archiveNumber.map { [.archiveNumber($0, in: moved.division)] } ?? []
        case .addPerson(let joined): Self.person(joined.person, joined.birthDate, joined.sealed)
        case .changePersonDetails(let changed): Self.person(changed.person, changed.birthDate, changed.sealed)
        default: []
        }
    }

    private static func archiveNumber(_ registered: HouseholdRegistered) -> [LineSubject] {
        registered.archiveNumber.map { [.archiveNumber($0, in: registered.division)] } ?? []
    }

    private static func person(
        _ person: PersonID, _ birthDate: CivilDay?, _ sealed: [SealedPart]
    ) -> [LineSubject] {
        let details = sealed.details(of: person)
        let subject = details?.idNumber.flatMap { LineSubject.person($0) }
        var subjects = subject.map { [$0] } ?? []
        if let name = details?.name,
            let birth = birthDate ?? details?.idNumber.flatMap({ try? ResidentIDNumber($0).birthDate })
        {
            subjects.append(.likeness(PersonName.closed(name), birth))
        }
        return subjects
    }

    fileprivate func reach(brings: Bool, isWhole: Bool) -> LineReach {
        // Whoever left comes back when that is withdrawn, and who joined goes.
        if correction != nil { return isWhole ? .takesIn : .both }
        switch action {
        case .registerHousehold, .addPerson: return brings ? .takesIn : .own
        case .changePersonDetails: return !brings ? .own : isWhole ? .takesIn : .both
        case .moveHousehold: return isWhole ? .takesIn : .both
        case .closeHousehold, .markRegisteredInError, .removePerson: return isWhole ? .own : .letsGo
        default: return .own
        }
    }
}
