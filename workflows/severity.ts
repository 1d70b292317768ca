import type { Facts } from './understanding/facts.ts'

/** S1 danger to people now · S2 essential service lost, injury, loss · S3 ordinary failure · S4 mild remark (domain.md 2.1). */
export type Severity = 'S1' | 'S2' | 'S3' | 'S4'

export const severities: readonly Severity[] = ['S1', 'S2', 'S3', 'S4']

export const isMoreSevere = (a: Severity, b: Severity): boolean => a < b

/** One level up, as software may raise: never beyond S2 (domain.md 2.1: S1 comes from danger now, or from a supervisor). */
export function raised(severity: Severity): Severity {
  return severity === 'S4' ? 'S3' : severity === 'S1' ? 'S1' : 'S2'
}

/** What of a text's facts bears on severity. */
export type SeverityClues = Pick<
  Facts,
  'danger' | 'safety' | 'kind' | 'reach' | 'effect' | 'vulnerable' | 'authority' | 'anger' | 'threat'
>

/**
 * The severity of domain.md 2.1: effect × reach, a hazard at least S3 (S2 where others must pass by or it spreads), then
 * the raises the text itself gives: an authority named → at least S2; furious or threatening → one level. S1 comes from
 * danger to people now alone (`danger` ≥ 0.5); a doubtful danger (≥ 0.1) is S2 until it is answered. Raises that need
 * the history (third report, report after “solved”, promise missed) are the caller's.
 */
export function severityOf(facts: SeverityClues): Severity {
  if (facts.danger >= 0.5) return 'S1'
  let severity = byMatrix(facts)
  if (facts.safety !== 'none') severity = moreSevere(severity, facts.reach === 'one' ? 'S3' : 'S2')
  if (facts.danger >= 0.1) severity = moreSevere(severity, 'S2')
  const isGrievance = facts.kind === 'complaint' || facts.kind === 'repair'
  if (facts.authority && isGrievance) severity = moreSevere(severity, 'S2')
  if (facts.anger >= 3 || facts.threat) severity = raised(severity)
  return severity
}

function byMatrix(facts: SeverityClues): Severity {
  if (
    facts.kind === 'praise' ||
    facts.kind === 'suggestion' ||
    facts.kind === 'enquiry' ||
    facts.kind === 'other'
  )
    return 'S4'
  switch (facts.effect) {
    case 'wish':
      return 'S4'
    case 'inconvenience':
      return facts.reach === 'many' ? 'S2' : 'S3'
    case 'blocked':
      return facts.reach === 'one' && !facts.vulnerable ? 'S3' : 'S2'
  }
}

const moreSevere = (a: Severity, b: Severity): Severity => (isMoreSevere(a, b) ? a : b)
