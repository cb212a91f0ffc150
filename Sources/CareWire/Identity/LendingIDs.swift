import CareDomain

extension FundID {
    /// The fund that is for this.
    package static func derived(from scope: FundScope) -> FundID {
        FundID(Derivation.identifier(of: Identifier128(high: 0, low: 0), "fund", text: scope.canonicalText))
    }
}

extension LoanID {
    /// A mother's case of a number: her loans and her aid are counted apart.
    package static func derived(of mother: PersonID, _ mode: LendingMode, number: Int) -> LoanID {
        LoanID(Derivation.identifier(of: mother.value, mode == .revolvingLoan ? "loan" : "aid", number))
    }
}

extension LoanReportID {
    /// The report about this.
    package static func derived(from scope: LoanReportScope) -> LoanReportID {
        LoanReportID(Derivation.identifier(of: Identifier128(high: 0, low: 0), "loans", text: scope.canonicalText))
    }
}
