#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { readEnvironment } from '../config/environment.ts'

// Compiling a thousand modules is half of what a short command costs: what one has compiled serves the next. A folder that cannot be
// written to only leaves the saving out.
enableCompileCache(join(readEnvironment().cacheFolder, 'compiled'))
// Not an import above: those are compiled before the first line is executed.
const { runCommand } = await import('./run-command.ts')
await runCommand()
