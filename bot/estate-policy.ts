import type { Limit, Policy } from '../workflows/estate.ts'
import type { familySteps } from '../workflows/policy.ts'
import { commonSteps, defaultPolicy } from '../workflows/policy.ts'
import { type Severity, severities } from '../workflows/severity.ts'
import { type Family, families } from '../workflows/taxonomy.ts'
import * as values from './estate-values.ts'
import type { Block } from './yaml-blocks.ts'

type Row = Partial<Record<Severity, Limit>>

/** `policy:` of an estate over the built-in limits: what is left out keeps its default. */
export function readPolicy(block: Block | null): Policy {
  if (!block) return defaultPolicy
  const steps: Record<string, Readonly<Record<Severity, Limit>>> = {}
  for (const step of commonSteps) {
    steps[step] = { ...defaultPolicy.steps[step], ...readRow(block.block(step, severityKeys)) }
  }
  const policy = {
    ...defaultPolicy,
    steps: steps as Policy['steps'],
    byFamily: { onSite: readFamilies(block, 'onSite'), resolve: readFamilies(block, 'resolve') },
    undo: block.optional('undo', values.undoTime) ?? defaultPolicy.undo,
    quietHours: readQuietHours(block),
  }
  block.finish()
  return policy
}

const severityKeys = 'severities with their limits, such as { S1: 5m, S3: 2h }'

function readFamilies(policy: Block, step: (typeof familySteps)[number]): Readonly<Record<Family, Row>> {
  const block = policy.block(step, 'code families, each with severities, such as { EL: { S2: 24h } }')
  if (!block) return defaultPolicy.byFamily[step]
  const rows = families.map((family) => {
    const row = readRow(block.block(family, severityKeys))
    return [family, { ...defaultPolicy.byFamily[step][family], ...row }] as const
  })
  block.finish()
  return Object.fromEntries(rows) as Record<Family, Row>
}

function readRow(block: Block | null): Row {
  if (!block) return {}
  const row: Row = {}
  for (const severity of severities) {
    const limit = readLimit(block, severity)
    if (limit) row[severity] = limit
  }
  block.finish()
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
