import { expect, it } from 'vitest'
import { severityOf, type Severity, type SeverityClues } from '../../workflows/severity.ts'

const clues = (given: Partial<SeverityClues>): SeverityClues => ({
  danger: 0,
  safety: 'none',
  kind: 'complaint',
  reach: 'one',
  effect: 'inconvenience',
  vulnerable: false,
  authority: false,
  anger: 0,
  threat: false,
  ...given,
})

it.each<[string, Partial<SeverityClues>, Severity]>([
  ['danger now', { danger: 0.6, safety: 'emergency' }, 'S1'],
  ['danger in doubt waits as S2', { danger: 0.3, safety: 'risk' }, 'S2'],
  ['many without water', { reach: 'many', effect: 'blocked' }, 'S2'],
  ['several without water', { reach: 'several', effect: 'blocked' }, 'S2'],
  ['one household without water', { effect: 'blocked' }, 'S3'],
  ['one household without water, an infant in it', { effect: 'blocked', vulnerable: true }, 'S2'],
  ['many put to inconvenience', { reach: 'many' }, 'S2'],
  ['several put to inconvenience', { reach: 'several' }, 'S3'],
  ['one put to inconvenience', {}, 'S3'],
  ['a wish', { effect: 'wish' }, 'S4'],
  ['a suggestion', { kind: 'suggestion', effect: 'wish' }, 'S4'],
  ['a wish about a hazard', { effect: 'wish', safety: 'risk' }, 'S3'],
  ['a hazard others must pass', { safety: 'risk', reach: 'many' }, 'S2'],
  ['an authority is named', { authority: true }, 'S2'],
  ['fury raises one level', { anger: 3 }, 'S2'],
  ['fury raises a wish one level', { anger: 3, effect: 'wish' }, 'S3'],
  [
    'no raise reaches S1',
    { anger: 3, threat: true, authority: true, reach: 'many', effect: 'blocked', safety: 'risk' },
    'S2',
  ],
])('%s', (_, given, severity) => {
  expect(severityOf(clues(given))).toBe(severity)
})
