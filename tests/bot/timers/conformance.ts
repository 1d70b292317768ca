import { describe, expect, it } from 'vitest'
import type { DueRows, Fire, TimerKind, Timers } from '../../../bot/timers/timers.ts'
import { openStore, type Store } from '../../../db/store.ts'
import { hours, minutes, seconds, type Instant, type Millis } from '../../../workflows/ids.ts'

/** What a driver under test needs: its clock, and how its real waiting is let happen. */
export interface DriverUnderTest {
  readonly now: () => Instant
  /** A driver over these rows; several may follow one another (a restart), or work beside one another. */
  create(rows: DueRows): Timers
  /** Time passes, and everything due in it is fired that can be. */
  pass(length: Millis, rows: DueRows): Promise<void>
  /** The host's clock moves; the driver is told by `jumped`. */
  jump(length: Millis): void
  /** How late a timer may be, in the clock's time, on a busy machine. */
  readonly punctual: Millis
}

export type TimerWorld = Awaited<ReturnType<typeof worldOf>>

/** Timer rows in a real database, what fires, and an inbox that takes a fired row away, as the real one does. */
export function worldOf(driver: DriverUnderTest) {
  const store: Store = openStore({ dataDir: ':memory:', holder: 'test', now: driver.now() })
  const rows = store.timers
  const fired: { id: number; revision: number; late: Millis }[] = []
  const refuse = new Set<number>()
  let timers = driver.create(rows)
  /** A stale firing does nothing, a good one takes the row away. */
  const fire: Fire = async (kind, id, revision) => {
    await Promise.resolve()
    if (refuse.has(id)) throw new Error('the disk is full')
    const row = rows.get(kind, id)
    if (row === null || row.revision !== revision || row.due > driver.now()) return
    rows.remove(kind, id)
    fired.push({ id, revision, late: driver.now() - row.due })
  }
  return {
    driver,
    store,
    rows,
    fired,
    refuse,
    fire,
    start: (how: Fire = fire): Promise<void> => timers.start(how),
    timers: () => timers,
    ids: () => fired.map((f) => f.id),
    pass: (length: Millis): Promise<void> => driver.pass(length, rows),
    set(id: number, after: Millis, revision = 1, kind: TimerKind = 'complaint') {
      const row = { kind, id, due: driver.now() + after, revision }
      rows.set(row)
      timers.arm(kind, id, row.due, revision)
    },
    /** Many rows at once, unknown to the driver. */
    fill(count: number, after: (id: number) => Millis) {
      const now = driver.now()
      store.database.sqlite.transaction(() => {
        for (let id = 1; id <= count; id++)
          rows.set({ kind: 'complaint', id, due: now + after(id), revision: 1 })
      })()
    },
    cancel(id: number) {
      rows.remove('complaint', id)
      timers.cancel('complaint', id)
    },
    /** The program ends and starts again, with another driver where one is given. */
    async restart(create: (rows: DueRows) => Timers = (found) => driver.create(found)) {
      await timers.stop()
      timers = create(rows)
      await timers.start(fire)
    },
    async end() {
      await timers.stop()
      store.close()
    },
  }
}

/** Everything any driver of `Timers` must do, whatever it is built on. */
export function timersConform(name: string, aDriver: () => Promise<DriverUnderTest>): void {
  const world = async () => worldOf(await aDriver())

  describe(`${name}: timers`, () => {
    it('fire in the order they are due, and not before', async () => {
      const w = await world()
      await w.start()
      w.set(1, minutes(3))
      w.set(2, minutes(1))
      w.set(3, minutes(2), 1, 'conversation')
      await w.pass(seconds(30))
      expect(w.ids()).toEqual([])
      await w.pass(minutes(3))
      expect(w.ids()).toEqual([2, 3, 1])
      await w.end()
    })

    it('are on time', async () => {
      const w = await world()
      await w.start()
      for (let id = 1; id <= 20; id++) w.set(id, seconds(20) + id * 777)
      await w.pass(minutes(1))
      expect(w.fired).toHaveLength(20)
      expect(Math.min(...w.fired.map((f) => f.late))).toBeGreaterThanOrEqual(0)
      expect(Math.max(...w.fired.map((f) => f.late))).toBeLessThan(w.driver.punctual)
      await w.end()
    })

    it('do not fire once cancelled', async () => {
      const w = await world()
      await w.start()
      w.set(1, minutes(1))
      w.cancel(1)
      await w.pass(minutes(2))
      expect(w.ids()).toEqual([])
      await w.end()
    })

    it('fire at the newest time only, earlier or later than the first (must-survive 9)', async () => {
      const w = await world()
      await w.start()
      w.set(1, minutes(1))
      w.set(1, minutes(5), 2)
      w.set(2, minutes(30))
      w.set(2, minutes(2), 2)
      await w.pass(minutes(3))
      expect(w.fired.map((f) => [f.id, f.revision])).toEqual([[2, 2]])
      await w.pass(minutes(3))
      expect(w.fired.map((f) => [f.id, f.revision])).toEqual([
        [2, 2],
        [1, 2],
      ])
      await w.end()
    })

    it('have one effect however often they are swept', async () => {
      const w = await world()
      await w.start()
      w.set(1, seconds(20))
      w.timers().jumped()
      w.driver.jump(minutes(1))
      w.timers().jumped()
      w.timers().jumped()
      await w.pass(minutes(2))
      expect(w.ids()).toEqual([1])
      await w.end()
    })

    it('have one effect however often they are delivered (must-survive 8)', async () => {
      const w = await world()
      await w.start(async (kind, id, revision) => {
        await Promise.all([w.fire(kind, id, revision), w.fire(kind, id, revision)])
      })
      w.set(1, seconds(20))
      w.timers().arm('complaint', 1, w.rows.get('complaint', 1)?.due ?? 0, 1)
      await w.pass(minutes(1))
      expect(w.ids()).toEqual([1])
      await w.end()
    })

    it('that became due while nothing ran fire at the start', async () => {
      const w = await world()
      await w.start()
      w.set(1, minutes(1))
      await w.timers().stop()
      await w.pass(minutes(2))
      expect(w.ids()).toEqual([])
      await w.restart()
      await w.pass(seconds(1))
      expect(w.ids()).toEqual([1])
      await w.end()
    })

    it('that are open at a start fire when they are due', async () => {
      const w = await world()
      await w.start()
      w.set(1, minutes(2))
      w.set(2, minutes(1))
      await w.restart()
      await w.pass(seconds(20))
      expect(w.ids()).toEqual([])
      await w.pass(minutes(2))
      expect(w.ids()).toEqual([2, 1])
      await w.end()
    })

    it('of which the driver was never told are found in the rows', async () => {
      const w = await world()
      await w.start()
      await w.pass(seconds(1))
      w.rows.set({ kind: 'complaint', id: 1, due: w.driver.now() + seconds(5), revision: 1 })
      await w.pass(seconds(60))
      expect(w.ids()).toEqual([1])
      await w.end()
    })

    it('that an hour’s jump of the clock made due fire at once, and the others when they are due (must-survive 40)', async () => {
      const w = await world()
      await w.start()
      w.set(1, minutes(50))
      w.set(2, minutes(62))
      w.driver.jump(hours(1))
      w.timers().jumped()
      await w.pass(seconds(1))
      expect(w.ids()).toEqual([1])
      await w.pass(minutes(3))
      expect(w.ids()).toEqual([1, 2])
      expect(w.fired[1]?.late).toBeLessThan(w.driver.punctual)
      await w.end()
    })

    it('that could not be stored are fired again, and hold up no others', async () => {
      const w = await world()
      await w.start()
      w.refuse.add(1)
      w.set(1, seconds(20))
      w.set(2, seconds(25))
      await w.pass(seconds(30))
      expect(w.ids()).toEqual([2])
      w.refuse.clear()
      await w.pass(seconds(60))
      expect(w.ids()).toEqual([2, 1])
      await w.end()
    })

    it('set again by their own firing go on', async () => {
      const w = await world()
      let rounds = 0
      await w.start(async (kind, id, revision) => {
        await Promise.resolve()
        const row = w.rows.get(kind, id)
        if (row?.revision !== revision || row.due > w.driver.now() || rounds === 5) return
        rounds++
        w.set(id, seconds(40), revision + 1)
      })
      w.set(1, seconds(40))
      await w.pass(minutes(5))
      expect(rounds).toBe(5)
      await w.end()
    })

    it('fire no more after a stop', async () => {
      const w = await world()
      await w.start()
      w.set(1, seconds(30))
      await w.timers().stop()
      await w.pass(minutes(1))
      expect(w.ids()).toEqual([])
      await w.end()
    })

    it('are all fired once when 10,000 are due at a start', async () => {
      const w = await world()
      w.fill(10_000, (id) => (id % 10) * 1_000)
      await w.start()
      await w.pass(seconds(11))
      expect(new Set(w.ids()).size).toBe(10_000)
      expect(w.fired).toHaveLength(10_000)
      await w.end()
    })

    it('are fired on time, each once, while 100,000 are pending', async () => {
      const w = await world()
      w.fill(100_000, (id) => (id <= 1_000 ? minutes(1) + id * 20 : hours(1) + id))
      await w.start()
      await w.pass(minutes(2))
      expect(w.ids().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 1_000 }, (_, i) => i + 1))
      await w.end()
    })
  })
}
