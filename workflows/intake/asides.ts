import { command, opening } from '../phrases/resident.ts'
import { askSlot, slots, touch, type Slot } from './asking.ts'
import { wordsBeside } from './draft.ts'
import {
  confirms,
  isBareNumber,
  isCourtesy,
  readAnswer,
  readOrder,
  readRefusal,
  type Said,
} from './reading.ts'
import { draftTopics } from './state.ts'
import type { Talk } from './talk.ts'

// What residents say beside the question they were asked; it is no answer, and no misunderstanding either.

const wait =
  /^(?:好的?)?(?:你?(?:先)?(?:等一?[下会等]儿?|稍等(?:一?下)?|等等)|我?(?:先|去)?(?:看|找|查|问|翻)(?:看|一?下).{0,6}|(?:我)?(?:在忙|忙着呢?|在开会|在开车|在上班)|(?:晚点|等会儿?|一会儿?|待会儿?|回头)(?:再)?(?:说|回|发)?)[呢吧哈啊了]*$/
const robot =
  /(?:你|您|这|对面)?(?:是不是|是)?(?:个)?(?:机器人|人工智能|ai|真人|活人|人还是机器)(?:吗|吧|啊|么)?$/i
const secrecy =
  /(?:不想|不要|别|不能|千万别)(?:让|叫|给|被).{0,8}(?:知道|晓得|发现)|(?:会不会|怕|担心).{0,6}(?:报复|找我麻烦|知道是我|说是我)/

const bare = (text: string): string => text.normalize('NFKC').replace(/[\s\p{P}]/gu, '')

/** Commands that words of their own may come with. */
const carries: ReadonlySet<string> = new Set(['emergency', 'supplement', 'another', 'withdraw'])

/**
 * An address, a number, a command, a yes or a courtesy tells of no danger, whatever sort of text it looks like: it raises no doubt.
 * What is certain stays, and so does what answers a question about danger (`danger.ts`).
 */
export function withoutDoubt(said: Said): Said {
  const { text, facts } = said
  if (facts.danger === 0 || facts.danger >= 0.5) return said
  const order = readOrder(text)
  const answers =
    readAnswer(text) !== null ||
    confirms(text) ||
    isCourtesy(text) ||
    isBareNumber(text) ||
    (order !== null && !carries.has(order))
  if (!answers && wordsBeside(text, facts) !== '') return said
  return { ...said, facts: { ...facts, danger: 0, emergencyType: null, safety: 'none' } }
}

/** True: the message is answered, and the question, if there was one, is still open. */
export function hearAside(talk: Talk, { text }: Said): boolean {
  const plain = bare(text)
  const topic = talk.s.asking?.topic
  const open = topic !== undefined && draftTopics.has(topic)
  // The words themselves go on to where they belong.
  if (secrecy.test(plain) && !readRefusal(text) && talk.s.draft) talk.say(command.secret)
  if (plain.length <= 12 && robot.test(plain)) {
    if (talk.s.greeted === null) talk.greet()
    else talk.say(opening.robot)
    askOnceMore(talk)
    return true
  }
  if (!open || plain.length > 14 || !wait.test(plain)) return false
  talk.say(opening.waiting)
  touch(talk)
  return true
}

/** The open question about the draft again: it was neither answered nor misunderstood. */
export function askOnceMore(talk: Talk): void {
  const { draft, asking } = talk.s
  if (!draft || !asking || !slots.some((slot) => slot === asking.topic)) return
  const slot = asking.topic as Slot
  draft.asked[slot] = Math.max(0, (draft.asked[slot] ?? 0) - 1)
  askSlot(talk, draft, slot)
}
