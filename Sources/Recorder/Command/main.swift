import Glibc
import Recorder

exit(RecorderProgram.run(Array(CommandLine.arguments.dropFirst())))
