import CLinux
import Glibc

/// Work over numbered items on several threads, its results in the items' order.
public enum Parallel {
  /// Threads worth starting: the processors this process may run on (sched_getaffinity(2) through sysconf(3)).
  public static var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// Calls `work` for 0..<count on `threads` threads and `consume` with each result, in order, on the calling thread.
  ///
  /// Each thread has a state of its own. Workers run at most `ahead` items a thread ahead, so results do not pile up.
  /// `consume` ends it all by returning false. With one thread, or where none can be started, the calling thread does
  /// the work.
  public static func run<State, Result: Sendable>(
    count: Int, threads: Int, ahead: Int = 8, state makeState: @escaping @Sendable () -> State,
    work: @escaping @Sendable (inout State, Int) -> Result, consume: (Int, Result) -> Bool
  ) {
    let board = Board<Result>(count: count, window: max(4, threads * ahead))
    var started: [Thread] = []
    if threads > 1, count > 1 {
      for _ in 0..<min(threads, count) {
        let body: @Sendable () -> Void = {
          var state = makeState()
          while let item = board.next() { board.put(work(&state, item), for: item) }
        }
        guard let thread = try? Thread.start(body) else { break }  // fewer threads do the same work
        started.append(thread)
      }
    }
    if started.isEmpty {
      var state = makeState()
      for item in 0..<count where !consume(item, work(&state, item)) { return }
      return
    }
    for item in 0..<count {
      let result = board.take(item)
      if !consume(item, result) { break }
    }
    board.stop()
    for thread in started { thread.join() }
  }

  /// What the threads share. Every stored variable is read and written under `lock` alone.
  private final class Board<Result: Sendable>: @unchecked Sendable {
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    /// Signaled when the result that is waited for is there, and when there is room for more.
    private let ready: UnsafeMutablePointer<pthread_cond_t>
    private let room: UnsafeMutablePointer<pthread_cond_t>
    private let count: Int
    private let window: Int
    private var nextItem = 0
    private var taken = 0
    private var results: [Int: Result] = [:]
    /// The item that is waited for; -1: none. A thread that is woken for nothing costs more than a short item.
    private var wanted = -1
    private var idle = 0

    init(count: Int, window: Int) {
      self.count = count
      self.window = window
      lock = .allocate(capacity: 1)
      lock.initialize(to: pthread_mutex_t())
      ready = .allocate(capacity: 1)
      ready.initialize(to: pthread_cond_t())
      room = .allocate(capacity: 1)
      room.initialize(to: pthread_cond_t())
      pthread_mutex_init(lock, nil)
      pthread_cond_init(ready, nil)
      pthread_cond_init(room, nil)
    }

    deinit {
      pthread_cond_destroy(ready)
      pthread_cond_destroy(room)
      pthread_mutex_destroy(lock)
      ready.deallocate()
      room.deallocate()
      lock.deallocate()
    }

    func next() -> Int? {
      pthread_mutex_lock(lock)
      defer { pthread_mutex_unlock(lock) }
      while nextItem < count, nextItem >= taken + window {
        idle += 1
        pthread_cond_wait(room, lock)
        idle -= 1
      }
      guard nextItem < count else { return nil }
      nextItem += 1
      return nextItem - 1
    }

    func put(_ result: Result, for item: Int) {
      pthread_mutex_lock(lock)
      results[item] = result
      if item == wanted { pthread_cond_signal(ready) }
      pthread_mutex_unlock(lock)
    }

    func take(_ item: Int) -> Result {
      pthread_mutex_lock(lock)
      defer { pthread_mutex_unlock(lock) }
      while true {
        if let result = results.removeValue(forKey: item) {
          taken = item + 1
          wanted = -1
          if idle > 0 { pthread_cond_signal(room) }
          return result
        }
        wanted = item
        pthread_cond_wait(ready, lock)
      }
    }

    func stop() {
      pthread_mutex_lock(lock)
      nextItem = count
      taken = count
      pthread_cond_broadcast(room)
      pthread_mutex_unlock(lock)
    }
  }
}
