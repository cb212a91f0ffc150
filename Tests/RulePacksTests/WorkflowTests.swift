import CareDomain
import RuleEngine
import RulePacks
import Testing

/// The workflows of the packs: what the documents say of procedure, and what a pack may not say.
@Suite("政策包里的办理程序")
struct WorkflowTests {
    /// Facts that some departments see, by pack and by id.
    private static let restricted: [String: [String]] = [
        "boshan-2021": ["household.visit_priority", "person.account_ref"],
        "chenzhou-2014": [
            "household.adopter_conditions_met", "household.adoption_wish", "household.assisted_reproduction_kind",
            "household.assisted_reproduction_on", "household.other_means_failed", "household.rebirth_wish",
            "incident.date", "incident.death", "incident.disability_grade", "incident.kind",
            "person.assisted_conception_needed", "person.care_dependency", "person.guardian_consented_on",
            "person.guardian_named_on", "person.guardian_notarised_on", "person.labour_capacity",
            "person.medical_aid_cost",
        ],
        "guiyang-2013": [
            "household.income_per_head", "person.complication_grade", "person.labour_capacity", "person.medical_cost",
            "person.prepregnancy_target",
        ],
        "wenzhou-2021": [
            "household.family_support_lacking", "household.health_need", "person.income_lost_covid",
            "person.serious_illness",
        ],
        // Of a case all or nothing: the pack says it at the principal.
        "xiamen-2017": [
            "household.fp_hardship",
            "loan.borrower_has_running_loan", "loan.borrower_informed_on", "loan.days", "loan.district",
            "loan.due_on", "loan.guaranteed_on", "loan.guarantor_on_agreement", "loan.interest_rate",
            "loan.interest_years", "loan.lender_ref", "loan.mode", "loan.paid_out_on", "loan.principal",
            "loan.principal_past_due", "loan.repaid", "loan.responsible_ref", "loan.signed_by_applicant_on",
            "loan.signed_by_project_lead_on", "loan.signed_by_township_on", "loan.written_off_on",
        ],
    ]

    private static func pack(_ id: String) throws -> RulePack {
        try #require(try PackLibrary.bundled.packs().first { $0.id.rawValue == id })
    }

    @Test("温州：申报、县级审核、公示、确认、录入，11月10日前；发放12月10日前")
    func wenzhou() throws {
        let pack = try Self.pack("wenzhou-2021")
        let workflow = try #require(pack.workflows.first?.workflow([]))
        #expect(
            workflow.steps.map(\.code.rawValue) == [
                "declare", "review", "notice", "confirm", "enter", "pay", "archive",
            ])
        #expect(workflow.steps[1].level == .county && workflow.steps[5].function == .payment)
        let reached = CivilDay(parsing: "2021-10-08")!
        #expect(workflow.steps[1].deadline(from: reached) == CivilDay(parsing: "2021-11-10"))
        #expect(workflow.steps[5].deadline(from: reached) == CivilDay(parsing: "2021-12-10"))
        #expect(workflow.steps[2].noticeDays(on: reached) == nil, "the document does not say how long")
        let open = try #require(workflow.steps[4].window)
        #expect(open.clause.rawValue == "WZ-5.3d")
        #expect(open.days(in: 2021) == CivilDay(parsing: "2021-05-10")!...CivilDay(parsing: "2021-11-20")!)
        #expect(workflow.steps.filter { $0.window != nil }.map(\.code.rawValue) == ["enter"])
        let clause = try #require(ClauseID("WZ-3.1"))
        #expect(
            workflow.papers(through: Code(unchecked: "pay"), for: clause).map(\.title) == [
                "申请表", "证明材料", "公示单", "领取凭据",
            ])
    }

    @Test(
        "五个政策包都写明四项职能由哪些部门办；财政管钱，重点走访标记只给列明的部门",
        arguments: [
            "chenzhou-2014", "wenzhou-2021", "boshan-2021", "guiyang-2013", "xiamen-2017",
        ])
    func offices(id: String) throws {
        let pack = try Self.pack(id)
        #expect(Set(pack.functions.keys) == Set(CaseFunction.allCases))
        #expect(pack.functions.values.allSatisfy { !$0.isEmpty && Set($0).count == $0.count })
        #expect(pack.functions[.fund]?.contains(DepartmentID(unchecked: "dept.finance")) == true)
        for rule in pack.rules where rule.kind.rawValue == "cash_entitlement" {
            guard let department = rule.department, department != DepartmentID(unchecked: "org.employer") else {
                continue
            }
            #expect(
                CaseFunction.allCases.contains { pack.functions[$0]?.contains(department) == true },
                "\(rule.clause) \(department)")
        }
        // 档案、事实、伤残鉴定、借款的申请和认定不由管钱的登记；温州不问伤残，也没有借款。
        let stated: Set<OwnedAct> =
            switch id {
            case "wenzhou-2021": []
            case "xiamen-2017": [.loanApplication, .loanExit, .loanHelper]
            default: [.disabilityAssessment]
            }
        #expect(Set(pack.owners.keys) == stated.union([.file, .facts]))
        let levels = [KnownOffices.community, KnownOffices.township]
        #expect(pack.owners.values.allSatisfy { Set(levels).isSubset(of: $0) && Set($0).count == $0.count })
        #expect(!pack.owners.values.joined().contains(DepartmentID(unchecked: "dept.finance")))
        // 受限查看：各包写明了的，一个不多一个不少；登记它的村（居）、乡镇看得到，没有一项给民族宗教、工会这类没有条款的部门。
        let restricted = pack.vocabulary.facts.filter { $0.shownTo != nil }
        #expect(restricted.map(\.id.rawValue) == Self.restricted[id])
        for fact in restricted {
            let seeing = Set(fact.shownTo ?? [])
            #expect(seeing.isSuperset(of: levels) && !seeing.contains(DepartmentID(unchecked: "dept.union")))
            #expect(!seeing.contains(KnownOffices.none) && !seeing.contains(KnownOffices.house))
        }
    }

    @Test("公示天数由参数设定，按日期；后设的盖过先设的")
    func noticeParameter() throws {
        let pack = try Self.pack("wenzhou-2021")
        let parameter = try #require(ParameterID("wz.public_notice_days"))
        let values = [
            ParameterValue(
                parameter: parameter, value: .int(7), period: DayPeriod(start: CivilDay(parsing: "2021-01-01")!)),
            ParameterValue(
                parameter: parameter, value: .int(5), period: DayPeriod(start: CivilDay(parsing: "2021-10-01")!)),
        ]
        var registry = PackRegistry()
        registry.add(pack)
        let clause = try #require(ClauseID("WZ-3.3b"))
        let workflow = try #require(registry.policyCatalog(parameters: values).workflow(for: clause))
        #expect(workflow.steps[2].noticeDays(on: CivilDay(parsing: "2021-09-30")!) == 7)
        #expect(workflow.steps[2].noticeDays(on: CivilDay(parsing: "2021-10-01")!) == 5)
        #expect(workflow.steps[2].noticeDays(on: CivilDay(parsing: "2020-10-01")!) == nil)
    }

    @Test("郴州两种程序，博山没有公示，厦门层层审核，贵阳文件没有写")
    func others() throws {
        let chenzhou = try Self.pack("chenzhou-2014").workflows.map(\.workflow)
        #expect(chenzhou.map(\.code.rawValue) == ["assistance", "relief"])
        #expect(chenzhou[0].steps.map(\.level).prefix(4) == [.village, .village, .township, .county])
        #expect(chenzhou[0].reverification?.exitReasons.count == 7 && chenzhou[1].reverification == nil)
        #expect(chenzhou[1].aboutDeceased.map(\.rawValue) == ["CZ-2.11a"])
        let boshan = try #require(try Self.pack("boshan-2021").workflows.first?.workflow)
        #expect(!boshan.steps.contains { $0.kind == .notice })
        #expect(boshan.steps[3].deadline(from: CivilDay(parsing: "2021-05-03")!) == CivilDay(parsing: "2021-06-30"))
        #expect(try Self.pack("xiamen-2017").workflows.first?.workflow.steps.count == 6)
        #expect(try Self.pack("guiyang-2013").workflows.isEmpty)
        for id in ["chenzhou-2014", "wenzhou-2021", "boshan-2021", "xiamen-2017"] {
            let findings = PackLint(try Self.pack(id)).findings
            #expect(
                !findings.contains {
                    ["lint.workflow_clause_twice", "lint.paper_unasked", "lint.notice_unmeasured"].contains($0.code)
                })
        }
    }

    @Test("两版之间办理程序改了哪一步，比得出来")
    func difference() throws {
        let file = try #require(try PackLibrary.bundled.packFiles(of: "wenzhou-2021").first)
        let text = String(decoding: file.bytes, as: UTF8.self)
        let old = try RulePack.load(bytes: file.bytes, name: "old")
        let changed = text.replacing("notice_days: wz.public_notice_days,", with: "notice_days: 7,")
            .replacing("{id: archive, zh: 归档,", with: "{id: archive, zh: 存档,")
        let new = try RulePack.load(bytes: Array(changed.utf8), name: "new")
        #expect(PackDifference(from: old, to: old).changes.isEmpty)
        let changes = PackDifference(from: old, to: new).changes
        #expect(changes.map(\.part) == [.workflow, .workflow])
        #expect(changes.map(\.field) == ["steps.archive", "steps.notice"])
        #expect(changes.last?.before?.hasSuffix("notice wz.public_notice_days") == true)
        #expect(changes.last?.after?.hasSuffix("notice 7") == true)
    }

    @Test("次序不对、材料没声明、期限定不出日子、确认步骤写职能：整包拒绝，一次说全")
    func refused() throws {
        let file = try #require(try PackLibrary.bundled.packFiles(of: "boshan-2021").first)
        let text = String(decoding: file.bytes, as: UTF8.self)
        func codes(_ old: String, _ new: String) -> Set<String> {
            let changed = text.replacing(old, with: new)
            guard changed != text else { return ["unchanged"] }
            do throws(PackRefused) {
                _ = try RulePack.load(bytes: Array(changed.utf8), name: "b.yaml")
                return []
            } catch {
                return Set(error.issues.map(\.code))
            }
        }
        #expect(
            codes(
                "kind: record, level: township, due: quarter_end}\n    reverify",
                "kind: review, level: township}\n    reverify") == ["pack.workflow_order"])
        #expect(
            codes("kind: declare, level: village}", "kind: declare, level: village, papers: [form]}") == [
                "pack.bad_value"
            ])
        #expect(
            codes("kind: confirm, level: township, due: quarter_end}", "kind: confirm, level: township, due: always}")
                == ["pack.step_due"])
        #expect(
            codes(
                "kind: confirm, level: township, due: quarter_end}",
                "kind: confirm, level: township, function: payment}") == ["pack.step_function"])
        #expect(
            codes("kind: confirm, level: township, due: quarter_end}", "kind: confirm, level: province}") == [
                "pack.bad_value"
            ])
        #expect(codes("clauses: [BS-3.1a]\n    steps", "clauses: [BS-9.9]\n    steps") == ["pack.bad_value"])
        #expect(
            codes(
                "kind: confirm, level: township, due: quarter_end}", "kind: confirm, level: township, notice_days: 7}")
                == ["pack.step_notice"])
    }
}
