import Glibc
import Recorder

exit(PluginProgram.run(Array(CommandLine.arguments.dropFirst())))
