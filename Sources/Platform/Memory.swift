import CLinux

/// This process's memory, which holds tokens, keys and what was typed.
public enum Memory {
  /// Keeps it out of core dumps and of the hands of the user's other programs: no dump is written, and ptrace(2) and
  /// `/proc/PID/mem` are for root alone (PR_SET_DUMPABLE, prctl(2)). Programs that this one starts are as usual.
  public static func keepPrivate() {
    // Cannot fail on any kernel since 2.4; a failure leaves things as they are everywhere else.
    _ = ssm_forbid_dumps()
  }

  /// Keeps what is freed for the next use of it, up to 128 MB a thread: for programs that go through many files with
  /// buffers of many megabytes. Given back and asked for again, each of their pages is cleared anew by the kernel (5 %
  /// of the time of a search).
  public static func keepFreed() {
    // M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of mallopt(3), whose names are macros.
    _ = mallopt(-1, 128 << 20)
    _ = mallopt(-3, 32 << 20)
  }
}
