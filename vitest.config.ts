import { configDefaults, defineConfig } from 'vitest/config'

const unit = {
  name: 'unit',
  include: ['src/**/*.test.ts'],
  testTimeout: 30_000,
  // Most tests wait for sockets, so that a worker per core leaves none of them idle.
  maxWorkers: '100%',
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
      { test: { name: 'contracts', include: ['contracts/**/*.test.ts'], testTimeout: 30_000 } },
      { test: { name: 'suites', include: ['suites/**/*.test.ts'], testTimeout: 60_000 } },
    ],
  },
})
