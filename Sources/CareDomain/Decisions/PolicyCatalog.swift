/// The words and codes the published packs define, as far as commands are checked against them.
///
/// Pairing kinds, visit forms, need kinds and facts are data of the pack (Chenzhou's four kinds are its data), so a
/// command is decided with the catalogue in force and the catalogue is filled from published versions only.
package struct PolicyCatalog: Hashable, Sendable {
    /// What a fact of the vocabulary looks like.
    package struct FactDefinition: Hashable, Sendable {
        /// Form of its value.
        package enum Form: Hashable, Sendable { case bool, int, decimal, code, day, money, reference }
        /// Whom it is about.
        package enum Subject: Hashable, Sendable { case household, person }

        package var fact: FactID
        package var title: String
        package var form: Form
        package var subject: Subject
        /// The codes allowed, for `code`.
        package var codes: [Code]

        package init(fact: FactID, title: String, form: Form, subject: Subject, codes: [Code] = []) {
            self.fact = fact
            self.title = title
            self.form = form
            self.subject = subject
            self.codes = codes
        }
    }

    /// One kind of pairing slot. Nobody fills two of a family (CZ-Q26).
    package struct PairingSlot: Hashable, Sendable {
        package var kind: PairingKind
        package var title: String
        /// What is to be on record of whoever fills it (CZ-Q27).
        package var asks: HelperDetails

        package init(kind: PairingKind, title: String, asks: HelperDetails = [.name]) {
            self.kind = kind
            self.title = title
            self.asks = asks
        }
    }

    /// A code with its Chinese word.
    package struct Word: Hashable, Sendable {
        package var code: Code
        package var title: String

        package init(code: Code, title: String) {
            self.code = code
            self.title = title
        }
    }

    /// Who may name a guardian, whom, and what for.
    package struct Guardians: Hashable, Sendable {
        /// Bodies that name one: village committee, employer.
        package var namers: [Word]
        /// relative, staff.
        package var relations: [Word]
        /// admission, surgery, other.
        package var scopes: [Word]

        package init(namers: [Word], relations: [Word], scopes: [Word]) {
            self.namers = namers
            self.relations = relations
            self.scopes = scopes
        }
    }

    /// A clause that gives or asks for something.
    package struct Clause: Hashable, Sendable {
        package var clause: ClauseID
        package var title: String
        /// Whether it belongs to the household as a whole, to a person or to an incident.
        package var subject: Subject
        /// How binding its figure is.
        package var amountType: AmountType
        /// Which decisions about it need a second person.
        package var secondApproval: SecondApproval
        /// 责任部门, as the pack declares it, and the pack; nil = the pack does not say.
        package var department: DepartmentID?
        package var pack: PackID?
        /// How often it gives goods to a household; nil = it gives none.
        package var handOut: HandOutRhythm?
        /// 代缴、代办: who gets its money in place of the person; nil = the person.
        package var payee: InstitutionPayee?

        /// What a right belongs to.
        package enum Subject: Hashable, Sendable { case household, person, incident }

        package init(
            clause: ClauseID, title: String, subject: Subject, amountType: AmountType,
            secondApproval: SecondApproval = [], department: DepartmentID? = nil, pack: PackID? = nil,
            handOut: HandOutRhythm? = nil, payee: InstitutionPayee? = nil
        ) {
            self.payee = payee
            self.handOut = handOut
            self.department = department
            self.pack = pack
            self.secondApproval = secondApproval
            self.clause = clause
            self.title = title
            self.subject = subject
            self.amountType = amountType
        }
    }

    package var facts: [FactID: FactDefinition]
    /// Clauses of all packs; a decision is about one of them.
    package var clauses: [ClauseID: Clause] = [:]
    /// Where the packs apply, and what offices there do; by pack.
    package var places: [PolicyPlace] = []
    /// Which facts are kept from which departments, by place.
    package var sight = FactRestrictions()
    /// How applications go; of one clause the last workflow that names it counts.
    package var workflows: [ApplicationWorkflow] = []
    /// What bars grants of the same household.
    package var exclusions: [Exclusion] = []
    /// Guidance numbers and settlements by activity year; of one year the last counts.
    package var guidance: [GuidanceTerms] = []
    /// Who is insured against accidents; nil = no document asks for it.
    package var accidentInsurance: AccidentInsurance?
    package var pairingSlots: [PairingSlot]
    package var needKinds: [Word]
    package var visitKinds: [Word]
    package var holidays: [Word]
    /// Fields of each visit form.
    package var visitForms: [Code: [Word]]
    /// What a fact may be stated by; empty = no pack declares sources, and any code is taken.
    package var sources: [Word] = []

    package init(
        facts: [FactID: FactDefinition] = [:], pairingSlots: [PairingSlot] = [],
        needKinds: [Word] = [], visitKinds: [Word] = [], holidays: [Word] = [], visitForms: [Code: [Word]] = [:]
    ) {
        self.facts = facts
        self.pairingSlots = pairingSlots
        self.needKinds = needKinds
        self.visitKinds = visitKinds
        self.holidays = holidays
        self.visitForms = visitForms
    }

    /// How an application for the clause goes; nil = no pack says so.
    package func workflow(for clause: ClauseID) -> ApplicationWorkflow? {
        workflows.last { $0.clauses.contains(clause) }
    }

    /// Nothing published yet: commands that need a vocabulary are refused.
    package static let empty = PolicyCatalog()
}
