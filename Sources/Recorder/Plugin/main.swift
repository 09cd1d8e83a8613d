import Platform
import Recorder

endProcess(PluginProgram.run(Array(CommandLine.arguments.dropFirst())))
