import type { TimelineRow } from '../../db/complaints.ts'
import { days, hours } from '../../workflows/ids.ts'
import type { Told } from './rules.ts'

/** What a manager asks for at the end of a quarter (domain.md 4), counted from the timelines alone. */
export function figuresOf(cases: readonly Told[]): readonly (readonly [string, string])[] {
  const of = (type: string, more: (e: TimelineRow) => boolean = () => true) =>
    cases.flatMap(({ timeline }) => timeline.filter((e) => e.type === type && more(e)))
  const those = (has: (timeline: readonly TimelineRow[]) => boolean) =>
    cases.filter(({ timeline }) => has(timeline)).length
  const any = (type: string, more: (e: TimelineRow) => boolean = () => true) =>
    those((timeline) => timeline.some((e) => e.type === type && more(e)))
  const missed = (step: string) => any('missed', (e) => e.data.step === step)
  const part = (n: number, of: number) => `${String(n)} / ${String(of)} (${((100 * n) / of).toFixed(1)} %)`
  const grade = (severity: string) => any('registered', (e) => e.data.severity === severity)
  const matters = cases.filter(({ timeline }) =>
    ['complaint', 'repair'].includes(String(timeline[0]?.data.kind ?? '')),
  ).length
  const done = any('done')
  const stars = of('rated').map((e) => Number(e.data.stars))
  const lengths = cases
    .flatMap(({ timeline }) => {
      const [first, end] = [timeline[0], timeline.find((e) => e.type === 'done')]
      return first && end ? [(end.at - first.at) / hours(1)] : []
    })
    .sort((a, b) => a - b)
  const quantile = (q: number) => (lengths[Math.floor(lengths.length * q)] ?? 0).toFixed(1)
  return [
    ['受理 received', `${String(cases.length)}, of them ${String(matters)} complaints and repairs`],
    ['等级 by severity', ['S1', 'S2', 'S3', 'S4'].map((s) => `${s} ${String(grade(s))}`).join(' · ')],
    ['接单及时率 accepted in time', part(cases.length - missed('accept'), cases.length)],
    ['响应及时率 first human contact in time', part(matters - missed('contact'), matters)],
    ['处理及时率 resolved in time', part(done - missed('resolve'), done)],
    ['平均处理时长 hours to done', `median ${quantile(0.5)}, P90 ${quantile(0.9)}`],
    ['解决率 said solved', part(any('solved'), done)],
    ['满意率 four stars and more', part(stars.filter((n) => n >= 4).length, stars.length)],
    [
      '重开率 not solved or reopened',
      part(
        those((t) => t.some((e) => e.type === 'failed' || e.type === 'reopened')),
        done,
      ),
    ],
    ['超期率 a step missed', part(any('missed'), cases.length)],
    ['升级率 escalated', part(any('escalated'), cases.length)],
    [
      '改派率 moved to another',
      part(
        those((t) => t.filter((e) => e.type === 'assigned').length > 1),
        cases.length,
      ),
    ],
    ['回访 calls made', String(of('visited').length)],
    ['险情 alarms and rounds', `${String(of('alarmRaised').length)} · ${String(of('alarmRang').length)}`],
    [
      '提醒与督办 reminders and escalations',
      `${String(of('reminded').length)} · ${String(of('escalated').length)}`,
    ],
    ['办结 closed', `${String(any('closed'))}, the oldest open since ${openSince(cases)}`],
  ]
}

function openSince(cases: readonly Told[]): string {
  const open = cases.filter(
    ({ timeline }) => !timeline.some((e) => e.type === 'closed' || e.type === 'withdrawn'),
  )
  const last = Math.max(0, ...cases.flatMap(({ timeline }) => timeline.map((e) => e.at)))
  const oldest = Math.min(last, ...open.map(({ timeline }) => timeline[0]?.at ?? last))
  return `${((last - oldest) / days(1)).toFixed(0)} days`
}
