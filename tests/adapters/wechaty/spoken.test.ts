import { types } from 'wechaty-puppet'
import type { impls, payloads } from 'wechaty-puppet'
import { describe, expect, it } from 'vitest'
import { instantOf, spokenOf } from '../../../adapters/wechaty/spoken.ts'
import { TEN } from './rig.ts'

const AT = TEN / 1_000

/** A puppet that knows one contact and answers nothing else. */
const silent = {
  isLoggedIn: true,
  currentUserId: 'account',
  contactPayload: (id: string) =>
    id === 'chen' ? Promise.resolve({ name: '陈女士' }) : Promise.reject(new Error('unknown')),
  messageLocation: () => Promise.reject(new Error('unsupported')),
  messageUrl: () => Promise.reject(new Error('unsupported')),
} as unknown as impls.PuppetInterface

const aPayload = (fields: Partial<payloads.Message>): payloads.Message => ({
  id: 'm1',
  talkerId: 'chen',
  listenerId: 'account',
  timestamp: AT,
  type: types.Message.Text,
  ...fields,
})

describe('times', () => {
  it.each([
    ['seconds', TEN / 1_000, TEN],
    ['milliseconds', TEN, TEN],
    ['nothing', 0, null],
    ['nonsense', Number.NaN, null],
    ['a negative age', -5, null],
  ])('%s', (_, given, expected) => {
    expect(instantOf(given)).toBe(expected)
  })
})

describe('what no version knows is kept with the name of its type', () => {
  it.each([
    [types.Message.Contact, 'Contact'],
    [types.Message.MiniProgram, 'MiniProgram'],
    [types.Message.ChatHistory, 'ChatHistory'],
    [types.Message.Transfer, 'Transfer'],
    [types.Message.RedEnvelope, 'RedEnvelope'],
    [types.Message.Post, 'Post'],
    [types.Message.Unknown, 'Unknown'],
    [99 as types.Message, 'type 99'],
    // Known, but the puppet cannot say where or what.
    [types.Message.Location, 'Location'],
    [types.Message.Url, 'Url'],
    // A text without a word.
    [types.Message.Text, 'Text'],
  ])('type %i', async (type, name) => {
    const spoken = await spokenOf(silent, 'm1', aPayload({ type }))
    expect(spoken.content).toEqual({ type: 'unknown', name })
    expect(spoken).toMatchObject({ sender: 'chen', senderName: '陈女士', id: 'm1' })
  })
})

it('a recall names the message it takes back, in both forms puppets give it', async () => {
  const bare = await spokenOf(silent, 'm2', aPayload({ id: 'm2', type: types.Message.Recalled, text: 'm1' }))
  expect(bare).toMatchObject({ id: 'm2', content: { type: 'recall', message: 'm1' } })
  const text = '<sysmsg type="revokemsg"><revokemsg><msgid>1046</msgid></revokemsg></sysmsg>'
  const xml = await spokenOf(silent, 'm3', aPayload({ id: 'm3', type: types.Message.Recalled, text }))
  expect(xml.content).toEqual({ type: 'recall', message: '1046' })
})

it('a recall announced under the id of what it takes back is not taken for a repeat', async () => {
  const recall = await spokenOf(silent, 'm1', aPayload({ type: types.Message.Recalled, text: 'm1' }))
  expect(recall.id).not.toBe('m1')
})

it('a file keeps one name, however often its message comes, and another writer’s has another', async () => {
  const name = async (fields: Partial<payloads.Message>) => {
    const { content } = await spokenOf(silent, 'm1', aPayload({ type: types.Message.Image, ...fields }))
    return content.type === 'media' ? content.media : null
  }
  expect(await name({})).toBe(await name({ timestamp: 1 }))
  expect(await name({})).not.toBe(await name({ talkerId: 'zhao' }))
})

it('a message without a writer, a name or an id of its own is kept all the same', async () => {
  const spoken = await spokenOf(silent, 'announced', aPayload({ id: '', talkerId: '', text: '您好' }))
  expect(spoken).toMatchObject({ sender: 'unknown', senderName: null, id: 'announced' })
})
