#if FUZZING
    import Foundation

    /// Which reader this process tries; `GUANHUAI_FUZZ` names it.
    private let reader: FuzzedReader = {
        let name = ProcessInfo.processInfo.environment["GUANHUAI_FUZZ"] ?? ""
        guard let reader = FuzzedReader(rawValue: name) else {
            print("GUANHUAI_FUZZ: \(FuzzedReader.allCases.map(\.rawValue).joined(separator: " "))")
            exit(64)
        }
        return reader
    }()

    /// Writes what to begin with instead of trying anything, where `GUANHUAI_FUZZ_SEEDS` names a folder.
    @_cdecl("LLVMFuzzerInitialize")
    public func fuzzBegins(_ count: UnsafeMutableRawPointer, _ arguments: UnsafeMutableRawPointer) -> CInt {
        let environment = ProcessInfo.processInfo.environment
        guard let folder = environment["GUANHUAI_FUZZ_SEEDS"], let corpus = environment["GUANHUAI_FUZZ_CORPUS"] else {
            return 0
        }
        do {
            for (number, seed) in try reader.seeds(corpus: URL(fileURLWithPath: corpus)).enumerated() {
                try Data(seed).write(to: URL(fileURLWithPath: folder).appendingPathComponent("seed-\(number)"))
            }
            exit(0)
        } catch {
            print("\(error)")
            exit(70)
        }
    }

    @_cdecl("LLVMFuzzerTestOneInput")
    public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
        reader.read(Array(UnsafeBufferPointer(start: start, count: count)))
        return 0
    }
#else
    /// Readers of foreign bytes under libFuzzer; only `Tests/fuzz` builds it with the fuzzer inside.
    @main
    enum ReaderFuzz {
        static func main() { print("Tests/fuzz") }
    }
#endif
