import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format } from 'node:util'
import { pack } from '../workflows/understanding/model/packed.ts'
import { learn } from './learn.ts'
import { judgeApart, limitsBy, reportOf } from './judge.ts'
import { readCorpus } from './rows.ts'

/**
 * `npm run train`: learns the model of `workflows/understanding/model` from `training/corpus` and writes its weights. The
 * same corpus and lexicon give the same file, byte for byte.
 */
const root = process.cwd()
const print = (...words: unknown[]): void => void process.stdout.write(`${format(...words)}\n`)

const rows = readCorpus(join(root, 'training/corpus'))
print('%d messages', rows.length)
const judged = judgeApart(rows)
const limits = limitsBy(judged)
print('what a model says of messages it did not learn from:')
for (const line of reportOf(judged, limits)) print('  %s', line)
const model = { ...learn(rows), ...limits }
const target = join(root, 'workflows/understanding/model/weights.ts')
const data = Buffer.from(pack(model)).toString('base64')
writeFileSync(
  target,
  `import type { Packed } from './packed.ts'

// Written by \`npm run train\` from training/corpus and the lexicon; do not edit.
export const weights: Packed = {
  features: ${String(model.features.length)},
  askFrom: ${String(limits.askFrom)},
  alarmFrom: ${String(limits.alarmFrom)},
  data: '${data}',
}
`,
)
print(
  '%d features, %s MB: workflows/understanding/model/weights.ts',
  model.features.length,
  (data.length / 1e6).toFixed(1),
)
