import { z } from 'zod'
import { feedbackConfig } from '../plan/feedback.ts'
import { pipelineConfig } from '../plan/pipeline.ts'
import { projectConfig } from '../plan/project.ts'
import { teamAnswersConfig } from '../scorecard/team-answers.ts'
import type { KeyPath } from './yaml-file.ts'

/** The part of JSON Schema that our configs use. */
export interface JsonSchema {
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly propertyNames?: JsonSchema
  readonly additionalProperties?: JsonSchema | false
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
}

/** What people write: keys with defaults are optional. */
const asWritten = (config: z.ZodType): JsonSchema => z.toJSONSchema(config, { io: 'input' }) as JsonSchema

export const pipelineSchema: JsonSchema = asWritten(pipelineConfig)
export const projectSchema: JsonSchema = asWritten(projectConfig)
export const feedbackSchema: JsonSchema = asWritten(feedbackConfig)
export const teamAnswersSchema: JsonSchema = asWritten(teamAnswersConfig)

export function branchesOf(schema: JsonSchema): readonly JsonSchema[] {
  const branches = schema.anyOf ?? schema.oneOf
  return branches ? branches.flatMap(branchesOf) : [schema]
}

/**
 * What may stand at a path: usually one schema, several when a union leads there.
 *
 * @param value of the whole file: keys such as `rule` say which branch of a union is meant
 */
export function schemasAt(root: JsonSchema, value: unknown, path: KeyPath): readonly JsonSchema[] {
  let schemas: readonly JsonSchema[] = [root]
  for (const [depth, step] of path.entries())
    schemas = meantBranches(schemas, valueAt(value, path.slice(0, depth))).flatMap((schema) => childOf(schema, step))
  return schemas
}

/** Branches of unions that a value names by its constants; all when it names none. */
export function meantBranches(schemas: readonly JsonSchema[], value: unknown): readonly JsonSchema[] {
  const branches = schemas.flatMap(branchesOf)
  const named = branches.filter((branch) => isNamed(branch, value))
  return named.length > 0 ? named : branches
}

/** Every constant of the branch stands in the value, or is what stands there when nothing is written. */
function isNamed({ properties = {} }: JsonSchema, value: unknown): boolean {
  const constants = Object.entries(properties).filter(([, property]) => property.const !== undefined)
  return (
    constants.length > 0 &&
    constants.every(([key, { const: constant, default: fallback }]) => (valueAt(value, [key]) ?? fallback) === constant)
  )
}

export function valueAt(value: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>(
    (inner, step) =>
      typeof inner === 'object' && inner !== null ? (inner as Readonly<Record<string, unknown>>)[step] : undefined,
    value,
  )
}

function childOf(schema: JsonSchema, step: string | number): readonly JsonSchema[] {
  if (typeof step === 'number') return schema.items ? [schema.items] : []
  const property = schema.properties?.[step]
  if (property) return [property]
  return schema.additionalProperties ? [schema.additionalProperties] : []
}

/** Keys that a map may have. Empty when any name will do. */
export function keysOf(schemas: readonly JsonSchema[]): readonly string[] {
  const keys = schemas
    .flatMap(branchesOf)
    .flatMap((schema) => [...Object.keys(schema.properties ?? {}), ...(schema.propertyNames?.enum ?? []).map(String)])
  return [...new Set(keys)]
}

/** `a whole number from 2 to 50, or { from, to }` */
export function typeText(schemas: readonly JsonSchema[]): string {
  const words = wordsOf(schemas)
  const others = schemas.flatMap(branchesOf).filter((schema) => wordsOf([schema]).length === 0)
  const texts = [
    ...(words.length > 1 ? [`one of ${words.join(', ')}`] : words),
    ...others.map((schema) => oneTypeText(schema)),
  ]
  return [...new Set(texts)].join(', or ')
}

/** Words that may stand there: of enums and constants. */
export function wordsOf(schemas: readonly JsonSchema[]): readonly string[] {
  const words = schemas
    .flatMap(branchesOf)
    .flatMap((schema) => schema.enum ?? (schema.const === undefined ? [] : [schema.const]))
  return [...new Set(words.map(String))]
}

function oneTypeText(schema: JsonSchema): string {
  const { type = 'string' } = schema
  switch (type) {
    case 'integer':
      return `a whole number${rangeText(schema)}`
    case 'number':
      return `a number${rangeText(schema)}`
    case 'boolean':
      return 'true or false'
    case 'array':
      return `a list${schema.minItems ? ` of at least ${schema.minItems}` : ''}`
    case 'object':
      return mapText(schema)
    default:
      return textText(schema)
  }
}

function rangeText({ minimum, maximum, exclusiveMinimum }: JsonSchema): string {
  if (exclusiveMinimum !== undefined)
    return ` above ${exclusiveMinimum}${maximum === undefined ? '' : ` and at most ${maximum}`}`
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`
  if (minimum !== undefined) return ` of at least ${minimum}`
  return maximum === undefined ? '' : ` of at most ${maximum}`
}

function mapText(schema: JsonSchema): string {
  if (!schema.properties) return 'a map'
  const required = new Set(schema.required)
  return `{ ${Object.keys(schema.properties)
    .map((key) => (required.has(key) ? key : `${key}?`))
    .join(', ')} }`
}

function textText({ pattern, minLength, maxLength, default: fallback }: JsonSchema): string {
  const example = typeof fallback === 'string' && fallback !== '' ? `, such as ${fallback}` : ''
  if (pattern) return `text matching ${pattern}${example}`
  if (minLength === 1 && maxLength === 1) return 'one character'
  if (minLength && maxLength) return `text of ${minLength} to ${maxLength} characters`
  return maxLength ? `text of at most ${maxLength} characters` : 'text'
}
