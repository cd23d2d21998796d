import { defineConfig } from 'vitest/config'

/** GitHub's parser imports JSON in a way that only a bundler understands. */
const deps = { optimizer: { ssr: { enabled: true, include: ['@actions/workflow-parser'] } } }

export default defineConfig({
  test: {
    reporters: process.env.CI
      ? ['default', ['json', { outputFile: 'coverage/vitest.json' }]]
      : ['default'],
    projects: [
      { test: { name: 'unit', include: ['src/**/*.test.ts'], testTimeout: 30_000, deps } },
      { test: { name: 'contracts', include: ['contracts/**/*.test.ts'], testTimeout: 30_000 } },
      { test: { name: 'suites', include: ['suites/**/*.test.ts'], testTimeout: 60_000 } },
    ],
  },
})
