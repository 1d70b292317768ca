import type { Millis } from '../../../workflows/ids.ts'

/** How a call of the API goes wrong. */
export type ApiFault =
  /** HTTP 200 with this errcode; nothing was done. */
  | { readonly type: 'refuse'; readonly errcode: number }
  /** An HTML page with this HTTP status; nothing was done. */
  | { readonly type: 'status'; readonly status: number }
  /** No answer ever; the caller cannot tell whether it was done. */
  | { readonly type: 'silence'; readonly done: boolean }
  /** Done, but the connection breaks in the middle of the answer. */
  | { readonly type: 'half' }

/** How a callback goes wrong: never sent, sent twice though answered, or sent after the one that follows it. */
export type CallbackFault = 'lose' | 'duplicate' | 'reorder'

/** What goes wrong, when somebody asks for it. Everything works until then. */
export interface WecomFaults {
  /** The next calls of this API (`message/send`; `*`: whichever comes) fail so. */
  next(api: string, fault: ApiFault, times?: number): void
  /** The next callbacks fail so. */
  nextCallback(fault: CallbackFault, times?: number): void
  /** Every access token given so far is dead: 42001 says expired, 40014 invalid. */
  endTokens(errcode?: 40014 | 42001): void
  /** Tokens given from now on die after so long, whatever `expires_in` says; null: they keep their word. */
  tokenLife: Millis | null
  /** A task_id used before: `refused` with 42014, or answered errcode 0 and never `shown`. */
  reusedTask: 'refused' | 'not shown'
  /** The platform's clock, as callbacks show it, is so far ahead of the program's (negative: behind). */
  clockShift: Millis
  /** All is well again. */
  clear(): void
}

export interface FaultBox extends WecomFaults {
  takeApi(api: string): ApiFault | null
  takeCallback(): CallbackFault | null
}

export function createFaults(endTokens: (errcode: 40014 | 42001) => void): FaultBox {
  let api: { readonly api: string; readonly fault: ApiFault }[] = []
  let callbacks: CallbackFault[] = []
  return {
    tokenLife: null,
    reusedTask: 'refused',
    clockShift: 0,
    next(name, fault, times = 1) {
      for (let n = 0; n < times; n += 1) api.push({ api: name, fault })
    },
    nextCallback(fault, times = 1) {
      for (let n = 0; n < times; n += 1) callbacks.push(fault)
    },
    endTokens: (errcode = 42001) => endTokens(errcode),
    clear() {
      api = []
      callbacks = []
      this.tokenLife = null
      this.reusedTask = 'refused'
      this.clockShift = 0
    },
    takeApi(name) {
      const at = api.findIndex((entry) => entry.api === name || entry.api === '*')
      return at === -1 ? null : (api.splice(at, 1)[0]?.fault ?? null)
    },
    takeCallback: () => callbacks.shift() ?? null,
  }
}
