import { defineConfig, mergeConfig } from 'vitest/config'
import daily from './vitest.config.ts'

/** `npm run test:nightly`: what takes minutes because nothing is left out. */
export default mergeConfig(
  { ...daily, test: { ...daily.test, include: [] } },
  defineConfig({ test: { include: ['test/nightly/**/*.nightly.ts'], testTimeout: 7_200_000 } }),
)
