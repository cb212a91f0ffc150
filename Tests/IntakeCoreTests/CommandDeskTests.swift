import ArchiveClient
import CareDomain
import Testing

@testable import IntakeCore

@Suite("窗口：同一对象的命令一个接一个，不同对象并行")
struct CommandDeskTests {
    /// A command that asks for as many batches as it is told to, then ends.
    struct Run: CommandRun {
        enum Need {
            case ask(Int)
            case end(CommandResult)
        }

        let subject: Int
        let token: RequestToken
        let questions: [Int]
        let survives: Bool
        private(set) var heard: [Int] = []

        init(_ subject: Int, _ token: UInt64, asks questions: [Int] = [0], survives: Bool = false) {
            self.subject = subject
            self.token = RequestToken(token)
            self.questions = questions
            self.survives = survives
        }

        func start() -> [Need] { questions.isEmpty ? [.end(.failed(.contention))] : questions.map(Need.ask) }

        func step(for need: Need, _ call: CallID) -> RunStep<Int> {
            switch need {
            case .ask(let question):
                .ask(.readUnit(call, DivisionCode("431002")!, after: UInt64(question)), about: question)
            case .end(let result): .end(result)
            }
        }

        mutating func goOn(after failure: FlowFailure, _ asked: Int) -> [Need]? { survives ? take(asked) : nil }

        /// Ends as `contention` when all that was asked is answered.
        mutating func take(_ asked: Int) -> [Need] {
            heard.append(asked)
            return heard.count == questions.count ? [.end(.failed(.contention))] : []
        }
    }

    private var desk = CommandDesk<Run>(mostCommands: 3)
    private var numbers = CallNumbers()

    private mutating func add(_ run: Run) -> [String] { Self.words(desk.add(run, &numbers)) }

    private mutating func answer(_ call: UInt64) -> [String]? {
        desk.answer(CallID(call), &numbers) { run, asked in run.take(asked) }.map(Self.words)
    }

    private mutating func fail(_ call: UInt64) -> [String]? {
        desk.failed(CallID(call), .unreadable, &numbers).map(Self.words)
    }

    /// `ask 2 about 0` for call number 2; `reply 7` for an end as planned, `lost 7` for one with another failure.
    private static func words(_ actions: [IntakeAction]) -> [String] {
        actions.map { action in
            switch action {
            case .readUnit(let call, _, let question): "ask \(call.rawValue) about \(question)"
            case .reply(let token, .failed(.contention)): "reply \(token.rawValue)"
            case .reply(let token, _): "lost \(token.rawValue)"
            default: "?"
            }
        }
    }

    @Test("后来的等前一个结束，按来的次序")
    mutating func oneAfterAnother() {
        #expect(add(Run(1, 10)) == ["ask 1 about 0"])
        #expect(add(Run(1, 11)) == [])
        #expect(add(Run(2, 20)) == ["ask 2 about 0"])
        #expect(desk.isFull)
        #expect(answer(2) == ["reply 20"])
        #expect(!desk.isFull)
        #expect(add(Run(1, 12)) == [])
        #expect(answer(1) == ["reply 10", "ask 5 about 0"])
        #expect(answer(5) == ["reply 11", "ask 7 about 0"])
    }

    @Test("一结束就开始下一个，一开始就结束的也一样")
    mutating func next() {
        #expect(add(Run(1, 10)) == ["ask 1 about 0"])
        #expect(add(Run(1, 11, asks: [])) == [])
        #expect(add(Run(1, 12, asks: [5])) == [])
        #expect(answer(1) == ["reply 10", "reply 11", "ask 4 about 5"])
        #expect(answer(4) == ["reply 12"])
        #expect(answer(4) == nil)
    }

    @Test("别的窗口的答复不认；同时问的几件，结束以后的答复不再算数")
    mutating func lateAnswers() {
        #expect(add(Run(1, 10, asks: [0, 1, 2])) == ["ask 1 about 0", "ask 2 about 1", "ask 3 about 2"])
        #expect(answer(99) == nil)
        #expect(answer(2) == [])
        #expect(fail(1) == ["lost 10"])
        #expect(answer(3) == nil)
        #expect(!desk.isFull)
        #expect(add(Run(1, 11)).count == 1)
    }

    @Test("没有答复的调用，命令自己能接着办的就接着办")
    mutating func goesOn() {
        #expect(add(Run(1, 10, asks: [0, 1], survives: true)) == ["ask 1 about 0", "ask 2 about 1"])
        #expect(fail(1) == [])
        #expect(answer(2) == ["reply 10"])
    }
}
