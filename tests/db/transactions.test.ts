import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../db/database.ts'
import { transactionsOf, type Transactions } from '../../db/transactions.ts'
import { aFolder } from '../support/engine.ts'

let dir: string
let database: Database
let transactions: Transactions
beforeEach(() => {
  dir = aFolder()
  database = openDatabase(join(dir, 'a.db'))
  database.sqlite.exec('create table t (n integer)')
  transactions = transactionsOf(database)
})
afterEach(() => {
  database.sqlite.close()
  rmSync(dir, { recursive: true })
})

const put = (n: number) => void database.sqlite.prepare('insert into t values (?)').run(n)
const rows = () => database.sqlite.prepare('select n from t').pluck().all()
const fails = () => {
  throw new Error('a bug')
}

it('must-survive 28: work that throws is undone whole, and nothing around it', () => {
  transactions.begin()
  transactions.receipt(() => {
    put(1)
    expect(() =>
      transactions.turn(() => {
        put(2)
        fails()
      }),
    ).toThrow('a bug')
  })
  expect(() =>
    transactions.receipt(() => {
      put(3)
      transactions.turn(() => put(4))
      fails()
    }),
  ).toThrow('a bug')
  transactions.commit()
  expect(rows()).toEqual([1])
})

it.each(['receipt', 'turn'] as const)(
  'must-survive 28: work that would wait is refused, and what it wrote is undone (%s)',
  (depth) => {
    transactions.begin()
    expect(() =>
      transactions[depth](() => {
        put(1)
        return Promise.resolve()
      }),
    ).toThrow('must not wait')
    transactions.commit()
    expect(rows()).toEqual([])
  },
)
