import Glibc
import Replay

exit(ReplayProgram.run(Array(CommandLine.arguments.dropFirst())))
