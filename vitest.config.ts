import { configDefaults, defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Killing the real program takes minutes and a quiet machine: `npm run faults`, or FAULTS=short for a taste of it.
    exclude: [...configDefaults.exclude, ...(process.env.FAULTS ? [] : ['tests/faults/**'])],
    globalSetup: ['tests/support/build.ts'],
    testTimeout: 20_000,
    // Two cores are the smallest machine this runs on; more workers only fight for them.
    maxWorkers: 2,
  },
})
