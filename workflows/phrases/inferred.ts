/** What a language model alone read out of the resident's words, for the timeline; null: nothing. */
export function inferredWords(found: {
  readonly happened: string | null
  readonly spot: string | null
  readonly demand: string | null
}): string | null {
  const parts = [
    found.happened === null ? null : `时间“${found.happened}”`,
    found.spot === null ? null : `地点“${found.spot}”`,
    found.demand === null ? null : `诉求“${found.demand}”`,
  ].filter((part) => part !== null)
  return parts.length === 0 ? null : `推断，未经住户确认：${parts.join('，')}`
}
