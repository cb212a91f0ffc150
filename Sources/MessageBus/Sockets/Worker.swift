import Foundation

/// One thread for long jobs, with a bounded queue. Results go back to the reactor in the order of the jobs.
///
/// `@unchecked Sendable`: `jobs`, `isStopped` and `isBusy` are touched only while `condition` is locked.
final class Worker<Job: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private let capacity: Int
    private var jobs: [Job] = []
    private var isStopped = false
    private var hasEnded = false
    private let finishesJobs: Bool
    private let perform: @Sendable (Job) -> Void

    /// Starts the thread.
    init(name: String, capacity: Int, finishesJobs: Bool, perform: @escaping @Sendable (Job) -> Void) {
        self.capacity = capacity
        self.finishesJobs = finishesJobs
        self.perform = perform
        let thread = Thread { [self] in
            nameThread(name)
            run()
        }
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Whether the job was taken; false when the queue is full.
    func start(_ job: Job) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        guard !isStopped, jobs.count < capacity else { return false }
        jobs.append(job)
        condition.signal()
        return true
    }

    /// Jobs that nobody has begun.
    var waiting: Int {
        condition.lock()
        defer { condition.unlock() }
        return jobs.count
    }

    /// Finishes the present job, finishes or drops the others, ends the thread and waits for that.
    func stop() {
        condition.lock()
        isStopped = true
        if !finishesJobs { jobs.removeAll() }
        condition.broadcast()
        while !hasEnded { condition.wait() }
        condition.unlock()
    }

    private func run() {
        condition.lock()
        while !isStopped || !jobs.isEmpty {
            guard !jobs.isEmpty else {
                condition.wait()
                continue
            }
            let job = jobs.removeFirst()
            condition.unlock()
            perform(job)
            condition.lock()
        }
        hasEnded = true
        condition.broadcast()
        condition.unlock()
    }
}
