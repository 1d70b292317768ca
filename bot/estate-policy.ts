import type { Limit, Policy, Step } from '../workflows/estate.ts'
import { commonSteps, defaultPolicy, familySteps } from '../workflows/policy.ts'
import { type Severity, severities } from '../workflows/severity.ts'
import { type Family, families } from '../workflows/taxonomy.ts'
import { readLadder } from './estate-ladder.ts'
import * as values from './estate-values.ts'
import type { Block, YamlFile } from './yaml-blocks.ts'

type Row = Partial<Record<Severity, Limit>>

/** `policy:` of an estate over the built-in limits: what is left out keeps its default. */
export function readPolicy(file: YamlFile, block: Block | null): Policy {
  if (!block) return defaultPolicy
  const common: [string, Row][] = []
  const byFamily: [string, Readonly<Partial<Record<Family, Row>>>][] = []
  for (const step of commonSteps) {
    const inner = block.block(step, commonKeys)
    common.push([step, { ...defaultPolicy.steps[step], ...(inner && readRow(inner)) }])
    byFamily.push([step, readFamilies(inner, step)])
    inner?.finish()
  }
  for (const step of familySteps) {
    const inner = block.block(step, familyKeys)
    byFamily.push([step, readFamilies(inner, step)])
    inner?.finish()
  }
  const policy: Policy = {
    steps: Object.fromEntries(common) as Policy['steps'],
    byFamily: Object.fromEntries(byFamily) as Policy['byFamily'],
    undo: block.optional('undo', values.undoTime) ?? defaultPolicy.undo,
    burstWait: block.optional('burstWait', values.burstWait) ?? defaultPolicy.burstWait,
    quietHours: readQuietHours(block),
    ladder: readLadder(file, block),
    alarm: readAlarm(file, block),
    heard: readHeard(block),
    extension: {
      supervisor: block.optional('extension', values.share) ?? defaultPolicy.extension.supervisor,
    },
    pause: readPause(block),
    effectCheck: readEffectCheck(block),
  }
  block.finish()
  return policy
}

const severityKeys = 'severities with their limits, such as { S1: 5m, S3: 2h }'
const commonKeys = `${severityKeys}, and code families that differ, such as { S2: 1h, EL: { S2: 10m } }`
const familyKeys = 'code families, each with severities, such as { EL: { S2: 24h } }'

/** What categories have of their own in a step; a family is read over its built-in row. */
function readFamilies(block: Block | null, step: Step): Policy['byFamily'][Step] {
  const rows: Partial<Record<Family, Row>> = { ...defaultPolicy.byFamily[step] }
  for (const family of block ? families : []) {
    const inner = block?.block(family, severityKeys)
    if (!inner) continue
    rows[family] = { ...rows[family], ...readRow(inner) }
    inner.finish()
  }
  return rows
}

function readRow(block: Block): Row {
  const row: Row = {}
  for (const severity of severities) {
    const limit = readLimit(block, severity, severity === 'S3' || severity === 'S4')
    if (limit) row[severity] = limit
  }
  return row
}

/** `2h`, or `{ limit: 2h, working: false }`; `usual` is how a bare one counts: in service time or around the clock. */
function readLimit(block: Block, key: string, usual: boolean): Limit | null {
  if (!block.has(key)) return null
  if (block.isText(key)) {
    const bare = block.required(key, values.duration)
    return bare ? { ...bare, working: usual } : null
  }
  const inner = block.block(key, 'a time such as 2h, or { limit: 1d, working: true }')
  if (!inner) return null
  const limit = inner.required('limit', values.duration)
  const working = inner.optional('working', values.yesOrNo) ?? usual
  inner.finish()
  return limit ? { ...limit, working } : null
}

function readQuietHours(block: Block): Policy['quietHours'] {
  const read = block.optional('quietHours', values.quietHours)
  if (read === undefined) return defaultPolicy.quietHours
  return read === 'none' ? null : read
}

/** `alarm: { every: 60s, next: 5m, manager: 10m, company: 15m }`: the circle widens in that order (domain.md 2.4). */
function readAlarm(file: YamlFile, policy: Block): Policy['alarm'] {
  const usual = defaultPolicy.alarm
  const block = policy.block('alarm', 'times such as { every: 60s, next: 5m, manager: 10m, company: 15m }')
  if (!block) return usual
  const alarm = {
    every: block.optional('every', values.ringsEvery) ?? usual.every,
    next: block.optional('next', values.joinsAfter) ?? usual.next,
    manager: block.optional('manager', values.joinsAfter) ?? usual.manager,
    company: block.optional('company', values.joinsAfter) ?? usual.company,
  }
  if (alarm.next > alarm.manager || alarm.manager > alarm.company)
    file.problem(
      block.place,
      `the next on duty joins after ${alarm.next / 1000}s, the manager after ${alarm.manager / 1000}s, the company after ${alarm.company / 1000}s; allowed: in this order`,
    )
  block.finish()
  return alarm
}

function readHeard(policy: Block): Policy['heard'] {
  const block = policy.block('heard', severityKeys)
  if (!block) return defaultPolicy.heard
  const heard = { ...defaultPolicy.heard, ...readRow(block) }
  block.finish()
  return heard
}

/** `pause: { question: 24h, review: 7d }`; the pause of a question is counted in service time (domain.md 2.4). */
function readPause(policy: Block): Policy['pause'] {
  const usual = defaultPolicy.pause
  const block = policy.block('pause', 'times such as { question: 24h, review: 7d }')
  if (!block) return usual
  const question = readLimit(block, 'question', true) ?? usual.question
  const review = block.optional('review', values.reviewWithin) ?? usual.review
  block.finish()
  return { question, review }
}

function readEffectCheck(policy: Block): Policy['effectCheck'] {
  const read = policy.optional('effectCheck', values.effectCheck)
  if (read === undefined) return defaultPolicy.effectCheck
  return read === 'none' ? null : read
}
