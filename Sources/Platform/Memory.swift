import CLinux

/// This process's memory, which holds tokens, keys and what was typed.
public enum Memory {
  /// Keeps it out of core dumps and of the hands of the user's other programs: no dump is written, and ptrace(2) and
  /// `/proc/PID/mem` are for root alone (PR_SET_DUMPABLE, prctl(2)). Programs that this one starts are as usual.
  public static func keepPrivate() {
    // Cannot fail on any kernel since 2.4; a failure leaves things as they are everywhere else.
    _ = ssm_forbid_dumps()
  }
}
