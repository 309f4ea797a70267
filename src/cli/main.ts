#!/usr/bin/env node
import { argv } from 'node:process'
import { keepCompiled } from '../config/keep-compiled.ts'

keepCompiled()
// Not an import above: those are compiled before the first line is executed.
const { runCommand } = await import('./run-command.ts')
process.exitCode = await runCommand(argv.slice(2))
