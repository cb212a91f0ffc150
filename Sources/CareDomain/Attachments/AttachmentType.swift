/// What kinds of files are taken in: photos, scans and documents as offices send them. The raw value is the stable code.
package enum AttachmentType: String, Hashable, Sendable, CaseIterable {
    case jpeg, png, heic, tiff, bmp
    case pdf
    /// 版式文件, GB/T 33190.
    case ofd
    case docx, xlsx
    /// Documents of older office programs: doc, xls, wps, et.
    case ole
    /// Lists and letters as text, UTF-8 or GB18030.
    case text

    package var code: Code { Code(unchecked: rawValue) }

    /// Codes of those that are photos or scans of one page.
    package static let pictures: Set<Code> = Set([jpeg, png, heic, tiff, bmp].map(\.code))

    /// What stands in the place of a code where the file lies elsewhere, so that nobody looked into it.
    package static let unchecked = Code(unchecked: "unchecked")

    /// The kinds as people name them, for saying what is taken in.
    package static let words = "JPEG、PNG、HEIC、TIFF、BMP、PDF、OFD、DOCX、XLSX、DOC、XLS、WPS、ET、TXT、CSV"
}
