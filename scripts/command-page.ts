import type { Argument, Command } from 'commander'
import type { CommandSummary } from '../src/cli/program.ts'
import { inCell } from './key-page.ts'

/** A part a command, under the headings of the help. */
export function commandPage(program: Command, generated: string): string {
  const shared = program.createHelp().visibleOptions(program)
  const groups = Map.groupBy(commandsOf(program), (command) => command.helpGroup())
  return [
    '# Command line: `resegment`',
    generated,
    program.description(),
    'Exit codes: `0` done, `1` failed, `2` wrong usage or definition, `3` held for a decision. With `--json` a command prints one JSON document on stdout; everything else goes to stderr.',
    '## Options of every command',
    optionTable(shared.map((option) => [option.flags, option.description, option.defaultValue])),
    ...[...groups].flatMap(([heading, commands]) => [
      `## ${heading.replace(/:$/, '')}`,
      // A command that has commands of its own comes before them.
      ...commands.flatMap((command) => [command, ...commandsOf(command)]).flatMap(commandPart),
    ]),
  ].join('\n\n')
}

/** What the list of commands says without loading them. */
export function commandSummaries(program: Command): Readonly<Record<string, CommandSummary>> {
  return Object.fromEntries(
    commandsOf(program).map((command) => [
      command.name(),
      {
        arguments: command.registeredArguments.map((argument) =>
          argument.required ? `<${nameOf(argument)}>` : `[${nameOf(argument)}]`,
        ),
        hasOptions: command.options.length > 0,
        description: command.description(),
      },
    ]),
  )
}

function commandsOf(command: Command): readonly Command[] {
  return command.commands.filter((own) => own.name() !== 'help')
}

function nameOf(argument: Argument): string {
  return argument.variadic ? `${argument.name()}...` : argument.name()
}

function commandPart(command: Command): readonly string[] {
  const { registeredArguments, options } = command
  return [
    `### \`resegment ${pathOf(command)}${argumentText(command)}\``,
    command.description(),
    ...(registeredArguments.length === 0
      ? []
      : [optionTable(registeredArguments.map((one) => [one.name(), one.description, one.defaultValue]))]),
    ...(options.length === 0
      ? []
      : [optionTable(options.map((option) => [option.flags, option.description, option.defaultValue]))]),
  ]
}

/** `schedule list` */
function pathOf(command: Command): string {
  const above = command.parent?.parent ? `${command.parent.name()} ` : ''
  return `${above}${command.name()}`
}

function argumentText(command: Command): string {
  return command.registeredArguments
    .map((argument) =>
      argument.required ? ` ${argument.name().toUpperCase()}` : ` [${argument.name().toUpperCase()}]`,
    )
    .join('')
}

function optionTable(rows: readonly (readonly [string, string, unknown])[]): string {
  const lines = rows.map(([flags, description, fallback]) => {
    const text = fallback === undefined ? description : `${description} (default: ${JSON.stringify(fallback)})`
    return `| \`${inCell(flags)}\` | ${inCell(text)} |`
  })
  return ['| | |', '|---|---|', ...lines].join('\n')
}
