import Platform
import Replay

endProcess(ReplayProgram.run(Array(CommandLine.arguments.dropFirst())))
