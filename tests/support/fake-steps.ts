import { noGrounds } from '../../workflows/complaint/grounds.ts'
import type { Steps } from '../../bot/turn.ts'
import { localDay } from '../../workflows/calendar.ts'
import type { Registration } from '../../workflows/complaint/events.ts'
import type { Complaint } from '../../workflows/complaint/state.ts'
import type { Company, Staff } from '../../workflows/estate.ts'
import type { ConversationId, EstateId, PersonId, StaffId } from '../../workflows/ids.ts'
import type { Card } from '../../workflows/message.ts'
import { defaultPolicy } from '../../workflows/policy.ts'
import type { ComplaintEvent, Effect } from '../../workflows/turn.ts'
import { noFacts } from '../../workflows/understanding/facts.ts'

const member = (id: string, wecom: string | null, more: Partial<Staff> = {}): Staff => ({
  id: id as StaffId,
  name: id,
  wecom,
  role: 'staff',
  departments: [],
  buildings: [],
  phone: null,
  active: true,
  ...more,
})

export const zhang = 'zhang' as StaffId
export const li = 'li' as StaffId
export const silent = 'silent' as StaffId

const wholeDay = [{ start: '00:00', end: '24:00' }]
const always = Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((day) => [day, wholeDay]))

/** One estate; zhang and li can be written to, silent cannot. */
export function aCompany(version = 1): Company {
  return {
    version,
    name: '安居物业',
    phone: '0731-88880000',
    staff: [],
    estates: [
      {
        id: 'hefeng' as EstateId,
        name: '和风苑',
        phone: '0731-88881111',
        buildings: [{ name: '3栋', units: ['1'], floors: 18 }],
        staff: [member('zhang', 'ZhangJianGuo'), member('li', 'LiMin'), member('silent', null)],
        calendar: { timezone: 'Asia/Shanghai', windows: always, closed: [], open: [] },
        duty: [],
        policy: defaultPolicy,
        hotlines: {},
        words: {},
      },
    ],
  }
}

export function aRegistration(
  person: PersonId,
  conversation: ConversationId,
  words = '电梯坏了',
): Registration {
  return {
    kind: 'complaint',
    code: 'EL01',
    severity: 'S2',
    estate: 'hefeng' as EstateId,
    person,
    conversation,
    name: null,
    anonymous: false,
    phone: '13900000001',
    household: { building: '3', unit: '1', room: '101' },
    place: { building: '3', unit: '1', room: null, area: null },
    words,
    summary: words,
    happened: null,
    demand: null,
    media: [],
    anger: 0,
    subjects: [],
    danger: null,
    suspected: false,
    incomplete: false,
    wantsPerson: false,
    wantsLevel: 0,
    receivedAt: 0,
    sameAs: null,
    channel: 'wechaty',
  }
}

export const aCard = (title: string): Card => ({
  title,
  subtitle: '',
  tone: 'plain',
  rows: [],
  text: '',
  buttons: [],
  select: null,
})

/** Fakes that can be broken, counted and exchanged while they are in use. */
export type FakeSteps = { -readonly [Name in keyof Steps]: Steps[Name] } & {
  broken: boolean
  understood: number
}

/**
 * Decisions simple enough to tell the engine apart from the product. A resident's line begins with what it does:
 * 报修 registers · 提醒 asks to be woken in a minute · 坏 fails · 忘记 forgets · 发码 gives a code · 我是 joins by a code ·
 * in a group it is answered there · 说 says all that follows with its weight · 图 answers with the picture; anything else is answered 收到.
 */
export function createFakeSteps(): FakeSteps {
  const steps: FakeSteps = {
    broken: true,
    understood: 0,
    understand(text) {
      steps.understood++
      return { ...noFacts, demand: text.slice(0, 2) }
    },
    intakeNeeds: (event) => ({
      number: null,
      bindCode:
        event.type === 'message' && event.content.type === 'text'
          ? (/^我是(\d{6})$/.exec(event.content.text)?.[1] ?? null)
          : null,
    }),
    stepIntake(state, event, loaded, { now }) {
      const counted = { ...state, misunderstood: state.misunderstood + 1 }
      const say = (text: string, more: Partial<Extract<Effect, { do: 'say' }>> = {}): Effect => ({
        do: 'say',
        text,
        media: [],
        weight: 'plain',
        complaint: null,
        recallAfter: null,
        ...more,
      })
      if (event.type === 'due') return { state: counted, effects: [say('到点')], due: null }
      if (event.type === 'undeliverable') return { state: { ...counted, abuse: 1 }, effects: [], due: null }
      if (event.type === 'secondReading' || event.type === 'forget')
        return { state: counted, effects: [], due: null }
      if (event.type === 'notice')
        return {
          state: counted,
          effects: [
            say(`${event.notice.type} ${event.notice.number}`, {
              weight: 'promise',
              complaint: event.notice.complaint,
            }),
          ],
          due: null,
        }
      if (event.content.type === 'media')
        return { state: counted, effects: [say('看', { media: [event.content.media] })], due: null }
      if (event.content.type !== 'text') return { state: counted, effects: [say('收到')], due: null }
      const { text } = event.content
      if (event.group !== null)
        return { state: counted, effects: [say(`群里${text}`, { room: event.group.id })], due: null }
      if (text.startsWith('坏') && steps.broken) throw new TypeError(`cannot read ${text}`)
      if (text.startsWith('报修')) {
        const registration = aRegistration(loaded.person, loaded.conversation, text)
        return {
          state: counted,
          effects: [{ do: 'tell', whom: { to: 'newComplaint' }, event: { type: 'register', registration } }],
          due: null,
        }
      }
      if (text.startsWith('提醒')) return { state: counted, effects: [], due: now + 60_000 }
      if (text.startsWith('忘记'))
        return {
          state: counted,
          effects: [
            { do: 'forget' },
            ...loaded.mine.map((c): Effect => ({
              do: 'tell',
              whom: { to: 'complaint', id: c.id },
              event: { type: 'forget' },
            })),
            say('已删除'),
          ],
          due: null,
        }
      if (text.startsWith('发码'))
        return {
          state: counted,
          effects: [
            { do: 'remember', person: { phone: '13900000001', name: '王女士' } },
            { do: 'giveCode', code: loaded.freshCode },
            say(`码${loaded.freshCode}`),
          ],
          due: null,
        }
      if (text.startsWith('我是') && loaded.bound !== null)
        return { state: counted, effects: [{ do: 'join', person: loaded.bound }], due: null }
      const weighed = /^说(plain|safety|promise|question) (.*)$/s.exec(text)
      if (weighed)
        return {
          state: counted,
          effects: [say(weighed[2] ?? '', { weight: weighed[1] as 'plain' })],
          due: null,
        }
      return { state: counted, effects: [say(`收到${text}`)], due: null }
    },
    stepComplaint(before, event, loaded, { now }) {
      const state =
        before ??
        (event.type === 'register' ? born(event.registration, loaded.id, loaded.counter, now) : null)
      if (state === null) throw new Error('no complaint')
      return {
        ...after(structuredClone(state), event, now),
        due: event.type === 'due' ? null : now + 3_600_000,
      }
    },
    deskNeeds: (_state, event) => ({
      task: event.type === 'message' && event.content.type === 'press' ? event.content.card : null,
      number: null,
      complaint: null,
    }),
    stepDesk(state, event, { named, staff }) {
      if (event.type === 'notice' && event.notice.type === 'alarm')
        return {
          state,
          effects: [
            {
              do: 'say',
              text: `警报 ${event.notice.place}`,
              media: [],
              weight: 'safety',
              complaint: event.notice.complaint,
              recallAfter: 86_400_000,
            },
          ],
          due: null,
        }
      if (event.type === 'undeliverable' && event.complaint !== null)
        return {
          state,
          effects: [
            {
              do: 'tell',
              whom: { to: 'complaint', id: event.complaint },
              event: { type: 'undeliverable', staff },
            },
          ],
          due: null,
        }
      if (event.type === 'message' && event.content.type === 'press' && named !== null)
        return {
          state: { ...state, focus: named.id },
          effects: [
            { do: 'tell', whom: { to: 'complaint', id: named.id }, event: { type: 'accept', by: staff } },
          ],
          due: null,
        }
      return { state, effects: [], due: null }
    },
  }
  return steps
}

/** What happened is in the timeline; who is asked gets a card; `urged` only changes the card. */
function after(
  state: Complaint,
  event: ComplaintEvent,
  now: number,
): { state: Complaint; effects: Effect[] } {
  const record = (type: string, words: string | null, data: Record<string, string> = {}): Effect => ({
    do: 'record',
    entry: { type, by: { kind: 'program' }, words, media: [], data },
  })
  const card = (to: StaffId, title: string, push: boolean): Effect => ({
    do: 'card',
    complaint: state.id,
    to,
    card: aCard(title),
    push,
  })
  const tellStaff = (id: StaffId, place: string): Effect => ({
    do: 'tell',
    whom: { to: 'staff', id },
    event: {
      type: 'notice',
      notice: {
        complaint: state.id,
        number: state.number,
        type: 'alarm',
        danger: 'fire',
        lift: false,
        round: 1,
        place,
        words: '',
        phone: null,
        dutyPhone: '',
        at: now,
        suspected: false,
        written: null,
      },
    },
  })
  switch (event.type) {
    case 'register': {
      state.owner = zhang
      state.asked = [zhang]
      state.status = 'assigned'
      return {
        state,
        effects: [
          record('registered', event.registration.words),
          card(zhang, `新单 ${state.number}`, true),
          {
            do: 'tell',
            whom: { to: 'conversation', id: state.conversation },
            event: {
              type: 'notice',
              notice: { complaint: state.id, number: state.number, type: 'supplemented' },
            },
          },
        ],
      }
    }
    case 'accept':
      state.status = 'verifying'
      return { state, effects: [record('accepted', null, { by: event.by }), card(event.by, '已接单', false)] }
    case 'urged':
      return { state, effects: [record('urged', null), card(zhang, `催办 ${now}`, false)] }
    case 'supplement':
      return { state, effects: [record('supplement', event.text), card(zhang, `补充 ${event.text}`, true)] }
    case 'wantsPerson':
      return { state, effects: [card(silent, '给没有企业微信的人', true), tellStaff(silent, '3栋')] }
    case 'danger':
      return { state, effects: [tellStaff(zhang, event.text)] }
    case 'forget':
      state.forgotten = true
      state.about = { ...state.about, words: '', summary: '', phone: null, household: null }
      return { state, effects: [{ do: 'forget' }, record('forgotten', null)] }
    case 'withdraw':
      state.status = 'withdrawn'
      state.marks.closed = now
      return { state, effects: [record('withdrawn', event.text)] }
    default:
      return {
        state,
        effects: [record(event.type, null, 'staff' in event ? { staff: String(event.staff) } : {})],
      }
  }
}

function born(r: Registration, id: Complaint['id'], counter: number, now: number): Complaint {
  return {
    id,
    number: `TS-${localDay('Asia/Shanghai', now)}-${String(counter).padStart(4, '0')}`,
    checkCode: null,
    estate: r.estate,
    version: 1,
    channel: r.channel,
    person: r.person,
    conversation: r.conversation,
    status: 'registered',
    kind: r.kind,
    code: r.code,
    severity: r.severity,
    about: {
      name: r.name,
      phone: r.phone,
      household: r.household,
      place: r.place,
      summary: r.summary,
      words: r.words,
      happened: null,
      demand: null,
      findings: [],
      plan: null,
      gap: null,
      result: null,
      grounds: noGrounds,
    },
    anonymous: false,
    forgotten: false,
    forgetWanted: null,
    untold: null,
    onHold: null,
    incomplete: false,
    wantsPerson: false,
    anger: 0,
    media: [],
    danger: null,
    owner: null,
    asked: [],
    handlers: [],
    subjects: [],
    unowned: false,
    retryAt: null,
    parties: [],
    proof: 0,
    footage: null,
    unanswered: null,
    verified: null,
    responsibility: null,
    marks: {
      received: now,
      registered: now,
      assigned: null,
      accepted: null,
      contacted: null,
      arrived: null,
      planned: null,
      progressed: null,
      done: null,
      answered: null,
      closed: null,
    },
    promises: [],
    deadlines: [],
    extensions: 0,
    pauses: [],
    pauseWanted: null,
    transferred: null,
    alarm: null,
    alert: null,
    escalated: [],
    held: null,
    question: null,
    questions: 0,
    survey: null,
    rating: null,
    ratingUntil: null,
    visits: [],
    callback: null,
    signed: null,
    failures: 0,
    reopened: 0,
    repeat: null,
    effect: null,
    raisedAfterSolved: false,
    closure: null,
    followers: [],
    claim: null,
    main: null,
    cards: [],
  }
}
