import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openStore } from '../../db/store.ts'
import { aLeave, aSwap, at, staffId } from '../support/builders.ts'
import { aFolder } from '../support/engine.ts'

test('what one process writes the other reads at its next turn', () => {
  const dataDir = aFolder()
  const [one, other] = ['one', 'other'].map((holder) => openStore({ dataDir, holder, now: 1 }))
  if (!one || !other) throw new Error('no store')
  expect(other.duty.current()).toEqual([])
  expect(other.duty.nextId()).toBe(1)
  const leave = { ...aLeave('zhang', '2026-11-24 00:00', '2026-11-25 00:00'), askedOf: [staffId('li')] }
  one.duty.put(leave)
  expect(other.duty.current()).toEqual([leave])
  expect(other.duty.nextId()).toBe(2)
  other.duty.put({ ...leave, state: 'over' })
  expect(one.duty.current()).toEqual([])
  expect(one.duty.newestOf(staffId('zhang'))?.state).toBe('over')
  one.close()
  other.close()
  rmSync(dataDir, { recursive: true })
})

test('a swap comes back as it was written, with what is given in return', () => {
  const store = openStore({ dataDir: ':memory:', holder: 'test', now: 1 })
  const swap = {
    ...aSwap('zhang', 'wang', '2026-11-24 18:00', '2026-11-25 08:30'),
    back: { from: at('2026-11-26 18:00'), until: at('2026-11-27 08:30') },
    raised: true,
    decidedBy: staffId('wang'),
  }
  store.duty.put(swap)
  expect(store.duty.current()).toEqual([swap])
  store.close()
})
