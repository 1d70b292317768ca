import type { Limit, Policy, Step } from '../workflows/estate.ts'
import { commonSteps, defaultPolicy, familySteps } from '../workflows/policy.ts'
import { type Severity, severities } from '../workflows/severity.ts'
import { type Family, families } from '../workflows/taxonomy.ts'
import * as values from './estate-values.ts'
import type { Block } from './yaml-blocks.ts'

type Row = Partial<Record<Severity, Limit>>

/** `policy:` of an estate over the built-in limits: what is left out keeps its default. */
export function readPolicy(block: Block | null): Policy {
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
  const policy = {
    ...defaultPolicy,
    steps: Object.fromEntries(common) as Policy['steps'],
    byFamily: Object.fromEntries(byFamily) as Policy['byFamily'],
    undo: block.optional('undo', values.undoTime) ?? defaultPolicy.undo,
    quietHours: readQuietHours(block),
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
    const limit = readLimit(block, severity)
    if (limit) row[severity] = limit
  }
  return row
}

/** `2h`, or `{ limit: 2h, working: false }`. Bare, it runs around the clock at S1 and S2, in service time at S3 and S4. */
function readLimit(block: Block, severity: Severity): Limit | null {
  if (!block.has(severity)) return null
  const usual = severity === 'S3' || severity === 'S4'
  if (block.isText(severity)) {
    const bare = block.required(severity, values.duration)
    return bare ? { ...bare, working: usual } : null
  }
  const inner = block.block(severity, 'a time such as 2h, or { limit: 1d, working: true }')
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
