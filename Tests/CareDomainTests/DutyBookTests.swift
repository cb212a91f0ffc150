import CareDomain
import CareTestKit
import Testing

/// Duties reported, corrected, withdrawn; lists with receipts; questions before projects; surveys and samples.
@Suite("职责簿")
struct DutyBookTests {
    private static func done(_ period: String, _ evidence: DutyEvidence = .files(1)) -> DutyEvent {
        .reported(DutyReported(key: DutyBench.key(period), evidence: evidence))
    }

    private static func correction(_ of: EventReference, _ evidence: DutyEvidence = .files(1)) -> DutyEvent {
        .corrected(DutyCorrected(report: of, evidence: evidence, reason: Code(unchecked: "typo")))
    }

    @Test("未报：未到、将到期、逾期；报了按所报之日算按期或逾期完成，之前仍按未报")
    func states() throws {
        var bench = DutyBench()
        #expect(bench.state("2014", on: "2014-11-30") == .open)
        #expect(bench.state("2014", on: "2014-12-01") == .warned)
        #expect(bench.state("2014", on: "2014-12-31") == .warned)
        #expect(bench.state("2014", on: "2015-01-01") == .overdue)
        let report = try bench.carryOut(Self.done("2014"), on: "2014-12-31")
        #expect(bench.state("2014", on: "2014-12-30") == .warned)
        #expect(bench.state("2014", on: "2014-12-31") == .done)
        try bench.carryOut(Self.correction(report), on: "2015-01-01")
        #expect(bench.state("2014", on: "2014-12-31") == .warned)
        #expect(bench.state("2014", on: "2015-01-01") == .doneLate)
        try bench.carryOut(
            .withdrawn(DutyWithdrawn(report: report, reason: Code(unchecked: "not_done"))), on: "2015-02-01")
        #expect(bench.state("2014", on: "2015-01-01") == .overdue)
        #expect(bench.book.reports[0].said.count == 2)
        #expect(bench.refusal(Self.correction(report), on: "2015-01-02") == .unknownDutyReport)
        try bench.carryOut(Self.done("2014"), on: "2015-02-20")
        #expect(bench.state("2014", on: "2015-02-20") == .doneLate)
        #expect(bench.book.reports.count == 2)
    }

    @Test("不认识的职责、没有的期间、未开始的期间、未来的日子、没有凭据、重复报告都退回")
    func refusals() throws {
        var bench = DutyBench()
        let other = DutyKey(pack: DutyBench.pack, clause: ClauseID("GY-9.9")!, period: Code(unchecked: "2014"))
        let proof = DutyEvidence.files(1)
        #expect(bench.refusal(.reported(DutyReported(key: other, evidence: proof)), on: "2014-12-01") == .unknownDuty)
        #expect(bench.refusal(Self.done("2014-q5"), on: "2014-12-01") == .dutyPeriod)
        #expect(bench.refusal(Self.done("2016"), on: "2015-02-01") == .dutyPeriodAhead)
        #expect(bench.refusal(Self.done("2015"), on: "2015-03-02") == .dayInFuture)
        #expect(bench.refusal(Self.done("2014", DutyEvidence()), on: "2014-12-01") == .dutyEvidence)
        #expect(bench.refusal(Self.done("2014", DutyEvidence(count: 0)), on: "2014-12-01") == .dutyEvidence)
        let report = try bench.carryOut(Self.done("2014"), on: "2014-12-01")
        #expect(bench.refusal(Self.done("2014"), on: "2014-12-02") == .dutyReported)
        #expect(bench.refusal(Self.correction(report), on: "2014-12-01") == .nothingToDo)
        #expect(bench.book.reports[0].department == bench.department)
    }

    @Test("职责由主管部门报告、更正、撤回：别的部门一概退回；村的由乡镇、卫生健康部门也可以")
    func owners() throws {
        func photos() -> DutyEvent {
            .reported(
                DutyReported(key: DutyBench.key("2014", DutyBench.photos), evidence: DutyEvidence(count: 5)))
        }
        for (department, mayReport, maySupervise) in [
            ("org.community", true, false), ("org.township", true, false), ("dept.fp", true, true),
            ("dept.health_commission", true, true), ("dept.education", false, false), ("dept.hrss", false, false),
            ("none", false, false), ("guanhuai", false, false),
        ] {
            var bench = DutyBench()
            bench.department = DepartmentID(unchecked: department)
            let said = bench.refusal(photos(), on: "2014-11-20")
            #expect(said == (mayReport ? nil : .dutyOwner), "\(department)")
            let supervision = bench.refusal(Self.done("2014"), on: "2014-12-01")
            #expect(supervision == (maySupervise ? nil : .dutyOwner), "\(department)")
        }
        var bench = DutyBench()
        let report = try bench.carryOut(Self.done("2014"), on: "2014-12-01")
        let taken = DutyEvent.withdrawn(DutyWithdrawn(report: report, reason: Code(unchecked: "x")))
        bench.department = DepartmentID(unchecked: "dept.education")
        #expect(bench.refusal(Self.correction(report), on: "2014-11-30") == .dutyOwner)
        #expect(bench.refusal(taken, on: "2014-12-02") == .dutyOwner)
        bench.department = DepartmentID(unchecked: "dept.health_commission")
        try bench.carryOut(taken, on: "2014-12-02")
    }

    @Test("照片 5 至 10 张：4 张、11 张退回，5 张、10 张收下；26 日报的算逾期完成")
    func pieces() throws {
        for (number, reason) in [(4, Refusal.Reason.dutyPieces), (5, nil), (10, nil), (11, .dutyPieces)] {
            var bench = DutyBench()
            let event = DutyEvent.reported(
                DutyReported(key: DutyBench.key("2014", DutyBench.photos), evidence: .files(UInt8(number))))
            #expect(bench.refusal(event, on: "2014-11-26") == reason, "\(number)")
            guard reason == nil else { continue }
            #expect(bench.state("2014", on: "2014-11-26", DutyBench.photos) == .doneLate)
        }
    }

    @Test("文字材料不算照片：五张照片加一份说明收下，五份文字退回；是什么由存储按内容认定，命令怎么说都不算")
    func onlyPhotosCount() throws {
        func refusal(_ types: [String], said: String = "jpeg", counted: Int? = nil) -> Refusal.Reason? {
            var bench = DutyBench()
            var evidence = DutyEvidence.files(UInt8(types.count))
            evidence.types = types.map { _ in Code(unchecked: said) }
            evidence.count = counted
            bench.kept = Dictionary(
                uniqueKeysWithValues: zip(evidence.attachments, types.map { Code(unchecked: $0) }))
            let report = DutyReported(key: DutyBench.key("2014", DutyBench.photos), evidence: evidence)
            return bench.refusal(.reported(report), on: "2014-11-20")
        }
        let photos = ["jpeg", "png", "heic", "jpeg", "jpeg"]
        #expect(refusal(photos) == nil && refusal(photos + ["docx"]) == nil)
        #expect(refusal(Array(repeating: "text", count: 5)) == .dutyPieces)
        #expect(refusal(Array(photos.dropLast()) + ["text"]) == .dutyPieces)
        #expect(refusal(photos, said: "text") == nil)
        // Pieces kept elsewhere stand beside the files, not in their place.
        #expect(refusal(["jpeg", "png"], counted: 3) == nil && refusal(["docx"], counted: 4) == .dutyPieces)
        #expect(refusal(photos, counted: 6) == .dutyPieces)
    }

    @Test("只报摘要的文件没人看过内容：收下，记作未核，命令自称的类型不记")
    func onlyDigests() throws {
        var bench = DutyBench()
        var evidence = DutyEvidence.files(5)
        evidence.types = Array(repeating: Code(unchecked: "jpeg"), count: 5)
        let key = DutyBench.key("2014", DutyBench.photos)
        let report = try bench.carryOut(
            .reported(DutyReported(key: key, evidence: evidence)), on: "2014-11-20")
        let said = try #require(bench.book.report(of: key)?.said.last?.evidence)
        #expect(said.types.isEmpty && said.uncheckedFiles == 5 && said.photos == 5)
        // Put there later, the store tells of one of them what it is.
        bench.kept = [DutyBench.digest(0): Code(unchecked: "png")]
        try bench.carryOut(
            .corrected(DutyCorrected(report: report, evidence: said, reason: Code(unchecked: "file_added"))),
            on: "2014-11-20")
        let corrected = try #require(bench.book.report(of: key)?.said.last?.evidence)
        #expect(corrected.types.map(\.rawValue) == ["png", "unchecked", "unchecked", "unchecked", "unchecked"])
        #expect(corrected.uncheckedFiles == 4 && corrected.photos == 5)
    }

    @Test("名单：同期再送须写明替换；只有接收部门能签收，文件不同不予签收，过期未签显示逾期")
    func exchange() throws {
        var bench = DutyBench()
        func list(_ byte: UInt8, to: String = "dept.hrss", replaces: EventReference? = nil) -> DutyEvent {
            .listSent(
                ListSent(
                    kind: Code(unchecked: "training"), period: Code(unchecked: "2014"), digest: DutyBench.digest(byte),
                    rows: 3, to: DepartmentID(unchecked: to), dueOn: DutyBench.day("2014-04-10"),
                    replacement: replaces.map { DutyReplacement($0, reason: Code(unchecked: "row_missing")) }))
        }
        func receipt(_ list: EventReference, _ byte: UInt8) -> DutyEvent {
            .listReceived(ListReceived(list: list, digest: DutyBench.digest(byte)))
        }
        #expect(bench.refusal(list(1), on: "2014-04-11") == .dueDayPast)
        #expect(bench.refusal(list(1, to: "dept.hrs"), on: "2014-04-01") == .unknownAddressee)
        #expect(
            bench.refusal(list(1, replaces: EventReference(sequence: 9)), on: "2014-04-01") == .unknownExchange)
        let first = try bench.carryOut(list(1), on: "2014-04-01")
        #expect(bench.book.exchanges[0].list.from == bench.department)
        #expect(bench.refusal(list(2), on: "2014-04-02") == .exchangeExists)
        #expect(bench.refusal(list(1, replaces: first), on: "2014-04-02") == .nothingToDo)
        let second = try bench.carryOut(list(2, replaces: first), on: "2014-04-02")
        #expect(bench.refusal(receipt(second, 2), on: "2014-04-03") == .notAddressee)
        bench.department = DepartmentID(unchecked: "dept.hrss")
        #expect(bench.refusal(list(3), on: "2014-04-02") == .sameDepartment)
        #expect(bench.refusal(receipt(first, 1), on: "2014-04-03") == .unknownExchange)
        #expect(bench.refusal(receipt(second, 2), on: "2014-04-01") == .beforeItsCause)
        #expect(bench.refusal(receipt(second, 7), on: "2014-04-11") == .exchangeDigest)
        #expect(bench.book.exchanges.map { $0.state(on: DutyBench.day("2014-04-10")) } == [.replaced, .open])
        // On the day before, nothing had taken its place.
        #expect(bench.book.exchanges[0].state(on: DutyBench.day("2014-04-01")) == .open)
        #expect(bench.book.exchanges[1].state(on: DutyBench.day("2014-04-11")) == .overdue)
        try bench.carryOut(receipt(second, 2), on: "2014-04-11")
        #expect(bench.book.exchanges[1].state(on: DutyBench.day("2014-04-11")) == .receivedLate)
        #expect(bench.book.exchanges[1].state(on: DutyBench.day("2014-04-10")) == .open)
        #expect(bench.refusal(receipt(second, 2), on: "2014-04-12") == .exchangeReceived)
    }

    @Test("事先征询：一个项目问一次，只有被问的部门答复，未答复不能安排项目")
    func consultation() throws {
        var bench = DutyBench()
        bench.department = DepartmentID(unchecked: "dept.water")
        let asked = DutyEvent.asked(
            ConsultationAsked(
                project: Code(unchecked: "well-7"), kind: Code(unchecked: "water"), clause: ClauseID("GY-3.18a")!,
                to: DepartmentID(unchecked: "dept.fp"), dueOn: DutyBench.day("2014-05-11")))
        let question = try bench.carryOut(asked, on: "2014-05-01")
        let answer = DutyEvent.answered(ConsultationAnswered(question: question, outcome: .conditions))
        let arranged = DutyEvent.arranged(ProjectArranged(question: question))
        #expect(bench.refusal(asked, on: "2014-05-02") == .consultationExists)
        #expect(bench.refusal(answer, on: "2014-05-02") == .notAddressee)
        #expect(bench.refusal(arranged, on: "2014-05-02") == .consultationOpen)
        #expect(bench.book.consultations[0].state(on: DutyBench.day("2014-05-12")) == .overdue)
        bench.department = DepartmentID(unchecked: "dept.fp")
        try bench.carryOut(answer, on: "2014-05-12")
        #expect(bench.refusal(answer, on: "2014-05-13") == .consultationAnswered)
        #expect(bench.refusal(arranged, on: "2014-05-13") == .notAddressee)
        bench.department = DepartmentID(unchecked: "dept.water")
        #expect(bench.refusal(arranged, on: "2014-05-11") == .consultationOpen)
        #expect(bench.book.consultations[0].state(on: DutyBench.day("2014-05-12")) == .answeredLate)
        try bench.carryOut(arranged, on: "2014-05-13")
        #expect(bench.book.consultations[0].state(on: DutyBench.day("2014-05-13")) == .arranged)
    }

    @Test("调查：人数须递减，90% 含本数，更正替换前一份")
    func surveys() throws {
        var bench = DutyBench()
        func result(_ asked: Int, _ answered: Int, _ positive: Int, _ replaces: EventReference? = nil) -> SurveyStated {
            SurveyStated(
                key: DutyBench.key("2014"), measure: Code(unchecked: "satisfaction"), asked: asked, answered: answered,
                positive: positive,
                replacement: replaces.map { DutyReplacement($0, reason: Code(unchecked: "recount")) })
        }
        for (asked, answered, positive) in [(0, 0, 0), (10, 11, 1), (10, 9, 10), (10, -1, -1)] {
            #expect(
                bench.refusal(.surveyStated(result(asked, answered, positive)), on: "2014-12-01") == .surveyCounts)
        }
        let first = try bench.carryOut(.surveyStated(result(200, 100, 90)), on: "2014-12-01")
        #expect(bench.book.surveys[0].result.reaches(percent: 90))
        #expect(bench.refusal(.surveyStated(result(200, 100, 89)), on: "2014-12-02") == .surveyExists)
        try bench.carryOut(.surveyStated(result(200, 100, 89, first)), on: "2014-12-02")
        #expect(!bench.book.surveys[1].result.reaches(percent: 90))
        #expect(bench.book.surveys.map(\.isReplaced) == [true, false])
        #expect(!result(5, 0, 0).reaches(percent: 90))
    }

    @Test("评估用的调查结果由上一级登记：被评估的单位自己不能，别的年度、没有评估的不限")
    func surveysOfTheEvaluation() {
        func result(_ period: String) -> DutyEvent {
            .surveyStated(
                SurveyStated(
                    key: DutyBench.key(period), measure: Code(unchecked: "satisfaction"), asked: 10, answered: 10,
                    positive: 10))
        }
        var bench = DutyBench()
        bench.evaluatedIn = 2014...2014
        bench.actsFor = [DutyBench.city]
        #expect(bench.refusal(result("2014"), on: "2014-12-01") == .unitAbove)
        #expect(bench.refusal(result("2013"), on: "2014-12-01") == nil)
        bench.actsFor = [DivisionCode("520000")!]
        #expect(bench.refusal(result("2014"), on: "2014-12-01") == nil)
    }

    @Test("抽样：同一用途和期间再抽须写明原因")
    func samples() throws {
        var bench = DutyBench()
        func sample(_ seed: UInt64, _ replaces: EventReference? = nil) -> DutyEvent {
            .sampleDrawn(
                SampleDrawn(
                    purpose: Code(unchecked: "calls"), period: Code(unchecked: "2014"), size: 5, seed: seed,
                    replacement: replaces.map { DutyReplacement($0, reason: Code(unchecked: "moved")) }))
        }
        let first = try bench.carryOut(sample(1), on: "2014-12-01")
        #expect(bench.refusal(sample(2), on: "2014-12-01") == .sampleExists)
        try bench.carryOut(sample(2, first), on: "2014-12-02")
        #expect(bench.refusal(sample(3, first), on: "2014-12-02") == .sampleExists)
        #expect(bench.book.samples.map(\.isReplaced) == [true, false])
    }

    @Test("任意顺序的报告、更正、撤回：状态与逐条手算相同", arguments: 1...60)
    func agreesWithBruteForce(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var bench = DutyBench()
        let start = DutyBench.day("2014-10-01")
        /// By hand: the day it was done, or nothing.
        var doneOn: CivilDay?
        for _ in 0..<Int.random(in: 1...12, using: &generator) {
            let day = start + Int32.random(in: 0...140, using: &generator)
            let standing = bench.book.standing(DutyBench.key("2014"))
            switch Int.random(in: 0...2, using: &generator) {
            case 0:
                let refusal = bench.refusal(Self.done("2014"), on: "\(day)")
                #expect(refusal == (doneOn == nil ? nil : .dutyReported))
                if refusal == nil { doneOn = day }
            case 1:
                let of = standing?.reference ?? EventReference(sequence: 999)
                let refusal = bench.refusal(Self.correction(of), on: "\(day)")
                #expect(refusal == (doneOn == nil ? .unknownDutyReport : doneOn == day ? .nothingToDo : nil))
                if refusal == nil { doneOn = day }
            default:
                let of = standing?.reference ?? EventReference(sequence: 999)
                let withdrawn = DutyWithdrawn(report: of, reason: Code(unchecked: "not_done"))
                let refusal = bench.refusal(.withdrawn(withdrawn), on: "\(day)")
                #expect(refusal == (doneOn == nil ? .unknownDutyReport : nil))
                doneOn = nil
            }
            for offset in stride(from: Int32(0), through: 150, by: 7) {
                let asked = start + offset
                let expected: DutyState =
                    if let doneOn, doneOn <= asked {
                        doneOn > DutyBench.day("2014-12-31") ? .doneLate : .done
                    } else if asked > DutyBench.day("2014-12-31") {
                        .overdue
                    } else {
                        asked >= DutyBench.day("2014-12-01") ? .warned : .open
                    }
                #expect(bench.state("2014", on: "\(asked)") == expected, "seed \(seed) \(asked)")
            }
        }
    }
}
