import { ApiError } from './errors.ts'
import type { CardQuestion, PhoneCard } from './state.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * Checks a `template_card` as the platform does and turns it into what the phone shows (platforms.md 4). Lengths the
 * documents only suggest are shown cut by the client; counts and byte limits are refused.
 *
 * `update`: the new face of a card already sent: it has no task_id of its own, and `replace_text` greys its buttons.
 * Throws `ApiError` with the errcode of the first fault.
 */
export function readCard(input: unknown, update: { readonly taskId: string } | null): PhoneCard {
  const card = fields(input)
  const cardType = string(card['card_type'])
  if (!cardTypes.includes(cardType)) throw new ApiError(42031)
  const menu = readMenu(card['action_menu'])
  const taskId = update
    ? update.taskId
    : readTaskId(card['task_id'], interactive.includes(cardType) || menu.length > 0)
  const title = string(fields(card['main_title'])['title'])
  const text = string(card['sub_title_text'])
  const face: PhoneCard = {
    taskId,
    cardType,
    source: readSource(card['source']),
    title,
    desc: string(fields(card['main_title'])['desc']),
    emphasis: pair(card['emphasis_content'], 'title', 'desc', (a, b) => ({ title: a, desc: b })),
    quote: pair(card['quote_area'], 'title', 'quote_text', (a, b) => ({ title: a, text: b })),
    text,
    rows: readRows(card),
    buttons: [],
    selects: [],
    menu,
    links: readLinks(card['jump_list']),
    replaced: update && card['replace_text'] ? string(card['replace_text']) : null,
  }
  if (title === '' && !(cardType === 'text_notice' && text !== '') && cardType !== 'vote_interaction')
    throw new ApiError(40058)
  return { ...face, ...readAnswers(cardType, card, menu) }
}

const interactive = ['button_interaction', 'vote_interaction', 'multiple_interaction']
const cardTypes = ['text_notice', 'news_notice', ...interactive]

/** What can be pressed or chosen, by type of card. */
function readAnswers(
  cardType: string,
  card: Fields,
  menu: readonly { key: string }[],
): Pick<PhoneCard, 'buttons' | 'selects'> {
  if (cardType === 'button_interaction') {
    const selects =
      card['button_selection'] === undefined ? [] : [readQuestion(card['button_selection'], 'list', 10)]
    return { buttons: readButtons(card['button_list'], menu), selects }
  }
  if (cardType === 'vote_interaction') {
    const kind = fields(card['checkbox'])['mode'] === 1 ? 'many' : 'one'
    return {
      buttons: [readSubmit(card['submit_button'])],
      selects: [readQuestion(card['checkbox'], kind, 20)],
    }
  }
  if (cardType === 'multiple_interaction') {
    const list = items(card['select_list'])
    if (list.length < 1 || list.length > 3) throw new ApiError(42047)
    return {
      buttons: [readSubmit(card['submit_button'])],
      selects: list.map((entry) => readQuestion(entry, 'list', 10)),
    }
  }
  readCardAction(card['card_action'])
  const picture = fields(card['card_image'])['url'] ?? card['image_text_area']
  if (cardType === 'news_notice' && picture === undefined) throw new ApiError(40058)
  return { buttons: [], selects: [] }
}

function readTaskId(value: unknown, required: boolean): string {
  const id = string(value)
  if (id === '' && !required) return ''
  if (!/^[0-9A-Za-z_\-@]{1,128}$/.test(id)) throw new ApiError(42014)
  return id
}

function readButtons(value: unknown, menu: readonly { key: string }[]): PhoneCard['buttons'] {
  const list = items(value)
  if (list.length < 1 || list.length > 6) throw new ApiError(40058)
  const keys = new Set(menu.map((entry) => entry.key))
  return list.map((entry) => {
    const button = fields(entry)
    const text = string(button['text'])
    if (text === '') throw new ApiError(42038)
    const opens = button['type'] === 1
    const url = string(button['url'])
    const key = string(button['key'])
    if (opens && url === '') throw new ApiError(40058)
    if (!opens && (key === '' || bytes(key) > 1024 || keys.has(key))) throw new ApiError(42039)
    keys.add(key)
    const style = Number(button['style'] ?? 1)
    return {
      key: opens ? null : key,
      text,
      style: style >= 1 && style <= 4 ? style : 1,
      url: opens ? url : null,
    }
  })
}

function readSubmit(value: unknown): PhoneCard['buttons'][number] {
  const button = fields(value)
  const text = string(button['text'])
  const key = string(button['key'])
  if (text === '' || key === '' || bytes(key) > 1024) throw new ApiError(42046)
  return { key, text, style: 1, url: null }
}

function readQuestion(value: unknown, kind: CardQuestion['kind'], most: number): CardQuestion {
  const question = fields(value)
  const key = string(question['question_key'])
  if (key === '' || bytes(key) > 1024) throw new ApiError(42043)
  const entries = items(question['option_list']).map(fields)
  const options = entries.map((option) => ({ id: string(option['id']), text: string(option['text']) }))
  const ids = new Set(options.map((option) => option.id))
  const broken = options.some((option) => option.id === '' || option.text === '' || bytes(option.id) > 128)
  if (broken || ids.size !== options.length || options.length < 1 || options.length > most)
    throw new ApiError(42037)
  const ticked = entries
    .filter((option) => option['is_checked'] === true)
    .map((option) => string(option['id']))
  // A drop-down without a valid default shows its first option.
  const wanted = string(question['selected_id'])
  const shown = ids.has(wanted) ? wanted : (options[0]?.id ?? '')
  return {
    key,
    title: string(question['title']),
    kind,
    options,
    selected: kind === 'list' ? [shown] : ticked,
    disabled: question['disable'] === true,
  }
}

function readMenu(value: unknown): PhoneCard['menu'] {
  if (value === undefined) return []
  const list = items(fields(value)['action_list']).map(fields)
  if (list.length < 1 || list.length > 3) throw new ApiError(40058)
  const menu = list.map((entry) => ({ key: string(entry['key']), text: string(entry['text']) }))
  if (menu.some((entry) => entry.text === '')) throw new ApiError(42038)
  if (menu.some((entry) => entry.key === '' || bytes(entry.key) > 1024)) throw new ApiError(42039)
  if (new Set(menu.map((entry) => entry.key)).size !== menu.length) throw new ApiError(42051)
  return menu
}

function readRows(card: Fields): PhoneCard['rows'] {
  const horizontal = items(card['horizontal_content_list']).map(fields)
  if (horizontal.length > 6) throw new ApiError(42035)
  for (const row of horizontal) {
    const needs = ['', 'url', 'media_id', 'userid'][Number(row['type'] ?? 0)]
    if (needs === undefined || string(row['keyname']) === '' || (needs && !row[needs]))
      throw new ApiError(42035)
  }
  const vertical = items(card['vertical_content_list']).map(fields)
  if (vertical.length > 4 || vertical.some((row) => string(row['title']) === '')) throw new ApiError(40058)
  return [
    ...horizontal.map((row) => ({ label: string(row['keyname']), value: string(row['value']) })),
    ...vertical.map((row) => ({ label: string(row['title']), value: string(row['desc']) })),
  ]
}

function readLinks(value: unknown): PhoneCard['links'] {
  const list = items(value).map(fields)
  if (list.length > 3 || list.some((link) => string(link['title']) === '')) throw new ApiError(42042)
  return list.map((link) => ({ title: string(link['title']), url: string(link['url']) }))
}

function readCardAction(value: unknown): void {
  const action = fields(value)
  const target = action['type'] === 1 ? action['url'] : action['type'] === 2 ? action['appid'] : undefined
  if (string(target) === '') throw new ApiError(42045)
}

function readSource(value: unknown): PhoneCard['source'] {
  const source = fields(value)
  const text = string(source['desc'])
  return text === '' ? null : { text, color: Number(source['desc_color'] ?? 0) }
}

function pair<T>(value: unknown, a: string, b: string, make: (a: string, b: string) => T): T | null {
  const both = fields(value)
  const first = string(both[a])
  const second = string(both[b])
  return first === '' && second === '' ? null : make(first, second)
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}

const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const string = (value: unknown): string => (typeof value === 'string' ? value : '')
const bytes = (text: string): number => Buffer.byteLength(text)
