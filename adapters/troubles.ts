/** What is wrong now, one sentence a cause, for `/readyz`. */
export interface Troubles {
  raise(cause: string, sentence: string): void
  clear(cause: string): void
  list(): readonly string[]
}

export function createTroubles(): Troubles {
  const sentences = new Map<string, string>()
  return {
    raise: (cause, sentence) => void sentences.set(cause, sentence),
    clear: (cause) => void sentences.delete(cause),
    list: () => [...new Set(sentences.values())],
  }
}
