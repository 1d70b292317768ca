import type { Level, Point, Policy } from '../workflows/estate.ts'
import { defaultPolicy } from '../workflows/policy.ts'
import * as values from './estate-values.ts'
import type { Block, YamlFile } from './yaml-blocks.ts'

const shares = 'shares of the limit with who hears of it, such as { 50%: [handler], 100%: [supervisor] }'

/**
 * `ladder:` of a policy: `{ S2: { 50%: [handler], 100%: [supervisor, manager] }, short: … }`. A row that is given replaces
 * the whole built-in one. Each must reach somebody at the limit or after it, so that nothing overdue is overdue unheard.
 */
export function readLadder(file: YamlFile, policy: Block): Policy['ladder'] {
  const block = policy.block('ladder', 'rows S2, S3, S4 and short (S1, and limits under 30 minutes)')
  if (!block) return defaultPolicy.ladder
  const read = (row: keyof Policy['ladder']) => {
    const inner = block.block(row, shares)
    return inner ? readPoints(file, inner) : defaultPolicy.ladder[row]
  }
  const ladder = { S2: read('S2'), S3: read('S3'), S4: read('S4'), short: read('short') }
  block.finish()
  return ladder
}

function readPoints(file: YamlFile, block: Block): readonly Point[] {
  const points: Point[] = []
  const before = file.problems.length
  for (const key of block.keys()) {
    const percent = values.share.safeParse(key).data
    const levels = readLevels(file, block, key)
    if (percent === undefined) file.wrong(block.at(key), `the share “${key}”`, values.shareText)
    else if (points.some((point) => point.percent === percent))
      file.problem(block.at(key), `${percent}% is there twice; allowed: each share once`)
    else points.push({ percent, levels })
  }
  const reaches = points.some((point) => point.percent >= 100)
  if (file.problems.length === before && !reaches)
    file.problem(
      block.place,
      'nobody hears of what is overdue; allowed: at least one share from 100% on, such as 100%: [supervisor]',
    )
  return points.sort((a, b) => a.percent - b.percent)
}

/** One level as plain text, or a list of them. */
function readLevels(file: YamlFile, block: Block, key: string): readonly Level[] {
  const names = values.levelNames.join(', ')
  if (block.isText(key)) {
    const level = block.required(key, values.level)
    return level === undefined ? [] : [level]
  }
  const before = file.problems.length
  const levels = block
    .items(key, `a list such as [handler, supervisor], of ${names}`)
    .flatMap((item) => item.value(values.level) ?? [])
  if (levels.length === 0 && file.problems.length === before) block.missing(key, `at least one of ${names}`)
  return [...new Set(levels)].sort()
}
