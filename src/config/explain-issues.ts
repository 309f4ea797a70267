import type { z } from 'zod'
import { describeValue, quote, suggestName } from './describe-value.ts'
import { keysOf, meantBranches, schemasAt, typeText, valueAt, wordsOf } from './json-schema.ts'
import type { JsonSchema } from './json-schema.ts'
import type { Finding, KeyPath } from './yaml-file.ts'

type Issue = z.core.$ZodIssue

/** Zod's issues in our words: what came, what was wanted, what was probably meant. */
export function explainIssues(root: JsonSchema, value: unknown, issues: readonly Issue[]): readonly Finding[] {
  const findings = issues.flatMap((issue) => explain(root, value, issue, []))
  return findings.filter((finding) => !isExplainedBySlip(finding, value, findings))
}

/** A key that is missing because it was misspelt is one problem, not two. */
function isExplainedBySlip({ path }: Finding, value: unknown, findings: readonly Finding[]): boolean {
  if (valueAt(value, path) !== undefined) return false
  return findings.some(
    (other) => other.hint === `Did you mean ${path.at(-1)}?` && isSameParent(other.path, path) && other.ofKey,
  )
}

function isSameParent(a: KeyPath, b: KeyPath): boolean {
  return a.length === b.length && a.slice(0, -1).every((step, index) => step === b[index])
}

function explain(root: JsonSchema, value: unknown, issue: Issue, parent: KeyPath): readonly Finding[] {
  const path = [...parent, ...(issue.path as KeyPath)]
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(root, value, path, key))
  if (issue.code === 'invalid_key') return [wrongName(root, value, path)]
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const branch = meantBranch(issue.errors, valueAt(value, path))
    if (branch) return branch.flatMap((inner) => explain(root, value, inner, path))
    return [ambiguous(root, value, path)]
  }
  const came = valueAt(value, path)
  return [
    {
      path,
      came: describeValue(came),
      wanted: wantedAt(root, value, path),
      hint: typeof came === 'string' ? suggestName(came, wordsOf(schemasAt(root, value, path))) : null,
    },
  ]
}

function unknownKey(root: JsonSchema, value: unknown, path: KeyPath, key: string): Finding {
  const schemas = meantBranches(schemasAt(root, value, path), valueAt(value, path))
  const known = keysOf(schemas)
  // The key of another branch of the union: they do not go together.
  if (known.includes(key))
    return {
      path: [...path, key],
      ofKey: true,
      came: describeValue(valueAt(value, path)),
      wanted: typeText(schemas),
    }
  return {
    path: [...path, key],
    ofKey: true,
    came: `key ${quote(key)}`,
    wanted:
      known.length > 0 ? `${known.length === 1 ? 'the key' : 'one of the keys'} ${known.join(', ')}` : 'no key here',
    hint: suggestName(key, known),
  }
}

function wrongName(root: JsonSchema, value: unknown, path: KeyPath): Finding {
  const name = String(path.at(-1))
  const names = schemasAt(root, value, path.slice(0, -1)).flatMap((schema) =>
    schema.propertyNames ? [schema.propertyNames] : [],
  )
  return { path, ofKey: true, came: `name ${quote(name)}`, wanted: typeText(names) }
}

/** No branch of a union is clearly the one that was meant. */
function ambiguous(root: JsonSchema, value: unknown, path: KeyPath): Finding {
  const came = valueAt(value, path)
  const known = keysOf(schemasAt(root, value, path))
  const unknown = isMap(came) ? Object.keys(came).find((key) => !known.includes(key)) : undefined
  const hint = unknown === undefined ? null : suggestName(unknown, known)
  // A slip in a key says which key was meant, if not which branch.
  if (unknown !== undefined && hint !== null)
    return {
      path: [...path, unknown],
      ofKey: true,
      came: `key ${quote(unknown)}`,
      wanted: `one of the keys ${known.join(', ')}`,
      hint,
    }
  return { path, came: describeValue(came), wanted: wantedAt(root, value, path), hint: null }
}

/**
 * The branch whose kind of value came and whose keys fit best.
 *
 * @returns undefined when two fit equally badly
 */
function meantBranch(branches: readonly (readonly Issue[])[], came: unknown): readonly Issue[] | undefined {
  const ofKind = branches.filter((issues) => !issues.some((issue) => isWrongKind(issue, came)))
  const scored = ofKind
    .map((issues) => ({ issues, misfits: issues.reduce((sum, issue) => sum + misfitsOf(issue), 0) }))
    .sort((a, b) => a.misfits - b.misfits)
  const [best, next] = scored
  return best && best.misfits < (next?.misfits ?? Infinity) ? best.issues : undefined
}

function isWrongKind(issue: Issue, came: unknown): boolean {
  if (issue.path.length > 0) return false
  return issue.code === 'invalid_type' || (issue.code === 'invalid_value' && typeof came === 'object')
}

/** Keys that are missing or unknown count more than values that do not fit. */
function misfitsOf(issue: Issue): number {
  if (issue.code === 'unrecognized_keys') return 10 * issue.keys.length
  return issue.code === 'invalid_type' && issue.message.endsWith('received undefined') ? 10 : 1
}

function wantedAt(root: JsonSchema, value: unknown, path: KeyPath): string {
  const schemas = schemasAt(root, value, path)
  const [description, ...others] = new Set(schemas.map((schema) => schema.description ?? ''))
  return description && others.length === 0 ? `${typeText(schemas)}. ${description}` : typeText(schemas)
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
