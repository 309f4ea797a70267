import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { buildProgram } from '../../src/cli/program.ts'

/** Of Temporal's own command line. */
const FOREIGN = ['--codec-endpoint', '--codec-auth']
const ROOT = resolve(import.meta.dirname, '../..')

/** Commands of other programs, in a line or between backticks. */
const OF_OTHERS = /(?<=^|`)(?:temporal|docker) [^`\n]*/gm

describe('documents', () => {
  it('name no option and no command that the command line lacks', async () => {
    const program = await buildProgram()
    const commands = program.commands.map((command) => command.name())
    const options = new Set(
      [program, ...program.commands, ...program.commands.flatMap((command) => command.commands)].flatMap(optionsOf),
    )
    const texts = [
      'README.md',
      'CONTRIBUTING.md',
      'docs/operators.md',
      ...globSync('docs/guides/*.md', { cwd: ROOT }),
    ].map((name) => readFileSync(join(ROOT, name), 'utf8').replaceAll(OF_OTHERS, ''))
    const named = (pattern: RegExp): string[] =>
      texts.flatMap((text) => [...text.matchAll(pattern)].map(([, word]) => word!))
    const flags = named(/(?<=[\s`(])(--[a-z][a-z-]*)/g)
    expect(flags.length).toBeGreaterThan(10)
    expect(flags.filter((flag) => !options.has(flag) && !FOREIGN.includes(flag))).toEqual([])
    expect(named(/\bresegment ([a-z][a-z-]*) /g).filter((name) => !commands.includes(name))).toEqual([])
  })
})

function optionsOf(command: Command): readonly string[] {
  return ['--help', ...command.options.flatMap(({ long }) => long ?? [])]
}
