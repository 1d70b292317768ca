import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { answerTo, instantOf } from '../bot/understand.ts'
import { warmUp } from '../workflows/understanding/index.ts'
import type { Facts } from '../workflows/understanding/facts.ts'
import { areaUnderCurve, found, kappa, macroF1, overlap, share } from './measures.ts'
import { isRight, type TimeRow } from './moments.ts'

/**
 * `npm run eval -- --data FOLDER`: what `understand` makes of the development files of a folder, against their labels (the
 * folder's README.md defines both). Prints tables, what is confused with what, and the worst cases.
 */
const names = ['complaints', 'chat', 'emergency', 'near-miss', 'negatives', 'times'] as const

interface Labels {
  readonly kind: string
  readonly kindAlt?: readonly string[]
  readonly category: string | null
  readonly categoryAlt?: readonly string[]
  readonly building: readonly string[]
  readonly unit: readonly string[]
  readonly room: readonly string[]
  readonly timeExpression: string | null
  readonly safety: string
  readonly anger: number
  readonly demand: string | null
  readonly repeat: boolean
}
interface Read {
  readonly text: string
  readonly said: Facts
}
type Labelled = Read & { readonly labels: Labels }
interface Row {
  readonly text: string
  readonly now?: string
  readonly date?: string | null
  readonly ref?: string | null
}

const print = (line = ''): void => void process.stdout.write(`${line}\n`)
const percent = (value: number): string => `${(100 * value).toFixed(1)} %`.padStart(8)
const plain = (value: number): string => value.toFixed(3).padStart(8)

function main(): void {
  const { values } = parseArgs({
    options: { data: { type: 'string' }, worst: { type: 'string', default: '8' } },
  })
  if (!values.data)
    return refuse('npm run eval -- --data FOLDER: the folder of the development files is missing')
  const folder = values.data
  const missing = names.filter((name) => !existsSync(join(folder, `${name}-dev.jsonl`)))
  if (missing.length > 0)
    return refuse(`${folder} has no ${missing.map((name) => `${name}-dev.jsonl`).join(', ')}`)

  warmUp()
  const taken: number[] = []
  const rowsOf = <R extends Row>(name: (typeof names)[number]): (R & Read)[] =>
    readFileSync(join(folder, `${name}-dev.jsonl`), 'utf8')
      .trim()
      .split('\n')
      .map((line, i) => {
        const row = JSON.parse(line) as R
        const now = row.now ?? row.date ?? row.ref ?? '2026-11-23T10:00:00+08:00'
        const request = { id: i, text: row.text, now: instantOf(now) }
        const from = process.hrtime.bigint()
        const said = answerTo(request) as unknown as Facts
        if (name === 'chat') taken.push(Number(process.hrtime.bigint() - from) / 1_000)
        return { ...row, said }
      })

  const letters = rowsOf<Row & { labels: Labels }>('complaints')
  const chat = rowsOf<Row & { labels: Labels }>('chat')
  const worst = Number(values.worst)
  for (const [name, rows] of [
    ['letters', letters],
    ['chat', chat],
  ] as const) {
    print(`\n## ${name} (${String(rows.length)})`)
    fields(rows)
    confusion(rows, worst)
  }
  const emergencies = rowsOf<Row & { emergencyType: string }>('emergency')
  const nearMisses = rowsOf<Row>('near-miss')
  print('\n## danger')
  dangers(emergencies, nearMisses, chat, worst)
  const negatives = rowsOf<Row>('negatives')
  print(`\n## no matter of an estate (${String(negatives.length)})`)
  print(`opened as one      ${percent(share(negatives, (row) => row.said.category !== null))}`)
  for (const row of negatives.filter((one) => one.said.category !== null).slice(0, worst))
    print(`  ${quoted(row)}`)
  times(rowsOf<Row & TimeRow>('times'), worst)
  taken.sort((a, b) => a - b)
  print(
    `\nchat: median ${(taken[taken.length >> 1] ?? 0).toFixed(0)} µs a message, most ${(taken.at(-1) ?? 0).toFixed(0)} µs`,
  )
}

function fields(rows: readonly Labelled[]): void {
  const matters = rows.filter((row) => row.labels.category !== null)
  const isKind = (row: Labelled): boolean =>
    row.said.kind === row.labels.kind || (row.labels.kindAlt ?? []).includes(row.said.kind)
  const category = (row: Labelled): string => row.said.category ?? 'none'
  print(
    `kind               accuracy ${percent(share(rows, isKind))}   macro-F1 ${plain(
      macroF1(
        rows,
        (r) => r.said.kind,
        (r) => r.labels.kind,
      ),
    )}`,
  )
  print(
    `category           accuracy ${percent(share(matters, (r) => category(r) === r.labels.category))}   macro-F1 ${plain(macroF1(matters, category, (r) => r.labels.category ?? 'none'))}   with the other troubles named ${percent(share(matters, (r) => category(r) === r.labels.category || (r.labels.categoryAlt ?? []).includes(category(r))))}`,
  )
  for (const field of ['building', 'unit', 'room'] as const) {
    const present = rows.filter((row) => row.labels[field].length > 0)
    const absent = rows.filter((row) => row.labels[field].length === 0)
    print(
      `${field.padEnd(18)} found ${percent(share(present, (row) => row.labels[field].every((one) => row.said[field].includes(one))))}   invented ${percent(share(absent, (row) => row.said[field].length > 0))}`,
    )
  }
  const dated = rows.filter((row) => row.labels.timeExpression !== null)
  print(
    `time               found ${percent(share(dated, (row) => row.said.time.some((one) => overlap(row.text, one.text, row.labels.timeExpression ?? '') >= 0.5)))}   (half of the words or more)`,
  )
  const asking = rows.filter((row) => row.labels.demand !== null)
  print(
    `demand             found ${percent(share(asking, (row) => overlap(row.text, row.said.demand ?? '\0', row.labels.demand ?? '') >= 0.5))}   invented ${percent(
      share(
        rows.filter((row) => row.labels.demand === null),
        (row) => row.said.demand !== null,
      ),
    )}`,
  )
  const yes = (name: string, score: ReturnType<typeof found>): void =>
    print(
      `${name.padEnd(18)} precision ${percent(score.precision)}   recall ${percent(score.recall)}   F1 ${plain(score.f1)}`,
    )
  yes(
    'risk',
    found(
      rows,
      (row) => row.said.safety !== 'none',
      (row) => row.labels.safety !== 'none',
    ),
  )
  yes(
    'repeat',
    found(
      rows,
      (row) => row.said.repeat,
      (row) => row.labels.repeat,
    ),
  )
  print(
    `anger              kappa ${plain(
      kappa(
        rows,
        (row) => row.said.anger,
        (row) => row.labels.anger,
      ),
    )}`,
  )
}

function confusion(rows: readonly Labelled[], worst: number): void {
  const pairs = new Map<string, Labelled[]>()
  for (const row of rows) {
    if (row.labels.category === null || row.said.category === row.labels.category) continue
    const pair = `${row.labels.category} read as ${row.said.category ?? 'none'}`
    pairs.set(pair, [...(pairs.get(pair) ?? []), row])
  }
  print('most confused:')
  for (const [pair, list] of [...pairs].sort((a, b) => b[1].length - a[1].length).slice(0, worst))
    print(`  ${String(list.length).padStart(3)} ${pair}: ${list[0] ? quoted(list[0]) : ''}`)
}

function dangers(
  emergencies: readonly (Read & { readonly emergencyType: string })[],
  nearMisses: readonly Read[],
  chat: readonly Read[],
  worst: number,
): void {
  for (const [name, rows] of Object.entries({ emergencies, nearMisses, chat }))
    print(
      `${name.padEnd(18)} ≥ 0.1 ${percent(share(rows, (row) => row.said.danger >= 0.1))}   ≥ 0.5 ${percent(share(rows, (row) => row.said.danger >= 0.5))}   (${String(rows.length)})`,
    )
  print(
    `type right         ${percent(share(emergencies, (row) => row.said.emergencyType === row.emergencyType))}`,
  )
  const danger = (rows: readonly Read[]): number[] => rows.map((row) => row.said.danger)
  print(`area under curve   ${plain(areaUnderCurve(danger(emergencies), danger(nearMisses)))}`)
  const by = (rows: readonly Read[], sign: number): Read[] =>
    [...rows].sort((a, b) => sign * (a.said.danger - b.said.danger)).slice(0, worst)
  print('missed:')
  for (const row of by(emergencies, 1)) print(`  ${row.said.danger.toFixed(2)} ${quoted(row)}`)
  print('needless:')
  for (const row of by([...nearMisses, ...chat], -1)) print(`  ${row.said.danger.toFixed(2)} ${quoted(row)}`)
}

function times(rows: readonly (Read & TimeRow)[], worst: number): void {
  const right = (row: Read & TimeRow): boolean => row.said.time.some((value) => isRight(row, value))
  print(`\n## times (${String(rows.length)})`)
  print(
    `found              ${percent(share(rows, (row) => row.said.time.some((one) => overlap(row.text, one.text, row.expr) >= 0.5)))}`,
  )
  print(`resolved right     ${percent(share(rows, right))}`)
  for (const row of rows.filter((one) => !right(one)).slice(0, worst))
    print(
      `  ${row.expr}: ${row.said.time.map((one) => `${one.text} ${one.type} ${one.start ?? one.clockStart ?? ''}`).join(' | ')}`,
    )
}

const quoted = (row: Read): string => (row.text.length > 70 ? `${row.text.slice(0, 70)}…` : row.text)

function refuse(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
  process.exitCode = 1
}

main()
