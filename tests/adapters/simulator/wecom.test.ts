import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { wecomSnapshot } from '../../../adapters/simulator/wecom.ts'
import type { PhoneCard } from '../../../adapters/simulator/wecom.ts'
import { days, hours, minutes, seconds } from '../../../workflows/ids.ts'
import { aBench, aCard, card, jpeg, text } from './wecom-world.ts'
import type { Bench } from './wecom-world.ts'

const samples = new URL('../../fixtures/platform/json/wecom/', import.meta.url)

let bench: Bench
beforeEach(async () => {
  bench = await aBench()
})
afterEach(() => bench.stop())

const shown = (userid = 'ZhangSan') => bench.world.phone(userid).items
function cardOf(userid = 'ZhangSan'): PhoneCard {
  const item = shown(userid).find((entry) => entry.type === 'card')
  if (item?.type !== 'card') throw new Error('no card on the phone')
  return item.card
}
const field = (xml: string, name: string): string =>
  new RegExp(`<${name}>(?:<!\\[CDATA\\[)?(.*?)(?:\\]\\]>)?</${name}>`).exec(xml)?.[1] ?? ''

describe('access tokens', () => {
  it('are the same for everybody who asks while they are valid', async () => {
    const first = await bench.token()
    bench.pass(hours(1))
    expect(await bench.token()).toBe(first)
    bench.pass(hours(1))
    expect(await bench.token()).not.toBe(first)
  })

  it.each([
    ['corpid=wrong&corpsecret=S', 40013],
    ['corpid=C&corpsecret=wrong', 40001],
    ['corpsecret=S', 41002],
    ['corpid=C', 41004],
  ])('gettoken?%s answers %i', async (query, errcode) => {
    const { corpId, secret } = bench.world.settings
    const url = `gettoken?${query.replace('=C', `=${corpId}`).replace('=S', `=${secret}`)}`
    expect(await (await bench.raw(url)).json()).toMatchObject({ errcode })
  })

  it('missing, wrong, expired and killed ones are told apart, with HTTP 200 and the platform’s long errmsg', async () => {
    const ask = async (token: string) => {
      const answer = await bench.raw(`getcallbackip?access_token=${token}`)
      expect(answer.status).toBe(200)
      const body = (await answer.json()) as { errcode: number; errmsg: string }
      expect(answer.headers.get('error-code')).toBe(String(body.errcode))
      return body
    }
    const token = await bench.token()
    expect((await ask(token)).errcode).toBe(0)
    expect((await ask('')).errcode).toBe(41001)
    expect((await ask('nonsense')).errcode).toBe(40014)
    bench.world.faults.endTokens()
    const dead = await ask(token)
    expect(dead.errcode).toBe(42001)
    expect(dead.errmsg).toMatch(
      /^access_token expired, hint: \[\d+\], from ip: \S+, more info at https:.*e=42001$/,
    )
    const next = await bench.token()
    expect(next).not.toBe(token)
    bench.pass(seconds(7200))
    expect((await ask(next)).errcode).toBe(42001)
  })

  it('can be made to die before the time they promise', async () => {
    bench.world.faults.tokenLife = minutes(5)
    const { corpId, secret } = bench.world.settings
    const given = (await (await bench.raw(`gettoken?corpid=${corpId}&corpsecret=${secret}`)).json()) as {
      access_token: string
      expires_in: number
    }
    expect(given.expires_in).toBe(7200)
    bench.pass(minutes(5))
    const answer = await bench.raw(`getcallbackip?access_token=${given.access_token}`)
    expect(await answer.json()).toMatchObject({ errcode: 42001 })
  })
})

describe('sending', () => {
  it('puts the text on the phones of those it was sent to, without regard to case', async () => {
    const answer = await bench.send('zhangsan|LiSi', text('有新任务'))
    expect(answer).toMatchObject({ errcode: 0, errmsg: 'ok' })
    expect(answer).not.toHaveProperty('invaliduser')
    expect(shown()).toEqual([
      { id: answer['msgid'], from: 'app', at: bench.now, type: 'text', text: '有新任务' },
    ])
    expect(shown('LiSi')).toHaveLength(1)
    expect(shown('0031207')).toHaveLength(0)
  })

  it('says who was not reached, in lower case, and reaches the others', async () => {
    expect(await bench.send('ZhangSan|GoneAway|Nobody', text('x'))).toMatchObject({
      errcode: 0,
      invaliduser: 'goneaway|nobody',
    })
    expect(shown()).toHaveLength(1)
  })

  it.each([
    ['every recipient invalid', { touser: 'Nobody' }, 81013],
    ['no recipient', { touser: '' }, 82001],
    ['another agent', { agentid: 7 }, 40056],
    ['no agent', { agentid: undefined }, 41011],
    ['an unknown type', { msgtype: 'poem' }, 40008],
    ['an empty text', { text: { content: '' } }, 44004],
    ['a picture without id', { msgtype: 'image', image: {} }, 41006],
    ['a picture nobody knows', { msgtype: 'image', image: { media_id: 'gone' } }, 40007],
    [
      'a text card whose address has no scheme',
      { msgtype: 'textcard', textcard: { title: 'a', description: 'b', url: 'c' } },
      45034,
    ],
  ])('refuses %s', async (_, changes, errcode) => {
    expect(await bench.send('ZhangSan', { ...text('x'), ...changes })).toMatchObject({ errcode })
    expect(shown()).toHaveLength(0)
  })

  it('refuses what is no JSON, the wrong method, and does not know other paths', async () => {
    const token = await bench.token()
    const broken = await bench.raw(`message/send?access_token=${token}`, {
      method: 'POST',
      body: '{"touser":',
    })
    expect(await broken.json()).toMatchObject({ errcode: 47001 })
    expect(await (await bench.raw(`message/send?access_token=${token}`)).json()).toMatchObject({
      errcode: 43002,
    })
    expect((await bench.raw('message/unknown')).status).toBe(404)
  })

  it('cuts a text over 2048 bytes without a word, and never inside a character', async () => {
    expect(await bench.send('ZhangSan', text('a' + '漏'.repeat(700)))).toMatchObject({ errcode: 0 })
    expect(shown()).toMatchObject([{ text: 'a' + '漏'.repeat(682) }])
  })

  it('drops more than 30 a minute to one member and still says 0', async () => {
    for (let n = 0; n < 32; n += 1)
      expect(await bench.send('ZhangSan', text(`message ${n}`))).toMatchObject({ errcode: 0 })
    expect(shown()).toHaveLength(30)
    await bench.send('LiSi', text('another member'))
    expect(shown('LiSi')).toHaveLength(1)
    bench.pass(minutes(1))
    await bench.send('ZhangSan', text('next minute'))
    expect(shown()).toHaveLength(31)
  })

  it('answers the same body with the same msgid inside the interval, and delivers it once', async () => {
    const message = { ...text('报警'), enable_duplicate_check: 1, duplicate_check_interval: 120 }
    const first = await bench.send('ZhangSan', message)
    expect(await bench.send('ZhangSan', message)).toEqual(first)
    expect(shown()).toHaveLength(1)
    await bench.send('ZhangSan', { ...message, text: { content: '报警 第2次' } })
    expect(shown()).toHaveLength(2)
    bench.pass(seconds(120))
    expect((await bench.send('ZhangSan', message))['msgid']).not.toBe(first['msgid'])
    expect(shown()).toHaveLength(3)
  })

  it('the same text without the check is delivered twice', async () => {
    await bench.send('ZhangSan', text('再说一遍'))
    await bench.send('ZhangSan', text('再说一遍'))
    expect(shown()).toHaveLength(2)
  })

  it('takes a message back within a day', async () => {
    const { msgid } = await bench.send('@all', text('发错了'))
    expect(await bench.post('message/recall', { msgid })).toMatchObject({ errcode: 0 })
    expect([...shown(), ...shown('LiSi')]).toHaveLength(0)
    const late = await bench.send('ZhangSan', text('太晚了'))
    bench.pass(days(1))
    expect(await bench.post('message/recall', { msgid: late['msgid'] })).toMatchObject({ errcode: 42052 })
    expect(shown()).toHaveLength(1)
  })

  it.each(readdirSync(samples).filter((name) => /^message-send-(text|card|news)/.test(name)))(
    'takes the sample %s',
    async (name) => {
      const { request } = JSON.parse(readFileSync(new URL(name, samples), 'utf8')) as {
        request: { body: Record<string, unknown> }
      }
      const real = JSON.stringify(request.body).replace(
        '"url":"URL","btntxt"',
        '"url":"https://example.com","btntxt"',
      )
      const body = JSON.parse(real) as Record<string, unknown>
      const { agentId: agentid } = bench.world.settings
      const answer = await bench.post('message/send', { ...body, touser: 'ZhangSan|UserID2', agentid })
      expect(answer).toMatchObject({ errcode: 0, invaliduser: 'userid2', invalidparty: 'partyid1|partyid2' })
      expect(shown()).toHaveLength(1)
    },
  )
})

describe('files', () => {
  it('go up, come down, and are forgotten after three days', async () => {
    const { media_id, created_at } = await bench.upload('image', jpeg)
    expect(typeof created_at).toBe('string')
    expect(await bench.send('ZhangSan', { msgtype: 'image', image: { media_id } })).toMatchObject({
      errcode: 0,
    })
    expect(shown()).toMatchObject([{ type: 'image', media: media_id, name: 'photo.jpg' }])

    const down = await bench.raw(`media/get?access_token=${await bench.token()}&media_id=${String(media_id)}`)
    expect(down.headers.get('content-type')).toMatch('image/jpeg')
    expect(new Uint8Array(await down.arrayBuffer())).toEqual(jpeg)

    bench.pass(days(3))
    expect(await bench.get('media/get', { media_id: String(media_id) })).toMatchObject({ errcode: 40007 })
    expect(await bench.send('ZhangSan', { msgtype: 'image', image: { media_id } })).toMatchObject({
      errcode: 40007,
    })
    expect(bench.world.media(String(media_id))?.bytes).toEqual(jpeg)
  })

  it('of the wrong kind or size are refused', async () => {
    expect(await bench.upload('poem', jpeg)).toMatchObject({ errcode: 40005 })
    expect(await bench.upload('image', new TextEncoder().encode('GIF89a and more'))).toMatchObject({
      errcode: 40004,
    })
    expect(await bench.upload('image', jpeg.subarray(0, 5))).toMatchObject({ errcode: 40006 })
    const huge = new Uint8Array(10 * 1024 * 1024 + 1)
    huge.set(jpeg)
    expect(await bench.upload('image', huge)).toMatchObject({ errcode: 40009 })
    const { media_id } = await bench.upload('image', jpeg)
    expect(await bench.send('ZhangSan', { msgtype: 'file', file: { media_id } })).toMatchObject({
      errcode: 40007,
    })
  })
})

describe('the address book', () => {
  it('knows members without regard to case and tells no telephone number', async () => {
    const member = await bench.get('user/get', { userid: 'zhangsan' })
    expect(member).toMatchObject({ errcode: 0, userid: 'ZhangSan', name: '张三', status: 1 })
    expect(member).not.toHaveProperty('mobile')
    expect(await bench.get('user/get', { userid: 'nobody' })).toMatchObject({ errcode: 60111 })
    expect(await bench.get('department/list')).toMatchObject({ department: [{ id: 1 }] })
    expect(await bench.get('getcallbackip')).toMatchObject({ ip_list: ['127.0.0.1'] })
  })
})

describe('cards', () => {
  it('are shown with what they say and what can be pressed', async () => {
    const answer = await bench.send(
      'ZhangSan',
      card({
        source: { desc: '紧急', desc_color: 2 },
        main_title: { title: '电梯困人', desc: '3栋1单元' },
        sub_title_text: '里面有老人',
        horizontal_content_list: [{ keyname: '编号', value: 'TS-20261124-0001' }],
        button_selection: {
          question_key: 'reason',
          title: '理由',
          option_list: [
            { id: 'a', text: '不在岗' },
            { id: 'b', text: '不归我' },
          ],
        },
      }),
    )
    expect(answer['response_code']).toEqual(expect.any(String))
    expect(cardOf()).toMatchObject({
      taskId: 'TS-20261124-0001@1',
      source: { text: '紧急', color: 2 },
      title: '电梯困人',
      desc: '3栋1单元',
      text: '里面有老人',
      rows: [{ label: '编号', value: 'TS-20261124-0001' }],
      buttons: [{ key: 'accept' }, { key: 'hand-over' }],
      selects: [{ key: 'reason', kind: 'list', selected: ['a'], disabled: false }],
      replaced: null,
    })
  })

  const button = (changes: object) => ({ text: '好', key: 'ok', ...changes })
  const options = (n: number) => Array.from({ length: n }, (_, i) => ({ id: `o${i}`, text: `${i}` }))
  it.each([
    ['an unknown type', { card_type: 'poem' }, 42031],
    ['no title', { main_title: {} }, 40058],
    ['no task_id', { task_id: undefined }, 42014],
    ['a task_id with other characters', { task_id: 'TS/1' }, 42014],
    ['a task_id of 129 bytes', { task_id: 'x'.repeat(129) }, 42014],
    ['no button', { button_list: [] }, 40058],
    ['seven buttons', { button_list: options(7).map(({ id }) => button({ key: id })) }, 40058],
    ['a button without text', { button_list: [button({ text: '' })] }, 42038],
    ['a button without key', { button_list: [button({ key: undefined })] }, 42039],
    ['a key of 1025 bytes', { button_list: [button({ key: 'k'.repeat(1025) })] }, 42039],
    ['two buttons of one key', { button_list: [button({}), button({})] }, 42039],
    ['two menu entries of one key', { action_menu: { action_list: [button({}), button({})] } }, 42051],
    ['seven rows', { horizontal_content_list: Array(7).fill({ keyname: 'a' }) }, 42035],
    ['a row without name', { horizontal_content_list: [{ value: 'a' }] }, 42035],
    ['a drop-down without key', { button_selection: { option_list: options(2) } }, 42043],
    ['a drop-down of eleven', { button_selection: { question_key: 'q', option_list: options(11) } }, 42037],
    [
      'two options of one id',
      { button_selection: { question_key: 'q', option_list: [...options(1), ...options(1)] } },
      42037,
    ],
    ['a notice that leads nowhere', { card_type: 'text_notice' }, 42045],
    [
      'a vote without submit button',
      { card_type: 'vote_interaction', checkbox: { question_key: 'q', option_list: options(2) } },
      42046,
    ],
    [
      'four lists',
      { card_type: 'multiple_interaction', select_list: Array(4).fill({}), submit_button: button({}) },
      42047,
    ],
    ['four links', { jump_list: Array(4).fill({ title: 'a' }) }, 42042],
  ])('are refused with %s', async (_, changes, errcode) => {
    expect(await bench.send('ZhangSan', card(changes))).toMatchObject({ errcode })
    expect(shown()).toHaveLength(0)
  })

  it('a task_id used before is refused, or taken and never shown', async () => {
    await bench.send('ZhangSan', card())
    expect(await bench.send('LiSi', card())).toMatchObject({ errcode: 42014 })
    bench.world.faults.reusedTask = 'not shown'
    expect(await bench.send('LiSi', card())).toMatchObject({
      errcode: 0,
      msgid: expect.any(String) as string,
    })
    expect(shown('LiSi')).toHaveLength(0)
  })

  const update = (response_code: unknown, change: object, userids = ['ZhangSan']) =>
    bench.post('message/update_template_card', {
      ...change,
      userids,
      agentid: bench.world.settings.agentId,
      response_code,
    })

  it('change once for each code: greyed, or given another face', async () => {
    const { response_code } = await bench.send('ZhangSan', card())
    expect(await update(response_code, { button: { replace_name: '已接单' } })).toMatchObject({ errcode: 0 })
    expect(cardOf()).toMatchObject({ replaced: '已接单', title: '新任务：3栋电梯异响' })
    expect(await update(response_code, { button: { replace_name: '再来' } })).toMatchObject({
      errcode: 42022,
    })
    expect(cardOf().replaced).toBe('已接单')
    expect(() => bench.world.press('ZhangSan', shown()[0]?.id ?? '', 'accept')).toThrow(/no button accept/)
  })

  it('take a whole new face, whose buttons work again unless a text replaces them', async () => {
    const { response_code } = await bench.send('ZhangSan', card())
    const face = aCard({
      task_id: undefined,
      main_title: { title: '处理中' },
      button_list: [{ text: '完成', key: 'done' }],
    })
    expect(await update(response_code, { template_card: face })).toMatchObject({ errcode: 0 })
    expect(cardOf()).toMatchObject({
      title: '处理中',
      replaced: null,
      buttons: [{ key: 'done' }],
      taskId: 'TS-20261124-0001@1',
    })
    bench.world.press('ZhangSan', shown()[0]?.id ?? '', 'done')
    await bench.world.idle()
    const code = field(bench.deliveries[0]?.xml ?? '', 'ResponseCode')
    expect(await update(code, { template_card: { ...face, replace_text: '已办结' } })).toMatchObject({
      errcode: 0,
    })
    expect(cardOf().replaced).toBe('已办结')
  })

  it.each(readdirSync(samples).filter((name) => name.startsWith('update-')))(
    'take the sample %s',
    async (name) => {
      const { request } = JSON.parse(readFileSync(new URL(name, samples), 'utf8')) as {
        request: { body: object }
      }
      const { response_code } = await bench.send('ZhangSan', card())
      expect(await update(response_code, { ...request.body, response_code }, ['ZhangSan'])).toMatchObject({
        errcode: 0,
      })
      expect(cardOf().title).not.toBe('')
    },
  )

  it('a change that is refused spends no code', async () => {
    const { response_code } = await bench.send('ZhangSan', card())
    expect(await update(response_code, { template_card: { card_type: 'poem' } })).toMatchObject({
      errcode: 42031,
    })
    expect(await update(response_code, {})).toMatchObject({ errcode: 42020 })
    expect(await update(response_code, { button: { replace_name: '好' } })).toMatchObject({ errcode: 0 })
  })

  it('codes die after 72 hours, and nobody may invent one', async () => {
    const { response_code } = await bench.send('ZhangSan', card())
    expect(await update('invented', { button: { replace_name: '好' } })).toMatchObject({ errcode: 42022 })
    bench.pass(hours(72))
    expect(await update(response_code, { button: { replace_name: '好' } })).toMatchObject({ errcode: 42022 })
  })

  it('an update names those it did not reach in a list', async () => {
    const { response_code } = await bench.send('ZhangSan', card())
    const answer = await update(response_code, { button: { replace_name: '好' } }, [
      'ZhangSan',
      'LiSi',
      'Nobody',
    ])
    expect(answer).toMatchObject({ errcode: 0, invaliduser: ['nobody', 'lisi'] })
  })

  it('do not change by a press, and everybody who got one can press, each with a fresh code', async () => {
    const { msgid } = await bench.send('ZhangSan|LiSi', card())
    bench.world.press('ZhangSan', String(msgid), 'accept')
    bench.world.press('LiSi', String(msgid), 'accept')
    bench.world.press('ZhangSan', String(msgid), 'accept')
    await bench.world.idle()
    expect(bench.deliveries.map((d) => field(d.xml, 'FromUserName')).sort()).toEqual([
      'LiSi',
      'ZhangSan',
      'ZhangSan',
    ])
    expect(new Set(bench.deliveries.map((d) => field(d.xml, 'ResponseCode'))).size).toBe(3)
    expect(cardOf().replaced).toBeNull()
  })

  it('a press carries what was chosen, or what the card shows as chosen', async () => {
    const select = {
      question_key: 'why',
      option_list: [
        { id: 'a', text: 'A' },
        { id: 'b', text: 'B' },
      ],
      selected_id: 'b',
    }
    const { msgid } = await bench.send('ZhangSan', card({ button_selection: select }))
    bench.world.press('ZhangSan', String(msgid), 'accept')
    await bench.world.idle()
    bench.world.press('ZhangSan', String(msgid), 'accept', { why: ['a'], other: ['x'] })
    await bench.world.idle()
    expect(bench.deliveries.map((d) => field(d.xml, 'OptionId'))).toEqual(['b', 'a'])
    expect(bench.deliveries.map((d) => field(d.xml, 'QuestionKey'))).toEqual(['why', 'why'])
  })
})

describe('callbacks', () => {
  it('come encrypted, signed and addressed to the company', async () => {
    bench.world.say('0031207', '3栋的电梯我去看')
    await bench.world.idle()
    const [delivery] = bench.deliveries
    expect(delivery).toMatchObject({ signed: true, receiveId: bench.world.settings.corpId })
    expect(delivery?.query['timestamp']).toBe(String(bench.now / 1000))
    expect(field(delivery?.xml ?? '', 'FromUserName')).toBe('0031207')
    expect(field(delivery?.xml ?? '', 'Content')).toBe('3栋的电梯我去看')
    expect(shown('0031207')).toMatchObject([
      { from: 'me', type: 'text', id: field(delivery?.xml ?? '', 'MsgId') },
    ])
  })

  it('tell of photos that can be fetched, places, voices, and opening the app', async () => {
    bench.world.sendImage('ZhangSan', jpeg, 'scene.jpg')
    bench.world.sendLocation('ZhangSan', { latitude: 28.2, longitude: 112.9, label: '3栋楼下' })
    bench.world.sendVoice('ZhangSan', new TextEncoder().encode('#!AMR\n'))
    bench.world.enter('ZhangSan')
    await bench.world.idle()
    const types = bench.deliveries.map((d) => field(d.xml, 'MsgType'))
    expect(types).toEqual(['image', 'location', 'voice', 'event'])
    const image = bench.deliveries[0]?.xml ?? ''
    const down = await bench.raw(
      `media/get?access_token=${await bench.token()}&media_id=${field(image, 'MediaId')}`,
    )
    expect(new Uint8Array(await down.arrayBuffer())).toEqual(jpeg)
    expect((await fetch(field(image, 'PicUrl'))).status).toBe(200)
  })

  it.each([
    ['refused', 500],
    ['not answered in time', null],
  ])('%s are sent again with the same words under another cipher, three times in all', async (_, answer) => {
    bench.answers.push(answer, answer, answer)
    bench.world.say('ZhangSan', '在吗')
    await bench.world.idle()
    expect(bench.deliveries).toHaveLength(3)
    expect(new Set(bench.deliveries.map((d) => d.xml)).size).toBe(1)
    expect(new Set(bench.deliveries.map((d) => d.envelope)).size).toBe(3)
    expect(bench.deliveries.every((d) => d.signed)).toBe(true)
  })

  it('answered with 200 are not sent again', async () => {
    bench.answers.push(500)
    bench.world.say('ZhangSan', '在吗')
    await bench.world.idle()
    expect(bench.deliveries).toHaveLength(2)
  })

  it('can come from a clock that is ahead of ours', async () => {
    bench.world.faults.clockShift = hours(1)
    bench.world.say('ZhangSan', '在吗')
    await bench.world.idle()
    const ahead = String((bench.now + hours(1)) / 1000)
    expect(bench.deliveries[0]?.query['timestamp']).toBe(ahead)
    expect(field(bench.deliveries[0]?.xml ?? '', 'CreateTime')).toBe(ahead)
    expect(bench.deliveries[0]?.signed).toBe(true)
  })

  it.each([
    ['the bare echo', (echo: string) => echo, true],
    ['the echo in quotes', (echo: string) => JSON.stringify(echo), false],
    ['the echo and a newline', (echo: string) => `${echo}\n`, false],
    ['something else', () => 'success', false],
  ])('an address that answers %s to the check is taken: %j', async (_, answer, taken) => {
    bench.answerEcho = answer
    expect(await bench.world.verifyCallback()).toBe(taken)
  })

  it('of one member keep their order', async () => {
    for (const word of ['一', '二', '三', '四']) bench.world.say('ZhangSan', word)
    await bench.world.idle()
    expect(bench.deliveries.map((d) => field(d.xml, 'Content')).join('')).toBe('一二三四')
  })

  it('get lost, doubled or out of order on demand', async () => {
    const { faults } = bench.world
    faults.nextCallback('lose')
    bench.world.say('ZhangSan', 'lost')
    faults.nextCallback('duplicate')
    bench.world.say('ZhangSan', 'twice')
    faults.nextCallback('reorder')
    bench.world.say('ZhangSan', 'late')
    bench.world.say('ZhangSan', 'early')
    await bench.world.idle()
    expect(bench.deliveries.map((d) => field(d.xml, 'Content'))).toEqual(['twice', 'twice', 'early', 'late'])
  })
})

describe('faults of the API', () => {
  it('answer an errcode, or an HTTP status, as often as asked, and nothing is done', async () => {
    bench.world.faults.next('message/send', { type: 'refuse', errcode: 45009 }, 2)
    expect(await bench.send('ZhangSan', text('1'))).toMatchObject({ errcode: 45009 })
    expect(await bench.send('ZhangSan', text('2'))).toMatchObject({ errcode: 45009 })
    bench.world.faults.next('message/send', { type: 'status', status: 502 })
    const token = await bench.token()
    expect(
      (await bench.raw(`message/send?access_token=${token}`, { method: 'POST', body: '{}' })).status,
    ).toBe(502)
    expect(shown()).toHaveLength(0)
    expect(await bench.send('ZhangSan', text('3'))).toMatchObject({ errcode: 0 })
  })

  it.each([
    ['silence after it was done', { type: 'silence', done: true }, 1],
    ['silence before anything was done', { type: 'silence', done: false }, 0],
    ['half an answer', { type: 'half' }, 1],
  ] as const)('leave the caller in the dark: %s', async (_, fault, delivered) => {
    const token = await bench.token()
    bench.world.faults.next('message/send', fault)
    const body = JSON.stringify({ touser: 'ZhangSan', agentid: bench.world.settings.agentId, ...text('?') })
    const call = bench.raw(`message/send?access_token=${token}`, {
      method: 'POST',
      body,
      signal: AbortSignal.timeout(60),
    })
    await expect(call.then((answer) => answer.json())).rejects.toThrow()
    expect(shown()).toHaveLength(delivered)
  })

  it('end when cleared', async () => {
    bench.world.faults.next('*', { type: 'refuse', errcode: -1 }, 99)
    bench.world.faults.clear()
    expect(await bench.send('ZhangSan', text('x'))).toMatchObject({ errcode: 0 })
  })
})

describe('a restart of the process that hosts the world', () => {
  it('keeps phones, codes, tokens, settings and what was sent already', async () => {
    const message = { ...text('报警'), enable_duplicate_check: 1 }
    const first = await bench.send('ZhangSan', message)
    const { response_code } = await bench.send('ZhangSan', card())
    const token = await bench.token()
    const state = wecomSnapshot.parse(JSON.parse(JSON.stringify(bench.world.export())))
    const before = bench.world.phone('ZhangSan')
    await bench.stop()

    bench = await aBench({ state })
    expect(bench.world.phone('ZhangSan')).toEqual(before)
    expect(await bench.token()).toBe(token)
    expect((await bench.send('ZhangSan', message))['msgid']).toBe(first['msgid'])
    expect(await bench.send('LiSi', card())).toMatchObject({ errcode: 42014 })
    const body = {
      userids: ['ZhangSan'],
      agentid: bench.world.settings.agentId,
      response_code,
      button: { replace_name: '好' },
    }
    expect(await bench.post('message/update_template_card', body)).toMatchObject({ errcode: 0 })
    expect(cardOf().replaced).toBe('好')
  })

  it('whoever watches hears of every change until they stop listening', async () => {
    let heard = 0
    const stop = bench.world.onChange(() => (heard += 1))
    await bench.send('ZhangSan', text('x'))
    bench.world.say('ZhangSan', 'y')
    const sofar = heard
    expect(sofar).toBeGreaterThanOrEqual(2)
    stop()
    bench.world.say('ZhangSan', 'z')
    expect(heard).toBe(sofar)
  })
})
