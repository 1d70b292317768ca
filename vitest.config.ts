import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/build.ts'],
    testTimeout: 20_000,
    // Two cores are the smallest machine this runs on; more workers only fight for them.
    maxWorkers: 2,
  },
})
