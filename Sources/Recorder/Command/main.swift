import Platform
import Recorder

endProcess(RecorderProgram.run(Array(CommandLine.arguments.dropFirst())))
