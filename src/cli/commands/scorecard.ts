import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { loadTeamAnswers } from '../../config/load-team-answers.ts'
import type { Environment } from '../../config/environment.ts'
import type { Definition } from '../../plan/definition.ts'
import type { AnsweredQuestion, Scorecards } from '../../ports/scorecards.ts'
import { scorecardLines, scoreHistory } from '../../report/scorecard-lines.ts'
import { scorecardPage } from '../../report/scorecard-page.ts'
import { judge, type JudgedQuestion, type KeptScore } from '../../scorecard/score.ts'
import { openScorecards } from '../../wiring/scorecards.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { allDefinitions, targetOf, warehouseOf } from '../find-definition.ts'
import { gatherEvidence } from '../gather-evidence.ts'
import { withReader } from '../read-warehouse.ts'
import { withServers } from '../servers.ts'

interface ScorecardOptions {
  readonly html?: string
  readonly save?: boolean
  readonly history?: boolean
}

export function addScorecard(program: Command): void {
  program
    .command('scorecard')
    .description('Ask how well this company segments: eighteen questions, answered from what was run and published.')
    .option('--html <file>', 'write it as a page, too')
    .option('--save', 'keep it in the warehouse, so that the score can be followed over time')
    .option('--history', 'only list the scorecards that were kept')
    .action(act(ask))
}

async function ask(context: CommandContext, { html, save, history }: ScorecardOptions): Promise<void> {
  const { projectFolder, terminal } = context
  const answers = loadTeamAnswers(projectFolder)
  const definitions = allDefinitions(context)
  if (history) {
    const kept = await withServers(context, targetOf(context), 'start', ({ environment }) =>
      withScorecards(environment, definitions[0], (scorecards) => scorecards.kept()),
    )
    terminal.document({ kept })
    terminal.say(...scoreHistory(kept))
    return
  }
  const { card, kept } = await withServers(context, targetOf(context), 'start', async ({ environment }) => {
    const pipelines = await Promise.all(
      definitions.map((definition) =>
        withReader(environment, definition, (reader) => gatherEvidence(definition, reader)),
      ),
    )
    const judged = judge({ now: new Date().toISOString(), pipelines, answers })
    const all = await withScorecards(environment, definitions[0], async (scorecards) => {
      if (save) await scorecards.keep(judged.now, judged.questions.map(toBeKept))
      return scorecards.kept()
    })
    return { card: judged, kept: all }
  })
  terminal.document({ ...card, kept })
  terminal.say(...scorecardLines(card))
  if (html !== undefined) {
    const path = resolve(html)
    await writeFile(path, scorecardPage(card, kept))
    terminal.say('', `Page  ${path}`)
  }
}

function toBeKept({ number, score, most, signs }: JudgedQuestion): AnsweredQuestion {
  return { question: number, score, most, findings: signs.map(({ because }) => because) }
}

/** @returns what `use` does; none are kept without a pipeline to say where */
async function withScorecards(
  environment: Environment,
  definition: Definition | undefined,
  use: (scorecards: Scorecards) => Promise<readonly KeptScore[]>,
): Promise<readonly KeptScore[]> {
  if (!definition) return []
  const scorecards = openScorecards(environment, warehouseOf(definition))
  try {
    return await use(scorecards)
  } finally {
    await scorecards.close()
  }
}
