/**
 * The small language of the lexicons: `~` is a gap of up to eight characters inside one sentence, `{name}` one of a
 * group of words, the rest a regular expression. Gaps are bounded and alternatives plain, so that matching stays
 * linear in the length of the text.
 */
export function pattern(source: string, groups: Readonly<Record<string, string>> = {}, flags = ''): RegExp {
  return new RegExp(expand(source, groups).replaceAll('~', '[^。!?;\\n]{0,8}?'), flags)
}

function expand(source: string, groups: Readonly<Record<string, string>>): string {
  return source.replace(/\{([a-z][a-zA-Z]*)\}/g, (_, name: string) => {
    const words = groups[name]
    if (words === undefined) throw new Error(`lexicon: no group of words is named {${name}}`)
    return `(?:${expand(words, groups)})`
  })
}
