import type { Head } from '../workflows/understanding/model/heads.ts'
import { best, expected, leaning, readerBy, type Scores } from '../workflows/understanding/model/model.ts'
import { readByRules } from '../workflows/understanding/rules.ts'
import { categoryOf, isMatter, isRisk } from '../workflows/understanding/weigh.ts'
import { isJudged, learn } from './learn.ts'
import { areaUnderCurve, found, kappa, macroF1, share } from './measures.ts'
import type { Row } from './rows.ts'

const folds = 4

/** A row and what a model said of it that had not learnt from it. */
export interface Judged {
  readonly row: Row
  readonly scores: Scores
}

/**
 * Judges the files written for judging: in four parts, each by a model of everything but itself. The rules' lexicon was
 * written with two thirds of them in sight, so these figures still flatter a little.
 */
export function judgeApart(rows: readonly Row[]): Judged[] {
  const judged = rows.filter(isJudged)
  const partOf = new Map(judged.map((row, i) => [row, i % folds]))
  return Array.from({ length: folds }, (_, part) => {
    const read = readerBy(learn(rows.filter((row) => partOf.get(row) !== part)))
    return judged
      .filter((row) => partOf.get(row) === part)
      .map((row) => ({ row, scores: read(readByRules(row.text).features) }))
  }).flat()
}

/** How many of the messages that only sound like a danger may be taken for an emergency, or be asked about. */
const allowed = { alarms: 0.018, questions: 0.09, questionsInChat: 0.03 }

export interface Limits {
  /** The score of `danger` that is 0.1, and that is 0.5. */
  readonly askFrom: number
  readonly alarmFrom: number
}

const dangerOf = ({ scores }: Judged): number => leaning(scores, 'danger')
const inFile = (judged: readonly Judged[], file: string): Judged[] =>
  judged.filter(({ row }) => row.file === file)

/** Where the score of danger becomes a question and an alarm. */
export function limitsBy(judged: readonly Judged[]): Limits {
  const above = (file: string, part: number): number => {
    const scores = inFile(judged, file)
      .map(dangerOf)
      .sort((a, b) => b - a)
    return (scores[Math.floor(scores.length * part)] ?? 0) + 1e-3
  }
  const alarmFrom = above('near-miss', allowed.alarms)
  const askFrom = Math.max(above('near-miss', allowed.questions), above('chat', allowed.questionsInChat))
  return { askFrom: round(Math.min(askFrom, alarmFrom - 0.5)), alarmFrom: round(alarmFrom) }
}

const round = (score: number): number => Math.round(score * 1000) / 1000

/** The figures of `judgeApart` as lines. */
export function reportOf(judged: readonly Judged[], limits: Limits): string[] {
  const [emergencies, nearMisses, chat] = ['emergency', 'near-miss', 'chat'].map((file) =>
    inFile(judged, file),
  ) as [Judged[], Judged[], Judged[]]
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`
  const from = (list: readonly Judged[], score: number): string =>
    percent(share(list, (one) => dangerOf(one) >= score))
  const lines = Object.entries({ emergencies, 'near misses': nearMisses, chat }).map(
    ([name, list]) =>
      `${name.padEnd(12)} danger ≥ 0.1 ${from(list, limits.askFrom)}, ≥ 0.5 ${from(list, limits.alarmFrom)}`,
  )
  const said = (head: Head) => (one: Judged) => best(one.scores, head)
  const matters = chat.filter(({ row }) => row.category !== null)
  const categoryRead = (one: Judged): string => {
    const seen = readByRules(one.row.text)
    const isNone = said('kind')(one) === 'other' || !isMatter(seen, one.scores)
    return isNone ? 'none' : categoryOf(seen.topic, one.scores)
  }
  const yes = (head: Head) => (one: Judged) => leaning(one.scores, head) > 0
  const repeat = found(chat, yes('repeat'), ({ row }) => row.repeat === true)
  const risk = found(
    chat,
    (one) => dangerOf(one) >= limits.askFrom || isRisk(readByRules(one.row.text), one.scores),
    ({ row }) => row.risk,
  )
  return [
    ...lines,
    `area under curve, emergencies and near misses ${areaUnderCurve(emergencies.map(dangerOf), nearMisses.map(dangerOf)).toFixed(3)}`,
    `type         right ${percent(share(emergencies, (one) => said('type')(one) === one.row.danger))}`,
    `kind         accuracy ${percent(share(chat, (one) => said('kind')(one) === one.row.kind))}, macro-F1 ${macroF1(chat, said('kind'), ({ row }) => row.kind ?? '').toFixed(3)}`,
    `category     accuracy ${percent(share(matters, (one) => categoryRead(one) === one.row.category))}, macro-F1 ${macroF1(matters, categoryRead, ({ row }) => row.category ?? '').toFixed(3)}, read as none ${percent(share(matters, (one) => categoryRead(one) === 'none'))}`,
    `anger        kappa ${kappa(
      chat,
      ({ scores }) => Math.round(expected(scores, 'anger')),
      ({ row }) => row.anger ?? 0,
    ).toFixed(3)}`,
    `repeat       F1 ${repeat.f1.toFixed(3)}; risk recall ${percent(risk.recall)}, precision ${percent(risk.precision)}`,
  ]
}
