import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const ROOT = path.resolve(import.meta.dirname, '../..')
/** What child processes load: Node 20 runs no TypeScript. */
const NEEDED = ['dist/adapters/wechaty/child.js', 'dist/adapters/simulator/puppet.js']

/** Builds `dist/` once before the tests. Types that do not fit are `npm run check`'s to refuse; a missing file is ours. */
export default function build(): void {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const run = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: ROOT, encoding: 'utf8' })
  // Those of an earlier build would be taken before the ones of the source.
  const migrations = path.join(ROOT, 'dist/db/migrations')
  rmSync(migrations, { recursive: true, force: true })
  cpSync(path.join(ROOT, 'db/migrations'), migrations, { recursive: true })
  const missing = NEEDED.filter((file) => !existsSync(path.join(ROOT, file)))
  if (missing.length > 0)
    throw new Error(`the build left out ${missing.join(', ')}:\n${run.stdout}${run.stderr}`)
}
