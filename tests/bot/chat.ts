import { expect } from 'vitest'
import type { ComplaintEvent } from '../../workflows/complaint/events.ts'
import { minutes, seconds, type ComplaintId } from '../../workflows/ids.ts'
import type { productSteps } from '../../bot/steps.ts'
import type { Server } from './server.ts'

/** Residents who write to the product's own steps, and what becomes of their cases. */
export function chatsOf(server: () => Server<typeof productSteps>) {
  const engine = () => server().engine

  const heardBy = (who: string): readonly string[] =>
    engine().wechat.sent.flatMap(({ to, body }) => (to === who && body.type === 'text' ? [body.text] : []))

  /** Writes, and answers what is said to them within a burst's wait. */
  async function says(who: string, text: string, senderName: string | null = null): Promise<string> {
    const before = heardBy(who).length
    await engine().writes(text, { sender: who, senderName })
    await engine().clock.pass(seconds(20))
    await engine().settle()
    return heardBy(who).slice(before).join('\n')
  }

  /** Tells of a matter and answers what is asked until it is registered. Answers its row. */
  async function reports(
    who: string,
    text: string,
    { phone = '跳过', join = '2', name = null }: { phone?: string; join?: string; name?: string | null } = {},
  ): Promise<ComplaintId> {
    let asked = await says(who, text, name)
    for (let i = 0; i < 8 && !/登记好了/.test(asked); i++) {
      if (/几栋几单元/.test(asked)) asked = await says(who, '跳过', name)
      else if (/电话是多少/.test(asked)) asked = await says(who, phone, name)
      else if (/1要 2分开/.test(asked)) asked = await says(who, join, name)
      else asked = await says(who, /1是 2不是|1要 2不用/.test(asked) ? '2' : '1', name)
    }
    expect(asked).toMatch(/登记好了/)
    return (engine().store.complaints.nextId() - 1) as ComplaintId
  }

  /** One after the other, two minutes apart. */
  async function happens(id: ComplaintId, ...events: readonly ComplaintEvent[]): Promise<void> {
    for (const event of events) {
      await engine().inbox.submit({ to: 'complaint', id }, event)
      await engine().clock.pass(minutes(2))
    }
    await engine().settle()
  }

  const typesOf = (id: ComplaintId) =>
    engine()
      .store.complaints.timeline(id)
      .map(({ type }) => type)

  return { heardBy, says, reports, happens, typesOf }
}
