import { configDefaults, defineConfig } from 'vitest/config'

/** Most tests wait for sockets, so a worker for each core still leaves them idle at times. */
const shared = { maxWorkers: '100%' }

const unit = {
  ...shared,
  name: 'unit',
  include: ['src/**/*.test.ts'],
  testTimeout: 30_000,
  // No module keeps anything between two runs, and a process per test file doubles the time.
  isolate: false,
  // GitHub's parser imports JSON in a way that only a bundler understands.
  deps: { optimizer: { ssr: { enabled: true, include: ['@actions/workflow-parser'] } } },
}

export default defineConfig({
  test: {
    forceRerunTriggers: [...configDefaults.forceRerunTriggers, '**/{spec,suites}/*.yaml'],
    reporters: process.env.CI
      ? ['default', ['json', { outputFile: 'coverage/vitest.json' }]]
      : ['default'],
    projects: [
      { test: unit },
      {
        test: {
          ...shared,
          name: 'contracts',
          include: ['contracts/**/*.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'suites',
          include: ['suites/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
    ],
  },
})
