/**
 * What a check found, in one plain sentence with what to do. `wrong`: something does not work. `look`: it works, but
 * somebody should look at it. `note`: nothing to judge. No secret and nothing personal stands in it: people are named by
 * the estate file's ids.
 */
export interface Finding {
  readonly mark: 'ok' | 'note' | 'look' | 'wrong'
  readonly text: string
}

const of =
  (mark: Finding['mark']) =>
  (text: string): Finding => ({ mark, text })

export const ok = of('ok')
export const note = of('note')
export const look = of('look')
export const wrong = of('wrong')

/** `1 person`, `2 persons`. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`
