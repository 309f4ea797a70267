import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format } from 'prettier'
import { playQuarters } from '../test/stages/validate/identity/planted-quarters.ts'
import { plantedChanges } from '../test/stages/validate/identity/planted-world.ts'

// Plays generated quarters with planted changes, and writes how often each was found into the guide. Same numbers each time.
const PAGE = join(import.meta.dirname, '../docs/guides/identity.md')
const BEGIN = '<!-- planted quarters: begin -->'
const END = '<!-- planted quarters: end -->'
const SEPARATIONS = [6, 4, 3, 2]
const NOISES = [0, 0.1, 0.2, 0.3, 0.4]
const seeds = Number(process.argv[2] ?? 20)

const rows = SEPARATIONS.flatMap((separation) =>
  NOISES.map((noise) => {
    let [kept, others, falseEdges] = [0, 0, 0]
    const found = plantedChanges.map((change) => {
      let hits = 0
      for (let seed = 1; seed <= seeds; seed++) {
        const played = playQuarters({ change, separation, noise, seed })
        hits += played.isFound ? 1 : 0
        kept += played.kept
        others += played.others
        falseEdges += played.falseEdges
      }
      return hits
    })
    const runs = seeds * plantedChanges.length
    const cells = [separation, `${noise * 100} %`, ...found, `${((100 * kept) / others).toFixed(1)} %`]
    console.log(cells.join(' '))
    return `| ${[...cells, (falseEdges / runs).toFixed(2)].join(' | ')} |`
  }),
)
const table = [
  `| separation | noise | ${plantedChanges.join(' | ')} | other keys kept | false edges a run |`,
  `|--:|--:|${plantedChanges.map(() => '--:|').join('')}--:|--:|`,
  ...rows,
].join('\n')
const page = readFileSync(PAGE, 'utf8')
const before = page.slice(0, page.indexOf(BEGIN) + BEGIN.length)
const after = page.slice(page.indexOf(END))
const caption = `Times found, of ${seeds}:`
const text = `${before}\n\n${caption}\n\n${table}\n\n${after}`
writeFileSync(PAGE, await format(text, { parser: 'markdown', semi: false, singleQuote: true, printWidth: 120 }))
