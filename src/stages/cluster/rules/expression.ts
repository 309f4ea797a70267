/** Where something begins in the text of an expression, counted from 0. */
interface Placed {
  readonly at: number
}

export type ArithmeticOperator = '+' | '-' | '*' | '/'
export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>='

export type Literal = Placed &
  (
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'text'; readonly value: string }
    | { readonly kind: 'boolean'; readonly value: boolean }
  )

/** A condition of a rule, or a part of one. */
export type Expression =
  | Literal
  | (Placed & { readonly kind: 'feature'; readonly name: string })
  | (Placed & { readonly kind: 'negative'; readonly of: Expression })
  | (Placed & {
      readonly kind: 'arithmetic'
      readonly operator: ArithmeticOperator
      readonly left: Expression
      readonly right: Expression
    })
  | (Placed & {
      readonly kind: 'comparison'
      readonly operator: ComparisonOperator
      readonly left: Expression
      readonly right: Expression
    })
  | (Placed & {
      readonly kind: 'among'
      readonly value: Expression
      readonly options: readonly Literal[]
      readonly isNegated: boolean
    })
  | (Placed & {
      readonly kind: 'between'
      readonly value: Expression
      readonly low: Expression
      readonly high: Expression
      readonly isNegated: boolean
    })
  | (Placed & { readonly kind: 'known'; readonly value: Expression; readonly isKnown: boolean })
  | (Placed & { readonly kind: 'logic'; readonly operator: 'and' | 'or'; readonly operands: readonly Expression[] })
  | (Placed & { readonly kind: 'not'; readonly of: Expression })
  | (Placed & { readonly kind: 'call'; readonly name: string; readonly values: readonly Expression[] })

export function isLiteral(expression: Expression): expression is Literal {
  return expression.kind === 'number' || expression.kind === 'text' || expression.kind === 'boolean'
}

/** The operator for the two sides the other way round. */
export const turned: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '=',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}

/** What is wrong with an expression, and where. */
export interface ExpressionProblem extends Placed {
  readonly came: string
  readonly wanted: string
  readonly hint?: string
  /** Names that might have been meant, when one that came is unknown. */
  readonly unknown?: { readonly name: string; readonly among: readonly string[] }
}

/** Carries a problem out of the recursion; nobody outside of this folder sees it. */
export class ExpressionRefused extends Error {
  readonly problem: ExpressionProblem

  constructor(problem: ExpressionProblem) {
    super(problem.came)
    this.problem = problem
  }
}

export function refuse(at: number, came: string, wanted: string, hint?: string): never {
  throw new ExpressionRefused({ at, came, wanted, ...(hint === undefined ? {} : { hint }) })
}
