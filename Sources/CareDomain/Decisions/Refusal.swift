/// A refusal that rules foresee: what is wrong, in which field, and what to do. A value, never thrown.
package struct Refusal: Hashable, Sendable, Error {
    /// Stable numbers; users and programs may rely on them.
    package enum Reason: Int, Hashable, Sendable, CaseIterable {
        case householdNotFound = 1101
        case householdNotActive = 1102
        case householdExists = 1103
        case commandAbandoned = 1104
        case staleView = 1105
        case notYourDivision = 1106
        case missingRight = 1107
        case closedWithOpen = 1108
        case dayInFuture = 1201
        case dayTooEarly = 1202
        case dayOrder = 1203
        case learnedOnNotAllowed = 1204
        case noMembers = 1301
        case personUnknown = 1302
        case personInHousehold = 1303
        case personElsewhere = 1304
        case roleTaken = 1305
        case alreadyDead = 1306
        case idNumberInvalid = 1307
        case idNumberDisagrees = 1308
        case gradeOutOfRange = 1309
        case personNotPresent = 1310
        case numberNeverChanges = 1311
        case personTwice = 1312
        case mayBeLaterChild = 1313
        case deathInName = 1314
        case spouseStays = 1315
        case noRulesHere = 1316
        case personBack = 1317
        case namesakeElsewhere = 1318
        case namesakeWithoutReason = 1319
        case backAsKnown = 1320
        case adoptedParent = 1321
        case unknownFact = 1401
        case factForm = 1402
        case factCode = 1403
        case factSubject = 1404
        case unknownCode = 1405
        case roleSex = 1420
        case afterDeath = 1421
        case membersLive = 1422
        case archiveNumberTaken = 1423
        case handOutEarly = 1424
        case handOutItems = 1425
        case mergeUnfinished = 1428
        case handOutInMerged = 1429
        case dueNetted = 1430
        case duePartlyNetted = 1431
        case grantedInOtherFile = 1432
        case earlierBatchDamaged = 1433
        case functionsUnproven = 1434
        case handOutAfterMerge = 1435
        case dueElsewhere = 1436
        case duePlaceMissing = 1437
        case payeeDiedUnsent = 1438
        case correctionElsewhere = 1445
        case toldInOtherFile = 1446
        case dueNotKnown = 1466
        case openMonthsLeft = 1467
        case dueAwaitsDecision = 1809
        case awaitsRegularBatch = 1480
        case leftToRegularBatches = 1481
        case letGoForBatchesToo = 1482
        case deathUnrecorded = 1447
        case debtorDied = 1448
        case recoveryUnreceived = 1449
        case nothingReceived = 1450
        case monthsToCome = 1451
        case helperIncomplete = 1452
        case helperCompleted = 1453
        case accountsDiffer = 1454
        case lineOnHold = 1455
        case payeeDeathUnrecorded = 1460
        case institutionUnnamed = 1468
        case dueInOtherFile = 1469
        case adoptionUndated = 1490
        case adoptedChildDied = 1491
        case bornBeforeOnlyChild = 1492
        case numberOfResidence = 1493
        case numberOfCounty = 1494
        case subsidyShare = 1461
        case modeOfDistrict = 1462
        case fundHistoryOverlaps = 1463
        case loanOfClosedFile = 1464
        case closedWithLoans = 1465
        case entryReversed = 1456
        case unknownEntry = 1457
        case entryRestedOn = 1458
        case earlierReopened = 1459
        case reversedAtReceiver = 6137
        case reversedBySame = 6138
        case grantBeforeConfirmation = 1470
        case grantBeforeRight = 1471
        case dutyOfEvaluator = 1472
        case reportOwner = 1473
        case sumSetTwice = 1474
        case grantGivenOtherwise = 1475
        case referenceOfOtherFile = 1476
        case applicationGranted = 1477
        case advanceOfSelfFunded = 1478
        case orderedTwice = 1479
        case guardianState = 1501
        case guardianIsSelf = 1502
        case unknownPairingKind = 1601
        case alreadyPaired = 1602
        case notPaired = 1603
        case helperOverlap = 1604
        case helperIsMember = 1605
        case helperWithoutName = 1606
        case helperAlike = 1607
        case amountIsFixed = 1070
        case unknownVisitForm = 1701
        case unknownNeed = 1702
        case needClosed = 1703
        case itemsOutOfRange = 1704
        case unknownPlanItem = 1705
        case unknownClause = 1711
        case nothingToDecide = 1712
        case refusalStands = 1495
        case awardOutOfBounds = 1713
        case awardWithoutAmount = 1714
        case unknownDecision = 1715
        case secondApproverMissing = 1716
        case secondApproverSame = 1717
        case functionHeld = 1718
        case unknownBatch = 1751
        case batchState = 1752
        case batchScope = 1753
        case batchEmpty = 1754
        case nothingToIssue = 1755
        case unknownBankFile = 1756
        case unknownReference = 1757
        case lineTwice = 1758
        case lineSum = 1759
        case answerTotals = 1760
        case unknownPaymentLine = 1761
        case lineState = 1762
        case householdDamaged = 1764
        case sumWithoutPayer = 1765
        case paidByOthers = 1750
        case paidInOtherFile = 1766
        case arrearsWait = 1767
        case lineHeld = 1768
        case lineNeedsFact = 1485
        case lineAwaitsDecision = 1810
        case lineRuleFails = 1486
        case coversFigures = 1487
        case factOwner = 1488
        case fileOwner = 1489
        case factKept = 1496
        case accountPayer = 1497
        case planItemOwner = 1498
        case payeeDied = 1769
        case noWorkflow = 1770
        case applicationOpen = 1771
        case unknownApplication = 1772
        case applicationState = 1773
        case applicationMoved = 1774
        case actorLevel = 1775
        case actorRole = 1776
        case papersMissing = 1777
        case unknownPaper = 1778
        case applicantDead = 1779
        case noticeRunning = 1780
        case noticeDaysUnset = 1781
        case noticeDaysOutOfRange = 1782
        case noticeBackdated = 1783
        case objectionOpen = 1784
        case objectionUpheld = 1785
        case objectionClosed = 1786
        case unknownObjection = 1787
        case returnTarget = 1788
        case reverificationYear = 1789
        case exitReason = 1790
        case stepClosed = 1791
        case stepLate = 1792
        case paperTooEarly = 1793
        case handOutClause = 1794
        case handOutPeriod = 1795
        case handOutTwice = 1796
        case handOutWithoutRight = 1797
        case handOutReceiver = 1798
        case handOutOffice = 1799
        case correctionTarget = 1801
        case correctionKind = 1802
        case nothingToDo = 1803
        case exitNotDead = 1804
        case reverificationOpen = 1805
        case needsWithdrawn = 1806
        case needsLeft = 1807
        case noName = 1808
        case helperUntold = 1820
        case helperInSlot = 1821
        case handoverToSelf = 1822
        case successorInSlot = 1823
        case writeOffSumChanged = 1815
        case repaidBeforeWriteOff = 1816
        case bookedAsRecovery = 1817
        case unknownDivision = 1901
        case packRejected = 1902
        case retroactiveNotNamed = 1903
        case versionReplaced = 1906
        case indexYear = 6175
        case unknownUnit = 6400
        case noGuidance = 6401
        case placesExhausted = 6402
        case beyondGuidance = 6403
        case grantReasonMissing = 6404
        case grantStands = 6405
        case grantPriorYear = 6406
        case grantNeedsPlace = 6407
        case grantNeedsApplication = 6408
        case unknownGrant = 6409
        case grantReleased = 6410
        case grantUnfinished = 6411
        case grantConfirmed = 6412
        case grantPaid = 6413
        case grantElsewhere = 6414
        case unknownProject = 6415
        case unknownPart = 6416
        case pointsOutOfRange = 6417
        case evidenceMissing = 6418
        case replacementReason = 6419
        case negativeSum = 6420
        case scoreMissing = 6421
        case placesOpen = 6422
        case unitAbove = 6423
        case granteeDead = 6135
        case unknownFund = 6450
        case fundExists = 6451
        case fundScope = 6452
        case fundShort = 6453
        case fundHistory = 6454
        case receiptTwice = 6455
        case unknownLoan = 6456
        case loanExists = 6457
        case loanNumber = 6458
        case loanRunning = 6459
        case notAMother = 6460
        case loanAmount = 6461
        case loanCeiling = 6462
        case loanState = 6463
        case loanReviewOrder = 6464
        case loanReason = 6465
        case loanGuarantee = 6466
        case loanSchedule = 6467
        case loanIncomplete = 6468
        case repaidTooMuch = 6469
        case writeOffNotProposed = 6470
        case reportTooEarly = 6471
        case reportVersion = 6472
        case unknownDuty = 6500
        case dutyPeriod = 6501
        case dutyPeriodAhead = 6502
        case dutyReported = 6503
        case unknownDutyReport = 6504
        case dutyEvidence = 6505
        case dutyPieces = 6506
        case sameDepartment = 6507
        case dueDayPast = 6508
        case exchangeExists = 6509
        case unknownExchange = 6510
        case exchangeReceived = 6511
        case exchangeDigest = 6512
        case notAddressee = 6513
        case beforeItsCause = 6514
        case consultationExists = 6515
        case unknownConsultation = 6516
        case consultationAnswered = 6517
        case consultationOpen = 6518
        case surveyCounts = 6519
        case surveyExists = 6520
        case unknownSurvey = 6521
        case sampleExists = 6522
        case unknownSample = 6523
        case dutyOwner = 6524
        case statedByOthers = 6525
        case unknownAddressee = 6526
        case figureOwner = 6537
        case figuresContradict = 6538
        case unknownAttachment = 6540
        case unknownFigure = 6551
        case figureValue = 6552
        case figureExists = 6553
        case reportReason = 6555
        case functionOffice = 6581
        case foreignClause = 6582
        case actorLevelOwn = 6583
        case reviewedBefore = 6584
        case unknownPayer = 6585
        case lenderTwice = 6586
        case noRightToAid = 6587
        case clauseDepartment = 6595
        case actOwner = 6596
        case incidentReported = 6621
        case incidentAlike = 6622
        case incidentBeforeFile = 6623
        case guardianNamer = 6624
        case guardianRelation = 6625
        case guardianScope = 6626
        case loanBeforeFile = 6632
        case paperFileMissing = 6633
        case noticeMissing = 6680
    }

    package var reason: Reason
    /// Which field or member of the command, `members[2].birth_date`; nil when it is the whole.
    package var field: String?
    /// What to put into the sentence: a code, a day, a role. Never a name or an ID number.
    package var detail: String?
    /// The same as people say it in Chinese, where the detail is a code; nil = the detail as it is.
    package var detailWords: String?
    /// The same in English; nil = the detail as it is.
    package var detailEnglish: String?
    /// The clause on which the refusal rests, where it rests on one.
    package var clause: ClauseID?
    /// The household that already holds the person; shown only to callers who may see it.
    package var candidate: HouseholdID?
    /// Whether it answers a repeat of what somebody else had recorded: the command stands, and nothing is left to be kept out.
    package private(set) var isOfRepeat = false

    package init(
        _ reason: Reason, field: String? = nil, detail: String? = nil, words: String? = nil, english: String? = nil,
        clause: ClauseID? = nil, candidate: HouseholdID? = nil
    ) {
        self.reason = reason
        self.field = field
        self.detail = detail
        detailWords = words
        detailEnglish = english
        self.clause = clause
        self.candidate = candidate
    }

    /// The same, told to somebody who repeats what another had recorded.
    package var ofRepeat: Refusal {
        var refusal = self
        refusal.isOfRepeat = true
        return refusal
    }

    /// `CARE-1101`
    package var code: String { "CARE-\(reason.rawValue)" }
}

/// What a command leads to.
package enum Decision: Hashable, Sendable {
    /// Events to append, in order; warnings are codes the caller may show.
    case events([ProposedEvent], warnings: [Refusal])
    case refused(Refusal)
}
