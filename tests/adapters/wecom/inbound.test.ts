import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { toInbound } from '../../../adapters/wecom/inbound.ts'
import { readXml } from '../../../adapters/wecom/xml.ts'
import { NOON } from '../../support/wecom-app.ts'

const folder = new URL('../../fixtures/platform/xml/wecom/', import.meta.url)
const sample = (name: string): string => readFileSync(new URL(name, folder), 'utf8')
const read = (xml: string) => toInbound(xml, 'corp:1', NOON)

const MESSAGE_ID = '1234567890123456'
const HASH = 'hash of the plaintext'
const unknown = (name: string) => ({ type: 'unknown', name })

/** sample → sender, id, seconds, content */
const TABLE: Record<string, [sender: string, id: string, at: number, content: object]> = {
  'text.xml': ['fromUser', MESSAGE_ID, 1348831860, { type: 'text', text: 'this is a test' }],
  'text-observed.xml': ['foobar', '2018405441', 1583995625, { type: 'text', text: 'x123' }],
  'image.xml': [
    'fromUser',
    MESSAGE_ID,
    1348831860,
    { type: 'media', kind: 'image', media: 'media_id', name: null },
  ],
  'voice.xml': [
    'fromUser',
    MESSAGE_ID,
    1357290913,
    { type: 'media', kind: 'voice', media: 'media_id', name: null },
  ],
  'video.xml': [
    'fromUser',
    MESSAGE_ID,
    1357290913,
    { type: 'media', kind: 'video', media: 'media_id', name: null },
  ],
  'location.xml': [
    'fromUser',
    MESSAGE_ID,
    1351776360,
    { type: 'location', latitude: 23.134521, longitude: 113.358803, label: '位置信息' },
  ],
  'link.xml': [
    'fromUser',
    MESSAGE_ID,
    1351776360,
    { type: 'link', title: '公众平台官网链接', url: 'url', description: '公众平台官网链接' },
  ],
  'event-enter-agent.xml': ['FromUser', HASH, 1408091189, { type: 'entered' }],
  'event-subscribe.xml': ['UserID', HASH, 1348831860, { type: 'entered' }],
  'event-unsubscribe.xml': ['UserID', HASH, 1348831860, { type: 'left' }],
  'event-template-card-event.xml': [
    'FromUser',
    HASH,
    123456789,
    {
      type: 'press',
      card: 'taskid111',
      code: 'ResponseCode',
      action: 'key111',
      selected: { QuestionKey1: ['OptionId1', 'OptionId2'], QuestionKey2: ['OptionId3', 'OptionId4'] },
    },
  ],
  'event-template-card-menu.xml': [
    'ZhouYan',
    HASH,
    1767312500,
    {
      type: 'press',
      card: 'T-20260102-0007',
      code: '2washwkyN7mDgSTxDQf6eWKcNCkYfMygka2EzCipAEB',
      action: 'mute',
      selected: {},
    },
  ],
  'event-add-external-contact.xml': [
    'sys',
    HASH,
    1403610513,
    unknown('event:change_external_contact:add_external_contact'),
  ],
  'event-del-external-contact.xml': [
    'sys',
    HASH,
    1403610513,
    unknown('event:change_external_contact:del_external_contact'),
  ],
  'event-edit-external-contact.xml': [
    'sys',
    HASH,
    1403610513,
    unknown('event:change_external_contact:edit_external_contact'),
  ],
  'event-change-contact-create-party.xml': [
    'sys',
    HASH,
    1403610513,
    unknown('event:change_contact:create_party'),
  ],
  'event-change-contact-update-user.xml': [
    'sys',
    HASH,
    1557241961,
    unknown('event:change_contact:update_user'),
  ],
  'event-batch-job-result.xml': ['FromUser', HASH, 1425284517, unknown('event:batch_job_result')],
  'event-click-uppercase.xml': ['FromUser', HASH, 123456789, unknown('event:click')],
  'event-location.xml': ['fromUser', HASH, 123456789, unknown('event:location')],
  'event-pic-weixin-observed.xml': ['xiaohe', HASH, 1502012364, unknown('event:pic_weixin')],
  'event-taskcard-click-legacy.xml': ['FromUser', HASH, 123456789, unknown('event:taskcard_click')],
}

describe('every sample of what the platform sends is understood', () => {
  const files = readdirSync(folder).filter((name) => !/^(reply|envelope)-/.test(name))

  test('none is missing from the table', () => {
    expect(files.sort()).toEqual(Object.keys(TABLE).sort())
  })

  test.each(Object.entries(TABLE))('%s', (file, [sender, id, at, content]) => {
    const xml = sample(file)
    expect(read(xml)).toEqual({
      channel: 'wecom',
      account: 'corp:1',
      sender,
      senderName: null,
      id: id === HASH ? createHash('sha256').update(xml).digest('hex') : id,
      at: at * 1_000,
      group: null,
      content,
    })
  })

  test('envelopes and replies are at least read', () => {
    for (const file of readdirSync(folder)) expect(readXml(sample(file)).children.size).toBeGreaterThan(0)
  })
})

describe('the traps of the format', () => {
  const event = (fields: string): string =>
    `<xml><MsgType>event</MsgType><FromUserName>A</FromUserName>${fields}</xml>`

  test('one selected item with one option is still a list', () => {
    const { content } = read(
      event(
        '<Event>template_card_event</Event><SelectedItems><SelectedItem><QuestionKey>__proto__</QuestionKey><OptionIds>' +
          '<OptionId>no_parts</OptionId></OptionIds></SelectedItem></SelectedItems><TaskId>T1</TaskId><EventKey>ok</EventKey>',
      ),
    )
    expect(content).toMatchObject({ type: 'press', card: 'T1', code: null, action: 'ok' })
    expect(content.type === 'press' && Object.entries(content.selected)).toEqual([
      ['__proto__', ['no_parts']],
    ])
  })

  test('MsgID is MsgId, beyond 2^53 too, and element order is free', () => {
    const { id } = read(
      '<xml><MsgID>7194820366120054001</MsgID><Content>x</Content><MsgType>text</MsgType></xml>',
    )
    expect(id).toBe('7194820366120054001')
  })

  test('a message without id is named by what it is', () => {
    const xml = '<xml><MsgType>text</MsgType><Content>x</Content></xml>'
    expect(read(xml).id).toMatch(/^[0-9a-f]{64}$/)
    expect(read(xml).id).toBe(read(xml).id)
  })

  test('two clicks in one second are two', () => {
    const click = (code: string) =>
      event(
        `<Event>TEMPLATE_CARD_EVENT</Event><CreateTime>1</CreateTime><TaskId>T</TaskId><ResponseCode>${code}</ResponseCode>`,
      )
    expect(read(click('a')).id).not.toBe(read(click('b')).id)
    expect(read(click('a'))).toMatchObject({ content: { type: 'press' } })
  })

  test('a sender is kept as written', () => {
    expect(read('<xml><FromUserName>0031207</FromUserName><MsgType>text</MsgType></xml>').sender).toBe(
      '0031207',
    )
    expect(read('<xml><FromUserName>ZhouYan</FromUserName><MsgType>text</MsgType></xml>').sender).toBe(
      'ZhouYan',
    )
  })

  test.each([
    ['a type of next year', '<xml><MsgType>hologram</MsgType><MsgId>1</MsgId></xml>', 'message:hologram'],
    ['a picture without media', '<xml><MsgType>image</MsgType><MsgId>1</MsgId></xml>', 'message:image'],
    [
      'a place without coordinates',
      '<xml><MsgType>location</MsgType><Location_X>x</Location_X></xml>',
      'message:location',
    ],
    ['an empty element', '<xml/>', 'message:'],
  ])('%s is kept as unknown, at the time it came', (_what, xml, name) => {
    expect(read(xml)).toMatchObject({ at: NOON, content: { type: 'unknown', name } })
  })
})
