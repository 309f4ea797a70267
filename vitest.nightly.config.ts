import { defineConfig, mergeConfig } from 'vitest/config'
import daily from './vitest.config.ts'

/** Properties that need servers or an engine for each try: tried ten times as often at night, see test/property-runs.ts. */
const PROPERTIES = [
  'test/activities/compare-runs.test.ts',
  'test/adapters/file-source/differential.test.ts',
  'test/adapters/warehouse/historical.test.ts',
  'test/adapters/warehouse/history.test.ts',
]

/** `npm run test:nightly`: what takes minutes because nothing is left out. */
export default mergeConfig(
  { ...daily, test: { ...daily.test, include: [] } },
  defineConfig({
    test: {
      include: ['test/nightly/**/*.nightly.ts', ...PROPERTIES],
      env: { RESEGMENT_TEST_NIGHT: '1' },
      testTimeout: 7_200_000,
    },
  }),
)
