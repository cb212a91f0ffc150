/// A date of the Chinese lunar calendar (农历).
package struct LunarDate: Hashable, Sendable {
    /// The Gregorian year in which the lunar year begins: the year of 2014 runs from 2014-01-31 to 2015-02-18.
    package var year: Int
    /// Month, 1 (正月) to 12 (腊月).
    package var month: Int
    /// Whether it is the leap month (闰月) that follows `month`.
    package var isLeapMonth: Bool
    /// Day of the month, 1 to 29 or 30.
    package var day: Int

    package init(year: Int, month: Int, isLeapMonth: Bool = false, day: Int) {
        self.year = year
        self.month = month
        self.isLeapMonth = isLeapMonth
        self.day = day
    }
}

/// The Chinese lunar calendar as a table, so that every machine computes the same feast days.
///
/// One integer per lunar year, made from the astronomical rules of GB/T 33661-2017 (months begin on the day of the new
/// moon in UTC+8; the leap month is the first without a principal term):
///
/// - bits 0–12: the months in their order, leap month included; set = 30 days, clear = 29
/// - bits 13–16: the month after which the leap month comes, 0 = none
/// - bits 17–22: days from 1 January to the lunar New Year
/// - bit 23: 清明 falls on 5 April, else on 4 April
///
/// Printed calendars may yet differ for months whose new moon falls within minutes of midnight (late September 2057,
/// early August 2097); a published calendar then takes the place of the computed one by changing the entry here.
package enum LunarCalendar {
    /// Lunar years that the table holds.
    package static let years = 1949...2100

    /// The Gregorian day of a lunar date; nil when there is no such day or its year is not in the table.
    package static func day(of date: LunarDate) -> CivilDay? {
        guard let year = entry(date.year), (1...12).contains(date.month), date.day >= 1 else { return nil }
        guard !date.isLeapMonth || year.leapMonth == date.month else { return nil }
        let comesAfterLeap = year.leapMonth != 0 && date.month > year.leapMonth
        let place = date.month - 1 + (comesAfterLeap || date.isLeapMonth ? 1 : 0)
        guard date.day <= year.length(ofMonthAt: place) else { return nil }
        let before = (0..<place).reduce(0) { $0 + year.length(ofMonthAt: $1) }
        return year.newYear + Int32(before + date.day - 1)
    }

    /// The lunar date of a Gregorian day; nil outside the table.
    package static func date(of day: CivilDay) -> LunarDate? {
        let gregorianYear = day.year
        for candidate in [gregorianYear, gregorianYear - 1] {
            guard let year = entry(candidate), day >= year.newYear else { continue }
            var rest = Int(day - year.newYear)
            for place in 0..<year.monthCount {
                let length = year.length(ofMonthAt: place)
                if rest < length {
                    let isLeap = year.leapMonth != 0 && place == year.leapMonth
                    let isShifted = year.leapMonth != 0 && place >= year.leapMonth
                    return LunarDate(
                        year: candidate, month: place + (isShifted ? 0 : 1), isLeapMonth: isLeap, day: rest + 1)
                }
                rest -= length
            }
        }
        return nil
    }

    /// 清明 of a Gregorian year: the day on which the sun reaches 15° of ecliptic longitude, in UTC+8.
    package static func qingming(year: Int) -> CivilDay? {
        entry(year).flatMap { CivilDay(year: year, month: 4, day: $0.bits >> 23 & 1 == 1 ? 5 : 4) }
    }

    private struct Entry {
        let year: Int
        let bits: UInt32

        var leapMonth: Int { Int(bits >> 13 & 15) }
        var monthCount: Int { leapMonth == 0 ? 12 : 13 }
        var newYear: CivilDay { CivilDay(year: year, month: 1, day: 1)! + Int32(bits >> 17 & 63) }
        func length(ofMonthAt place: Int) -> Int { bits >> UInt32(place) & 1 == 1 ? 30 : 29 }
    }

    private static func entry(_ year: Int) -> Entry? {
        years.contains(year) ? Entry(year: year, bits: table[year - years.lowerBound]) : nil
    }

    private static let table: [UInt32] = [
        0xB8F52D, 0xDE0536, 0xC80AAD, 0xB4B5AA, 0xD805B2, 0xC20DA5, 0xAE7D4A, 0xD40D4A, 0xBD0A95, 0xE00A97,
        0xCC0556, 0xB6CAB5, 0xDA0AD5, 0xC606D2, 0xB08EA5, 0xD60EA5, 0xC0064A, 0xA86C97, 0xCE0A9B, 0xBAF55A,
        0xDE056A, 0xC80B69, 0xB4B752, 0xDA0B52, 0xC20B25, 0xAC964B, 0xD20A4B, 0x3D14AB, 0xE002AD, 0xCA056D,
        0xB6CB69, 0x5C0DA9, 0xC60D92, 0xB09D25, 0xD60D25, 0x415A4D, 0xE40A56, 0xCE02B6, 0xB8C5B5, 0x5E06D5,
        0xC80EA9, 0xB4BE92, 0xDA0E92, 0x440D26, 0xAC6A56, 0xD00A57, 0xBD14D6, 0x62035A, 0xCA06D5, 0xB6B6C9,
        0xDC0749, 0x460693, 0xAE952B, 0xD4052B, 0xBE0A5B, 0x2A555A, 0xCE056A, 0xB8FB55, 0xE00BA4, 0x4A0B49,
        0x32BA93, 0xD80A95, 0xC2052D, 0x2C8AAD, 0x500AB5, 0xBD35AA, 0xE205D2, 0x4C0DA5, 0x36DD4A, 0xDC0D4A,
        0xC60C95, 0x30952E, 0x540556, 0xBE0AB5, 0xAA55B2, 0x5006D2, 0x38CEA5, 0xDE0725, 0xC8064B, 0x32AC97,
        0x560CAB, 0xC2055A, 0xAC6AD6, 0x520B69, 0x3D7752, 0xE20B52, 0xCC0B25, 0x36DA4B, 0x5A0A4B, 0xC404AB,
        0xAEA55B, 0x5405AD, 0x3E0B6A, 0x2A5B52, 0xD00D92, 0x3AFD25, 0x5E0D25, 0x480A55, 0xB2B4AD, 0x5804B6,
        0x4005B5, 0x2C6DAA, 0xD20EC9, 0x3F1E92, 0x620E92, 0x4C0D26, 0xB6CA56, 0x5A0A57, 0x440556, 0x2E86D5,
        0xD40755, 0x400749, 0x286E93, 0x4E0693, 0xB8F52B, 0x5E052B, 0x460A5B, 0x32B55A, 0xD8056A, 0x420B65,
        0x2C974A, 0x520B4A, 0xBD1A95, 0x620A95, 0x4A052D, 0x34CAAD, 0x5A0AB5, 0x4605AA, 0x2E8BA5, 0x540DA5,
        0x400D4A, 0x2A7C95, 0x4E0C96, 0x38F94E, 0x5E0556, 0x480AB5, 0x32B5B2, 0x5806D2, 0x420EA5, 0x2E8E4A,
        0x50068B, 0x3B0C97, 0x6004AB, 0x4A055B, 0x34CAD6, 0x5A0B6A, 0x460752, 0x309725, 0x540B45, 0x3E0A8B,
        0x28549B, 0xCE04AB,
    ]
}
