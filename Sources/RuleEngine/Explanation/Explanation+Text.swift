import CareDomain

extension Explanation {
    /// The explanation as lines of Chinese text.
    package var chineseLines: [String] { lines(\.chinese, ExplanationWords.chinese) }

    /// The explanation as lines of English text. The words of the document stay Chinese.
    package var englishLines: [String] { lines(\.english, ExplanationWords.english) }

    private func lines(_ pick: (Wording) -> String, _ words: ExplanationWords) -> [String] {
        var lines: [String] = []
        lines.append("\(clause) \(pick(title)) · \(pick(who)) · \(day)")
        var answer = "\(words.answer)\(pick(status.wording))"
        if let amount { answer += words.sum(amount, pick(cadence.wording)) }
        lines.append(answer)
        lines += failures.map { pick($0.wording) }
        if let month { lines.append("\(words.month)\(pick(month.wording))") }
        if let deadline { lines.append("\(words.deadline)\(deadline.lastDay)") }
        if let nearest { lines.append("\(words.nearest)\(pick(nearest.later ?? nearest.title))") }
        if let rightBegins { lines.append("\(words.begins)\(rightBegins)") }
        for condition in unmet { lines += self.lines(condition, pick, words, indent: "  ") }
        for line in missing { lines.append("\(words.missing)\(pick(line.wording))") }
        for step in steps { lines.append("\(words.step)\(pick(step))") }
        for (payer, amount) in payers {
            let name = words.isChinese ? KnownOffices.name(ofPayer: payer) : payer.rawValue
            lines.append("\(words.payer)\(name) \(amount)\(words.isChinese ? " 元" : " yuan")")
        }
        if let payee { lines.append("\(words.payee)\(pick(payee))\(words.notFamily)") }
        for fact in facts {
            lines.append(
                "\(words.fact)\(pick(fact.who)) \(pick(fact.title))\(words.colon)\(pick(fact.value))"
                    + " (\(words.event) \(fact.event.sequence))")
            lines += fact.otherwise.map { "  \(words.otherwise)\(pick($0))" }
        }
        for reading in readings {
            lines.append(
                "\(words.reading)\(words.ambiguity(reading.question)) \(pick(reading.title))\(words.colon)\(pick(reading.choice))"
                    + (reading.isDefault ? "" : words.changed))
        }
        for warning in warnings { lines.append("\(words.warning)\(pick(warning))") }
        lines.append("\(words.source)\(documentNumber) \(clause) “\(self.words)”")
        lines.append("\(words.pack)\(pack.id) \(pack.version) \(pack.shortHash)")
        if let transition { lines.append("\(words.transition)\(pick(transition))") }
        return lines
    }

    private func lines(
        _ condition: MissingCondition, _ pick: (Wording) -> String, _ words: ExplanationWords, indent: String
    ) -> [String] {
        let when = condition.metOn.map { "\(words.metOn)\($0)" } ?? ""
        let head = condition.isHindrance ? words.against : words.unmet
        return ["\(indent)\(head)\(pick(condition.title))\(when)"]
            + condition.behind.flatMap { lines($0, pick, words, indent: indent + "  ") }
    }
}

/// The fixed words around an explanation's parts.
private struct ExplanationWords {
    let answer, month, deadline, nearest, begins, unmet, against, metOn, missing, step, payer, payee, notFamily, fact,
        event: String
    let reading, changed, otherwise, warning, source, pack, transition, colon: String
    let isChinese: Bool

    func sum(_ amount: Fen, _ cadence: String) -> String {
        isChinese ? "，\(cadence) \(amount) 元" : ", \(amount) yuan \(cadence)"
    }

    /// The number of an ambiguity of the document; what is read alike in all documents has none (`README` in packs).
    func ambiguity(_ question: String) -> String {
        question == "README" ? (isChinese ? "通则" : "general") : question
    }

    static let chinese = ExplanationWords(
        answer: "结论：", month: "当月：", deadline: "办理期限：", nearest: "差在：", begins: "起始日：", unmet: "未满足：",
        against: "不符合：", metOn: "，届时 ", missing: "待补：",
        step: "计算：", payer: "承担：", payee: "代缴、代办：付给", notFamily: "，不进家庭的账户",
        fact: "事实：", event: "事件", reading: "口径：", changed: "（已改）",
        otherwise: "另有陈述：", warning: "提示：", source: "依据：", pack: "规则包：", transition: "过渡：", colon: "：", isChinese: true)
    static let english = ExplanationWords(
        answer: "Answer: ", month: "Month: ", deadline: "To be done by: ", nearest: "Nearest missing: ",
        begins: "Right begins: ", unmet: "Not met: ", against: "Against it: ",
        metOn: ", met on ",
        missing: "Needed: ", step: "Sum: ", payer: "Payer: ",
        payee: "Paid to: ", notFamily: ", to no account of the family", fact: "Fact: ", event: "event",
        reading: "Reading: ",
        changed: " (changed)", otherwise: "Stated otherwise: ", warning: "Note: ", source: "Source: ", pack: "Pack: ",
        transition: "Transition: ",
        colon: ": ", isChinese: false)
}
