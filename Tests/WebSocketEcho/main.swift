import Platform

endProcess(WebSocketEcho.run(Array(CommandLine.arguments.dropFirst())))
