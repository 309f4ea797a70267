// One attempt to publish, in a process that can be killed: `node publish-attempt.child.ts FILE`.
import { readFile } from 'node:fs/promises'
import type { RunPublication } from '../adapters/warehouse/candidate.ts'
import { attemptPublication, type PublishingPlace } from './publish-attempt.ts'

const { place, candidate } = JSON.parse(await readFile(process.argv[2]!, 'utf8')) as {
  place: PublishingPlace
  candidate: RunPublication
}
await attemptPublication(place, candidate)
