import type Sqlite from 'better-sqlite3'
import { is, Param, Placeholder } from 'drizzle-orm'

/** The values of a statement's placeholders, by name. */
type Values = Readonly<Record<string, unknown>>

/** A statement that is compiled once and then runs without drizzle. */
export interface Prepared<Row> {
  /** Throws where a placeholder has no value. */
  get(values?: Values): Row | undefined
  all(values?: Values): Row[]
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
    const { sql, params } = query.toSQL()
    const names = params.map(nameOf)
    const bound = [...params]
    const statement = sqlite.prepare(sql)
    const keys = Object.keys((query._ as { selectedFields?: object } | undefined)?.selectedFields ?? {})
    if (statement.reader) {
      statement.raw()
      if (statement.columns().length !== keys.length) throw new Error(`not columns by name: ${sql}`)
    }

    /** One array for all calls: it is read before any other call begins. */
    function bind(values: Values): unknown[] {
      for (let i = 0; i < names.length; i++) {
        const name = names[i]
        if (name === null || name === undefined) continue
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
      run: (values = {}) => statement.run(bind(values)),
    }
  }
}

function nameOf(param: unknown): string | null {
  if (is(param, Placeholder)) return param.name
  if (is(param, Param) && is(param.value, Placeholder)) return param.value.name
  return null
}
