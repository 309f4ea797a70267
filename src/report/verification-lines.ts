import { formatRunId } from '../run/run-key.ts'
import type { Verification, VerifiedStage } from '../run/verification.ts'
import { textTable } from './text-table.ts'

const DIGEST_CHARACTERS = 12

const answers: Readonly<Record<Verification['answer'], string>> = {
  equal: 'equal',
  equal_except_erased: 'equal, except erased customers',
  inputs_changed: 'inputs changed',
  code_changed: 'code changed',
  different: 'DIFFERENT',
}

export function verifiedStageLine({ stage, how, isEqual, found }: VerifiedStage): string {
  return `${stage.padEnd(9)} ${how}: ${isEqual ? 'equal' : 'OTHER CONTENT'} (${found.slice(0, DIGEST_CHARACTERS)})`
}

/** What came of a verification, as it is read on a terminal. */
export function verificationLines(verification: Verification): readonly string[] {
  const { places, answer, reasons } = verification
  const compared = places.map(({ place, what, isEqual, finding }) => [
    place,
    what,
    isEqual ? 'equal' : 'DIFFERENT',
    finding,
  ])
  const table =
    compared.length > 0
      ? ['', ...textTable([{ title: 'where' }, { title: 'what' }, { title: '' }, { title: 'finding' }], compared)]
      : []
  return [...table, '', `${formatRunId(verification)}: ${answers[answer]}`, ...reasons]
}
