/// The value of a fact or parameter.
///
/// Decimals are whole thousandths, so that 0.5 hours or 15.25 m² stay exact.
package enum FactValue: Hashable, Sendable {
    case bool(Bool)
    case int(Int64)
    /// Thousandths of one.
    case decimal(thousandths: Int64)
    /// A code of the fact's enumeration.
    case code(Code)
    case day(CivilDay)
    case money(Fen)
    /// A reference to something kept elsewhere (certificate number, account reference); never a name or an ID number.
    case reference(String)
}
