import { describe, expect, it } from 'vitest'
import type { DueRows, TimerKind, Timers } from '../../../bot/timers/timers.ts'
import { hours, minutes, seconds, type Instant, type Millis } from '../../../workflows/ids.ts'

/** What a driver under test needs: its clock, and how its real waiting is let happen. */
export interface DriverUnderTest {
  readonly now: () => Instant
  /** A driver over these rows; several may follow one another (a restart). */
  create(rows: DueRows): Timers
  /** Time passes, and everything due in it is fired. */
  pass(length: Millis): Promise<void>
  /** The host's clock moves; the driver is told by `jumped`. */
  jump(length: Millis): void
}

export interface Row {
  readonly kind: TimerKind
  readonly id: number
  readonly due: Instant
  readonly revision: number
}

/** Timer rows in memory, as the store keeps them. */
export function rowsInMemory() {
  const rows = new Map<string, Row>()
  const sorted = (): Row[] => [...rows.values()].sort((a, b) => a.due - b.due)
  return {
    set: (row: Row) => void rows.set(`${row.kind}:${row.id}`, row),
    remove: (kind: TimerKind, id: number) => void rows.delete(`${kind}:${id}`),
    get: (kind: TimerKind, id: number) => rows.get(`${kind}:${id}`) ?? null,
    size: () => rows.size,
    dueBy: (now: Instant, limit: number) =>
      sorted()
        .filter((row) => row.due <= now)
        .slice(0, limit),
    firstAfter: (after: Instant) => sorted().find((row) => row.due > after)?.due ?? null,
  }
}

/** Everything any driver of `Timers` must do, whatever it is built on. */
export function timersConform(name: string, aDriver: () => Promise<DriverUnderTest>): void {
  async function world() {
    const driver = await aDriver()
    const rows = rowsInMemory()
    const fired: { id: number; revision: number; late: Millis }[] = []
    const refuse = new Set<number>()
    let timers = driver.create(rows)
    /** As the inbox does: a stale firing does nothing, a good one takes the row away. */
    const fire = async (kind: TimerKind, id: number, revision: number): Promise<void> => {
      await Promise.resolve()
      if (refuse.has(id)) throw new Error('the disk is full')
      const row = rows.get(kind, id)
      if (row === null || row.revision !== revision || row.due > driver.now()) return
      rows.remove(kind, id)
      fired.push({ id, revision, late: driver.now() - row.due })
    }
    const start = (): Promise<void> => timers.start(fire)
    return {
      driver,
      rows,
      fired,
      refuse,
      start,
      timers: () => timers,
      ids: () => fired.map((f) => f.id),
      set(id: number, after: Millis, revision = 1, kind: TimerKind = 'complaint') {
        const row = { kind, id, due: driver.now() + after, revision }
        rows.set(row)
        timers.arm(kind, id, row.due, revision)
      },
      cancel(id: number) {
        rows.remove('complaint', id)
        timers.cancel('complaint', id)
      },
      async restart() {
        await timers.stop()
        timers = driver.create(rows)
        await start()
      },
    }
  }

  describe(`${name}: timers`, () => {
    it('fire in the order they are due, and not before', async () => {
      const w = await world()
      await w.start()
      w.set(1, minutes(3))
      w.set(2, minutes(1))
      w.set(3, minutes(2), 1, 'conversation')
      await w.driver.pass(seconds(59))
      expect(w.ids()).toEqual([])
      await w.driver.pass(minutes(3))
      expect(w.ids()).toEqual([2, 3, 1])
      await w.timers().stop()
    })

    it('are on time', async () => {
      const w = await world()
      await w.start()
      for (let id = 1; id <= 20; id++) w.set(id, id * 777)
      await w.driver.pass(minutes(1))
      expect(w.fired).toHaveLength(20)
      expect(Math.max(...w.fired.map((f) => f.late))).toBeLessThan(1_000)
      await w.timers().stop()
    })

    it('do not fire once cancelled', async () => {
      const w = await world()
      await w.start()
      w.set(1, minutes(1))
      w.cancel(1)
      await w.driver.pass(minutes(2))
      expect(w.ids()).toEqual([])
      await w.timers().stop()
    })

    it('fire at the newest time only, earlier or later than the first', async () => {
      const w = await world()
      await w.start()
      w.set(1, minutes(1))
      w.set(1, minutes(10), 2)
      w.set(2, minutes(30))
      w.set(2, minutes(2), 2)
      await w.driver.pass(minutes(3))
      expect(w.fired.map((f) => [f.id, f.revision])).toEqual([[2, 2]])
      await w.driver.pass(minutes(8))
      expect(w.fired.map((f) => [f.id, f.revision])).toEqual([
        [2, 2],
        [1, 2],
      ])
      await w.timers().stop()
    })

    it('have one effect however often they are swept', async () => {
      const w = await world()
      await w.start()
      w.set(1, seconds(1))
      w.timers().jumped()
      w.driver.jump(minutes(1))
      w.timers().jumped()
      w.timers().jumped()
      await w.driver.pass(minutes(2))
      expect(w.ids()).toEqual([1])
      await w.timers().stop()
    })

    it('that became due while nothing ran fire at the start', async () => {
      const w = await world()
      await w.start()
      w.set(1, hours(1))
      await w.timers().stop()
      await w.driver.pass(hours(2))
      expect(w.ids()).toEqual([])
      await w.restart()
      await w.driver.pass(seconds(1))
      expect(w.ids()).toEqual([1])
      await w.timers().stop()
    })

    it('of which the driver was never told are found in the rows', async () => {
      const w = await world()
      await w.start()
      await w.driver.pass(seconds(1))
      w.rows.set({ kind: 'complaint', id: 1, due: w.driver.now() + seconds(5), revision: 1 })
      await w.driver.pass(seconds(60))
      expect(w.ids()).toEqual([1])
      await w.timers().stop()
    })

    it('that an hour’s jump of the clock made due fire at once', async () => {
      const w = await world()
      await w.start()
      w.set(1, minutes(50))
      w.set(2, minutes(90))
      w.driver.jump(hours(1))
      w.timers().jumped()
      await w.driver.pass(seconds(1))
      expect(w.ids()).toEqual([1])
      await w.driver.pass(minutes(31))
      expect(w.ids()).toEqual([1, 2])
      await w.timers().stop()
    })

    it('that could not be stored are fired again, and hold up no others', async () => {
      const w = await world()
      await w.start()
      w.refuse.add(1)
      w.set(1, seconds(1))
      w.set(2, seconds(2))
      await w.driver.pass(seconds(5))
      expect(w.ids()).toEqual([2])
      w.refuse.clear()
      await w.driver.pass(seconds(60))
      expect(w.ids()).toEqual([2, 1])
      await w.timers().stop()
    })

    it('set again by their own firing go on', async () => {
      const w = await world()
      let rounds = 0
      await w.timers().start(async (kind, id, revision) => {
        await Promise.resolve()
        const row = w.rows.get(kind, id)
        if (row?.revision !== revision || row.due > w.driver.now()) return
        rounds++
        w.set(id, minutes(1), revision + 1)
      })
      w.set(1, minutes(1))
      await w.driver.pass(minutes(10) + seconds(5))
      expect(rounds).toBe(10)
      await w.timers().stop()
    })

    it('fire no more after a stop', async () => {
      const w = await world()
      await w.start()
      w.set(1, minutes(1))
      await w.timers().stop()
      await w.driver.pass(minutes(2))
      expect(w.ids()).toEqual([])
    })

    it('are all fired once when 10,000 are pending', async () => {
      const w = await world()
      for (let id = 1; id <= 10_000; id++)
        w.rows.set({ kind: 'complaint', id, due: w.driver.now() + (id % 10) * 1_000, revision: 1 })
      await w.start()
      await w.driver.pass(seconds(11))
      expect(new Set(w.ids()).size).toBe(10_000)
      expect(w.fired).toHaveLength(10_000)
      await w.timers().stop()
    })
  })
}
