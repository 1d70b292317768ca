import type { PromiseMade } from '../complaint/state.ts'
import { stepName } from './cards.ts'

/** What a supervisor reads of a case on its card: values ≤ 26 characters, the text ≤ 112. */

/** 张建国 11月23日 10:05起. */
export const holder = (name: string, since: string | null): string =>
  since === null ? name : `${[...name].slice(0, 10).join('')} ${since}起`

export const due = (step: string, at: string, missed: boolean): string =>
  `${step} ${at}前${missed ? '，已超时' : ''}`

const promised: Readonly<Record<PromiseMade['what'], string>> = {
  contact: stepName.contact,
  plan: stepName.plan,
  resolve: stepName.resolve,
  callback: stepName.callback,
  reply: stepName.answer,
  report: stepName.progress,
}

export interface Told {
  readonly contacted: string | null
  readonly progressed: string | null
  readonly promise: {
    readonly what: PromiseMade['what']
    readonly at: string
    readonly broken: boolean
  } | null
  readonly extensions: number
}

export const told = ({ contacted, progressed, promise, extensions }: Told): string =>
  [
    contacted === null ? '还没联系过住户' : `${contacted}联系过住户`,
    ...(progressed === null ? [] : [`最近进展${progressed}`]),
    ...(promise === null
      ? []
      : [`答应住户${promise.at}前${promised[promise.what]}${promise.broken ? '，没做到' : ''}`]),
    ...(extensions === 0 ? [] : [`已延期${String(extensions)}次`]),
  ].join('；') + '。'
