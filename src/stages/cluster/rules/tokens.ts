import { refuse } from './expression.ts'

export type TokenKind = 'number' | 'text' | 'name' | 'word' | 'sign' | 'end'

export interface Token {
  readonly kind: TokenKind
  readonly at: number
  /** The value of a text or quoted name without its quotes; a keyword in lower case; else as written. */
  readonly text: string
  /** As it stands there, for messages. */
  readonly written: string
}

/** Words of the language; a feature of the same name stands in double quotes. */
const keywords = new Set(['and', 'or', 'not', 'in', 'between', 'is', 'true', 'false'])

/** Longer ones first. */
const signs = ['<=', '>=', '!=', '<>', '=', '<', '>', '+', '-', '*', '/', '(', ')', ',']

/** What people write who think of another language. */
const slips: readonly (readonly [RegExp, string])[] = [
  [/^==/, 'Write = for equality.'],
  [/^=[<>]/, 'Write <= or >=.'],
  [/^&&?/, 'Write and.'],
  [/^\|\|?/, 'Write or.'],
  [/^!(?!=)/, 'Write not.'],
  [/^%/, 'A share is a number from 0 to 1: 0.25.'],
  [/^[‘’“”„`´]/, "Texts stand in straight single quotes: 'DE'."],
  [/^;/, 'An expression is a single condition.'],
  [/^\./, 'A number begins with a digit: 0.5.'],
]

const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const NAME = /[A-Za-z]\w*(?::\w+)?/y
const TEXT = /'(?:[^']|'')*'/y
const QUOTED_NAME = /"(?:[^"]|"")*"/y
const MOST_TOKENS = 500
// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/

/**
 * Splits an expression. The last token is of kind `end`.
 *
 * @throws ExpressionRefused
 */
export function readTokens(text: string): readonly Token[] {
  const control = CONTROL.exec(text)
  if (control) refuse(control.index, 'a control character', 'visible characters')
  const tokens: Token[] = []
  let at = 0
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at += 1
    if (at >= text.length) return [...tokens, { kind: 'end', at: text.length, text: '', written: 'the end' }]
    if (tokens.length === MOST_TOKENS)
      refuse(at, `more than ${MOST_TOKENS} words and signs`, 'a shorter condition; make a feature of what is long')
    const token = readToken(text, at)
    tokens.push(token)
    at += token.written.length
  }
}

function readToken(text: string, at: number): Token {
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    return pattern.exec(text)?.[0]
  }
  const number = match(NUMBER)
  if (number !== undefined) return readNumber(text, at, number)
  const name = match(NAME)
  if (name !== undefined) {
    const folded = name.toLowerCase()
    return keywords.has(folded)
      ? { kind: 'word', at, text: folded, written: name }
      : { kind: 'name', at, text: name, written: name }
  }
  if (text[at] === "'") return readQuoted('text', at, match(TEXT), "'")
  if (text[at] === '"') return readQuoted('name', at, match(QUOTED_NAME), '"')
  const slip = slips.find(([pattern]) => pattern.test(text.slice(at, at + 2)))
  const sign = slip ? undefined : signs.find((one) => text.startsWith(one, at))
  if (sign === undefined) refuse(at, characterAt(text, at), 'a value, or a sign such as <, = or +', slip?.[1])
  return { kind: 'sign', at, text: sign === '<>' ? '!=' : sign, written: sign }
}

function readNumber(text: string, at: number, written: string): Token {
  const rest = /^[\w.]+/.exec(text.slice(at + written.length))
  if (rest)
    refuse(
      at,
      `"${written}${rest[0]}"`,
      'a number such as 12, 0.5 or 1e6',
      'Units are those of the feature: days, shares from 0 to 1.',
    )
  if (!Number.isFinite(Number(written))) refuse(at, written, 'a number below 1.8e308')
  return { kind: 'number', at, text: written, written }
}

function readQuoted(kind: 'text' | 'name', at: number, written: string | undefined, quote: string): Token {
  if (written === undefined)
    refuse(
      at,
      `${kind === 'text' ? 'a text' : 'a name'} without its end`,
      `a closing ${quote}`,
      `A ${quote} inside is written twice.`,
    )
  const text = written.slice(1, -1).replaceAll(quote + quote, quote)
  if (kind === 'name' && text === '') refuse(at, '""', 'the name of a feature')
  return { kind, at, text, written }
}

function characterAt(text: string, at: number): string {
  return `"${String.fromCodePoint(text.codePointAt(at)!)}"`
}
