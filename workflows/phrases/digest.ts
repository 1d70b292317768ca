import type { DeadlineStep } from '../complaint/state.ts'
import type { Millis } from '../ids.ts'
import { stepName } from './cards.ts'

/** Many reminders and escalations in one message. It is read in a list of messages: nobody's name but colleagues'. */

/** One case of the list; its steps longest overdue first. */
export interface DigestLine {
  readonly number: string
  /** Nobody can be found who may have it. */
  readonly nobody: boolean
  /** A negative lateness: that much is left. */
  readonly steps: readonly { readonly step: DeadlineStep; readonly late: Millis }[]
  /** Who has it, for whoever it was escalated to; undefined for those who have it themselves. */
  readonly holder: string | null | undefined
}

/** Of one case so many steps are named at most: its card shows the rest. */
const mostSteps = 2

function line({ number, nobody, steps, holder }: DigestLine, n: number): string {
  const named = steps.slice(0, mostSteps).map(stepWords)
  const more = steps.length > mostSteps ? '等' : ''
  const parts = [
    ...(nobody ? ['没有人能接，请安排'] : []),
    ...(named.length > 0 ? [`${named.join('、')}${more}`] : []),
    ...(holder === undefined || nobody ? [] : [`经办${holder ?? '无人'}`]),
  ]
  return `${String(n)}. ${number} ${parts.join('，')}`
}

const stepWords = ({ step, late }: DigestLine['steps'][number]): string =>
  late >= 0 ? `${stepName[step]}超时${lengthWords(late)}` : `${lengthWords(-late)}内要${stepName[step]}`

/** 5分钟, 3小时, 2天: rounded down, and never 0. */
function lengthWords(length: Millis): string {
  const inMinutes = Math.max(1, Math.floor(length / 60_000))
  if (inMinutes < 60) return `${String(inMinutes)}分钟`
  const inHours = Math.floor(inMinutes / 60)
  return inHours < 48 ? `${String(inHours)}小时` : `${String(Math.floor(inHours / 24))}天`
}

/** 企业微信 takes 2048 bytes a message, and nobody reads more lines than these. */
export const mostLines = 17

export function digest(lines: readonly DigestLine[], time: string, numbered: boolean): string {
  const shown = lines.slice(0, mostLines)
  const more = lines.length - shown.length
  return [
    `督办和提醒共${String(lines.length)}件（${time}）：`,
    ...shown.map((l, i) => line(l, i + 1)),
    ...(more > 0 ? [`另有${String(more)}件，回“待办”看全部。`] : []),
    numbered ? '回序号看那一件；看到了请回“收到”。' : '发编号看那一件；看到了请回“收到”。',
  ].join('\n')
}
