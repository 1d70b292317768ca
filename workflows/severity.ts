/** S1 danger to people now · S2 essential service lost, injury, loss · S3 ordinary failure · S4 mild remark (domain.md 2.1). */
export type Severity = 'S1' | 'S2' | 'S3' | 'S4'

export const severities: readonly Severity[] = ['S1', 'S2', 'S3', 'S4']

export const isMoreSevere = (a: Severity, b: Severity): boolean => a < b

/** One level up, as software may raise: never beyond S2 (domain.md 2.1: S1 comes from danger now, or from a supervisor). */
export function raised(severity: Severity): Severity {
  return severity === 'S4' ? 'S3' : severity === 'S1' ? 'S1' : 'S2'
}
