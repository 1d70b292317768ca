/**
 * So many characters of what is told are held with a draft or a case, where every turn reads and writes them: several
 * times the longest message there is. Whoever sends more floods, and must not slow the turns of others. What is beyond
 * stays in the inbox, and of a case in its timeline, as it came.
 */
export const mostHeldWords = 50_000
