#!/usr/bin/env node
import { argv, stderr, stdout } from 'node:process'
import { keepCompiled } from '../config/keep-compiled.ts'

keepCompiled()
// Who reads it may leave early, as `| head` does: what the command does goes on to its end.
for (const stream of [stdout, stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
// Not an import above: those are compiled before the first line is executed.
const { runCommand } = await import('./run-command.ts')
process.exitCode = await runCommand(argv.slice(2))
