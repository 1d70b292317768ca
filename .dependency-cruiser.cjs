/**
 * The rooms and what each may know (docs/architecture.md). A picture that no rule holds is soon untrue.
 */
const only = (from, allowed) => ({
  name: `${from}-knows-only-${allowed.join('-') || 'itself'}`,
  severity: 'error',
  from: { path: `^${from}/` },
  to: {
    path: '^(bot|workflows|db|adapters|bench)/',
    pathNot: [`^${from}/`, ...allowed.map((room) => `^${room}`)],
  },
})

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    // Decide purely: no I/O, no platform, no database.
    only('workflows', []),
    {
      name: 'workflows-are-pure',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: 'node_modules', pathNot: ['node_modules/zod', 'node_modules/chinese-days'] },
    },
    {
      name: 'workflows-use-no-node',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { dependencyTypes: ['core'] },
    },
    // The store keeps what workflows decide; it knows their types, not the program.
    only('db', ['workflows/']),
    // Platforms end at the adapter.
    only('adapters', ['workflows/(ids|message)']),
    {
      name: 'one-platform-does-not-know-another',
      severity: 'error',
      from: { path: '^adapters/([^/]+)/' },
      to: { path: '^adapters/([^/]+)/', pathNot: '^adapters/$1/' },
    },
    {
      name: 'nothing-runs-on-the-bench',
      severity: 'error',
      from: { path: '^(bot|workflows|db|adapters)/' },
      to: { path: '^bench/' },
    },
    // Only the turn (with what it loads and writes) knows both workflows and the database.
    {
      name: 'wechaty-only-in-its-child',
      severity: 'error',
      from: {
        pathNot: [
          '^adapters/wechaty/(child|listen|spoken|save|befriend|say)\\.ts$',
          '^adapters/simulator/puppet\\.ts$',
        ],
      },
      to: { path: 'node_modules/(wechaty|wechaty-puppet|wechaty-puppet-mock|wechaty-puppet-service)/' },
    },
    {
      name: 'language-model-only-in-its-adapter',
      severity: 'error',
      from: { pathNot: '^adapters/llm/call\\.ts$' },
      to: { path: 'node_modules/(ai|@ai-sdk)/' },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: ['\\.d\\.ts$', '(main|understand|child|puppet)\\.ts$', 'drizzle\\.config\\.ts$'],
      },
      to: {},
    },
    {
      name: 'no-unlisted-packages',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-dev-packages-in-the-program',
      severity: 'error',
      from: { path: '^(bot|workflows|db|adapters)/', pathNot: 'drizzle\\.config\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|data)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
}
