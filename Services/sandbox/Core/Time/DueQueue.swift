/// What is to happen at a time, the earliest first: a binary heap.
struct DueQueue<Element> {
    private var heap: [(due: Double, order: Int, element: Element)] = []
    private var order = 0

    var count: Int { heap.count }
    var nextDue: Double? { heap.first?.due }

    mutating func insert(_ element: Element, due: Double) {
        order += 1
        heap.append((due, order, element))
        var child = heap.count - 1
        while child > 0, precedes(child, (child - 1) / 2) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// The earliest element that is due.
    mutating func take(at now: Double) -> Element? {
        guard let first = heap.first, first.due <= now else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && precedes(child, least) { least = child }
            guard least != parent else { return first.element }
            heap.swapAt(parent, least)
            parent = least
        }
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        (heap[left].due, heap[left].order) < (heap[right].due, heap[right].order)
    }
}
