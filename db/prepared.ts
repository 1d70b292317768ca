import type Sqlite from 'better-sqlite3'
import { is, Param, Placeholder } from 'drizzle-orm'

/** The values of a statement's placeholders, by name. */
type Values = Readonly<Record<string, unknown>>

/** A statement that is compiled once and then runs without drizzle. */
export interface Prepared<Row> {
  /** Throws where a placeholder has no value. */
  get(values?: Values): Row | undefined
  all(values?: Values): Row[]
  /** The first rows, so many at most. */
  first(limit: number, values?: Values): Row[]
  run(values?: Values): Sqlite.RunResult
}

interface Query {
  toSQL(): { readonly sql: string; readonly params: readonly unknown[] }
  prepare(): { all(values?: Record<string, unknown>): unknown }
  /** Of a select, its columns by name. */
  readonly _?: object
}

type RowOf<Q extends Query> = ReturnType<ReturnType<Q['prepare']>['all']> extends (infer Row)[] ? Row : never

/**
 * Compiles a query that drizzle wrote: drizzle's own prepared statements look at every parameter and every column of every
 * row again, which costs more than SQLite does. Takes inserts, updates, deletes and selects of named columns, whose values
 * are stored as they are; nothing that is `returning`.
 */
export function preparing(sqlite: Sqlite.Database) {
  return <Q extends Query>(query: Q): Prepared<RowOf<Q>> => {
    const { sql, names } = withConstants(query.toSQL())
    const bound: unknown[] = names.map(() => null)
    const statement = sqlite.prepare(sql)
    const keys = Object.keys((query._ as { selectedFields?: object } | undefined)?.selectedFields ?? {})
    if (statement.reader) {
      statement.raw()
      if (statement.columns().length !== keys.length) throw new Error(`not columns by name: ${sql}`)
    }

    /** One array for all calls: it is read before any other call begins. */
    function bind(values: Values): unknown[] {
      for (let i = 0; i < names.length; i++) {
        const name = names[i] ?? ''
        const value = values[name]
        if (value === undefined) throw new Error(`no value for ${name} in: ${sql}`)
        bound[i] = value
      }
      return bound
    }

    function rowOf(columns: unknown): RowOf<Q> {
      const row: Record<string, unknown> = {}
      for (let i = 0; i < keys.length; i++) row[keys[i] ?? ''] = (columns as unknown[])[i]
      return row as RowOf<Q>
    }

    return {
      get(values = {}) {
        const columns = statement.get(bind(values))
        return columns === undefined ? undefined : rowOf(columns)
      },
      all: (values = {}) => statement.all(bind(values)).map(rowOf),
      first(limit, values = {}) {
        const rows: RowOf<Q>[] = []
        if (limit <= 0) return rows
        for (const columns of statement.iterate(bind(values))) if (rows.push(rowOf(columns)) >= limit) break
        return rows
      },
      run: (values = {}) => statement.run(bind(values)),
    }
  }
}

/**
 * Writes what never changes into the text: SQLite plans a statement anew on every run whose `limit` is bound to a
 * parameter.
 */
function withConstants({ sql, params }: ReturnType<Query['toSQL']>): {
  readonly sql: string
  readonly names: readonly string[]
} {
  const [first = '', ...rest] = sql.split('?')
  if (rest.length !== params.length) throw new Error(`a question mark that is no parameter: ${sql}`)
  const names: string[] = []
  let text = first
  for (const [i, part] of rest.entries()) {
    const param = params[i]
    const name = nameOf(param)
    if (name !== null) names.push(name)
    text += `${name === null ? literalOf(param) : '?'}${part}`
  }
  return { sql: text, names }
}

function literalOf(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
  throw new Error(`no constant of SQL: ${typeof value}`)
}

function nameOf(param: unknown): string | null {
  if (is(param, Placeholder)) return param.name
  if (is(param, Param) && is(param.value, Placeholder)) return param.value.name
  return null
}
