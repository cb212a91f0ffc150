/// First in, first out, each element at most once at a time.
package struct UniqueQueue<Element: Hashable> {
    private var elements: [Element] = []
    private var head = 0
    private var members: Set<Element> = []

    /// Nothing waits.
    package init() {}

    package var count: Int { members.count }
    package var isEmpty: Bool { members.isEmpty }

    /// Puts an element at the end unless it is already waiting.
    package mutating func append(_ element: Element) {
        if members.insert(element).inserted { elements.append(element) }
    }

    /// Takes the first element; nil when none waits.
    package mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        let element = elements[head]
        head += 1
        members.remove(element)
        if head > 64, head * 2 > elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return element
    }
}

extension UniqueQueue: Sendable where Element: Sendable {}
