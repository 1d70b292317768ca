/** One assignment of a `.env` file. */
export interface EnvLine {
  readonly line: number
  readonly name: string
  readonly value: string
}

export interface EnvFile {
  readonly lines: readonly EnvLine[]
  /** Lines that are no assignment, by number. What they hold is never repeated: it may be a secret. */
  readonly problems: readonly { readonly line: number; readonly message: string }[]
}

/**
 * Reads `NAME=value` lines: comments from `#` at the start or after a space, `export` before the name, single or double
 * quotes around the value. A value stands on one line.
 */
export function readEnvFile(text: string): EnvFile {
  const lines: EnvLine[] = []
  const problems: { line: number; message: string }[] = []
  const seen = new Map<string, number>()
  text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .forEach((raw, index) => {
      const line = index + 1
      const read = readLine(raw.trim())
      if (read === 'nothing') return
      if (typeof read === 'string') {
        problems.push({ line, message: read })
        return
      }
      const first = seen.get(read.name)
      if (first !== undefined)
        problems.push({ line, message: `${read.name} is already set in line ${first}; allowed: once` })
      else seen.set(read.name, line)
      lines.push({ line, ...read })
    })
  return { lines, problems }
}

function readLine(line: string): { name: string; value: string } | string {
  if (line === '' || line.startsWith('#')) return 'nothing'
  const [, name, rest] = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/.exec(line) ?? []
  if (name === undefined || rest === undefined)
    return 'read a line that is no assignment; allowed: NAME=value or # comment'
  const quote = rest[0]
  if (quote !== '"' && quote !== "'") return { name, value: rest.replace(/(^|\s)#.*$/, '').trim() }
  const end = rest.indexOf(quote, 1)
  const after = rest.slice(end + 1).trim()
  if (end === -1 || (after !== '' && !after.startsWith('#')))
    return `the quotes of ${name} do not close at the end of the value; allowed: NAME="value" on one line`
  return { name, value: rest.slice(1, end) }
}
