import type { Measured } from './measure.ts'
import type { Growth } from './growth.ts'
import type { Report } from './run.ts'
import type { Start, StartReport } from './start.ts'
import type { Lateness, TimersReport } from './timers.ts'

const number = (value: number, digits = 0) =>
  value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits })
const times = (value: number) => `${number(value, 2)} ×`
const megabytes = (bytes: number) => `${number(bytes / 1024 / 1024)} MB`

/** The report for people: Markdown, so that it can be pasted where figures are kept. */
export function tableOf(r: Report): string {
  const row = (name: string, m: Measured) => [
    name,
    number(m.turns),
    number(m.perSecond),
    number(m.p50, 2),
    number(m.p95, 2),
    number(m.p99, 2),
    number(m.cpu),
  ]
  const measures = table(
    ['', 'turns', 'turns/s', 'p50 ms', 'p95 ms', 'p99 ms', 'CPU µs a turn'],
    [
      row('intake, 50 in flight, FULL', r.intake.FULL),
      row('staff and ratings, to the last close', r.work),
      row('intake, 50 in flight, NORMAL', r.intake.NORMAL),
      row('intake, one in flight, FULL', r.alone),
      row('intake at half of the maximum rate', r.half),
      row('bare FULL, a transaction a turn', r.bare.FULL),
      row('bare FULL, fifty together', r.batched.FULL),
      row('bare NORMAL, a transaction a turn', r.bare.NORMAL),
      row('bare NORMAL, fifty together', r.batched.NORMAL),
    ],
  )
  const ratios = table(
    ['ratio', 'here', 'wanted'],
    [
      ['FULL to bare FULL', times(r.ratios.full), '3 ×'],
      ['FULL to bare FULL, fifty together', times(r.ratios.fullBatched), '0.4 ×'],
      ['NORMAL to bare NORMAL', times(r.ratios.normal), '1.0 ×'],
      ['NORMAL to bare NORMAL, fifty together', times(r.ratios.normalBatched), ''],
      ['one in flight to bare FULL', times(r.ratios.alone), '0.75 ×'],
      ['CPU a turn', `${number(r.intake.FULL.cpu)} µs`, '110 µs'],
      ['p99 at half of the maximum rate', `${number(r.half.p99, 1)} ms`, '25 ms'],
      ['peak memory', megabytes(r.peakMemory), ''],
      ['bytes a closed complaint', number(r.bytesPerComplaint), ''],
    ],
  )
  const { node, cpus, model, memory } = r.machine
  return [
    `${number(r.residents)} residents; from the rows: ${number(r.registered)} registered, ${number(r.closed)} closed.`,
    `Node ${node}, ${String(cpus)} × ${model}, ${megabytes(memory)}.`,
    '',
    measures,
    '',
    ratios,
    '',
  ].join('\n')
}

/** @param program the built one, started on it */
export function growthTable(g: Growth, program: Start): string {
  return [
    table(
      ['', 'here', 'wanted'],
      [
        ['complaints in the database', number(g.complaints), '1,000,000'],
        ['its size', megabytes(g.size), ''],
        ['made in', `${number(g.made)} s`, ''],
        ['opened and ready in', `${number(g.start / 1000, 2)} s`, '3 s'],
        ['the program started on it', `${number(program.ready / 1000, 2)} s`, '3 s'],
        ['its memory', megabytes(program.memory), ''],
        ['turns/s, small to large', `${number(g.small.perSecond)} to ${number(g.large.perSecond)}`, ''],
        ['CPU µs a turn, small to large', `${number(g.small.cpu)} to ${number(g.large.cpu)}`, ''],
        ['time a turn', times(g.ratio), '1.2 ×'],
        ['CPU a turn', times(g.cpuRatio), '1.2 ×'],
      ],
    ),
    '',
  ].join('\n')
}

export function timersTable(t: TimersReport): string {
  const row = (name: string, late: Lateness) => [
    name,
    number(late.fired),
    `${number(late.p50)} ms`,
    `${number(late.p99)} ms`,
    '1,000 ms',
  ]
  return [
    table(
      [`${number(t.due)} timers within 10 s`, 'fired', 'p50 late', 'p99 late', 'wanted'],
      [row('in the process', t.embedded), ...(t.bullmq ? [row('BullMQ', t.bullmq)] : [])],
    ),
    '',
    table(
      ['processor time of an idle second', 'here'],
      [
        ['no timers', `${number(t.idle.none, 1)} ms`],
        [`${number(t.pending)} pending`, `${number(t.idle.pending, 1)} ms`],
        ...(t.idle.queued === null
          ? []
          : [[`${number(t.pending)} in a queue of BullMQ`, `${number(t.idle.queued, 1)} ms`]]),
      ],
    ),
    '',
  ].join('\n')
}

export function startTable({ plain, wechaty }: StartReport): string {
  const row = (name: string, { ready, memory, children }: Start, wanted: string) => [
    name,
    `${number(ready / 1000, 2)} s`,
    megabytes(memory),
    children === 0 ? '' : megabytes(children),
    wanted,
  ]
  return [
    table(
      ['', 'ready in', 'memory', 'wechaty’s child', 'wanted'],
      [row('企业微信 alone', plain, '1.5 s, 150 MB'), row('simulator and wechaty', wechaty, '')],
    ),
    '',
  ].join('\n')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) =>
    Math.max(...[title, ...rows.map((row) => row[i] ?? '')].map((cell) => cell.length)),
  )
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [line(head), rule, ...rows.map(line)].join('\n')
}
