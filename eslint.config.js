// What tsc, prettier and dependency-cruiser cannot say. test/gates/eslint.test.ts plants a violation of every rule named here.
import js from '@eslint/js'
import { builtinRules } from 'eslint/use-at-your-own-risk'
import tseslint from 'typescript-eslint'

const PURE_ROOMS = ['run', 'sql', 'stats', 'stages', 'plan', 'init', 'experiment', 'report', 'errors', 'workflows']
const pureFiles = PURE_ROOMS.map((room) => `src/${room}/**/*.ts`)

const noExportAll = {
  selector: 'ExportAllDeclaration',
  message: 'Name what is exported: `export { a, b } from …`. What is not named may change without notice.',
}
const clock = 'Nothing here reads the clock. Take the as-of from the plan, or the instant as an argument.'
const noClock = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: clock },
  { selector: "CallExpression[callee.name='Date']", message: clock },
]
const noEnvironment = {
  object: 'process',
  property: 'env',
  message: 'Only src/config reads the environment: take what you need from `Environment`.',
}
const noChance = [
  { object: 'Math', property: 'random', message: 'Draw from a seeded generator (pure-rand); the seed is in the plan.' },
  { object: 'Date', property: 'now', message: clock },
  { object: 'performance', property: 'now', message: clock },
  { object: 'DateTime', property: 'now', message: clock },
]
const lines = (max) => ['error', { max }]

export default tseslint.config(
  {
    ignores: [
      'node_modules/',
      'dist/',
      'coverage/',
      'schemas/',
      'docs/',
      '**/.resegment*/',
      '**/*.d.ts',
      'test/workflows/histories/',
      // AssemblyScript: no TypeScript program knows its types.
      'src/kernels/assembly/',
    ],
  },
  js.configs.recommended,
  tseslint.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'no-restricted-syntax': ['error', noExportAll],
      'max-lines': lines(250),
      // tsc knows what is not defined.
      'no-undef': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' },
      ],
      // An empty callback or an ignored error is a decision; a comment in it says which.
      'no-empty': ['error', { allowEmptyCatch: false }],
    },
  },
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/config/**'],
    rules: {
      'no-restricted-properties': ['error', noEnvironment],
      'no-restricted-imports': [
        'error',
        {
          name: 'node:process',
          importNames: ['env', 'default'],
          message: 'Only src/config reads the environment: take what you need from `Environment`.',
        },
      ],
    },
  },
  {
    files: pureFiles,
    rules: {
      'no-restricted-properties': ['error', noEnvironment, ...noChance],
      'no-restricted-syntax': ['error', noExportAll, ...noClock],
    },
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  {
    files: ['src/workflows/**/*.ts'],
    rules: {
      'max-lines': lines(120),
      // In the sandbox `Date.now` is Temporal's clock, which a replay repeats; the other clocks stay refused.
      'no-restricted-properties': ['error', noEnvironment, ...noChance.filter(({ object }) => object !== 'Date')],
    },
  },
  {
    files: ['src/activities/**/*.ts'],
    plugins: { house: { rules: { 'aim-for-fewer-lines': builtinRules.get('max-lines') } } },
    rules: { 'max-lines': lines(150), 'house/aim-for-fewer-lines': ['warn', { max: 80 }] },
  },
)
