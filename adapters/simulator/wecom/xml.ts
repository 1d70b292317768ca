/** The XML that 企业微信 posts to callbacks, in the element order of its documents (platforms.md 3, 4). */

export type Callback =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly mediaId: string; readonly url: string }
  | { readonly type: 'voice'; readonly mediaId: string; readonly format: string }
  | {
      readonly type: 'location'
      readonly latitude: number
      readonly longitude: number
      readonly label: string
    }
  | { readonly type: 'enter' }
  | {
      readonly type: 'press'
      readonly key: string
      readonly taskId: string
      readonly cardType: string
      readonly responseCode: string
      readonly selected: Readonly<Record<string, readonly string[]>>
    }
  /** A click in a card's corner menu; says nothing of what was selected. */
  | {
      readonly type: 'menu'
      readonly key: string
      readonly taskId: string
      readonly cardType: string
      readonly responseCode: string
    }

export interface Head {
  readonly corpId: string
  readonly agentId: number
  readonly userId: string
  /** Seconds since 1970. */
  readonly createTime: number
  /** 64 bits, decimal; events have none. */
  readonly msgId: string
}

export function callbackXml(head: Head, callback: Callback): string {
  const isEvent = callback.type === 'enter' || callback.type === 'press' || callback.type === 'menu'
  return element('xml', [
    text('ToUserName', head.corpId),
    text('FromUserName', head.userId),
    number('CreateTime', head.createTime),
    text('MsgType', isEvent ? 'event' : callback.type),
    ...bodyOf(head, callback),
  ])
}

/** The outer XML of a POST, around the encrypted one. */
export function envelopeXml(corpId: string, agentId: number, encrypted: string): string {
  return element('xml', [
    text('ToUserName', corpId),
    text('AgentID', String(agentId)),
    text('Encrypt', encrypted),
  ])
}

function bodyOf(head: Head, callback: Callback): readonly string[] {
  const agent = number('AgentID', head.agentId)
  const tail = [element('MsgId', [head.msgId]), agent]
  switch (callback.type) {
    case 'text':
      return [text('Content', callback.text), ...tail]
    case 'image':
      return [text('PicUrl', callback.url), text('MediaId', callback.mediaId), ...tail]
    case 'voice':
      return [text('MediaId', callback.mediaId), text('Format', callback.format), ...tail]
    case 'location':
      return [
        number('Location_X', callback.latitude),
        number('Location_Y', callback.longitude),
        number('Scale', 15),
        text('Label', callback.label),
        ...tail,
      ]
    case 'enter':
      return [text('Event', 'enter_agent'), text('EventKey', ''), agent]
    case 'press':
      return [...clickOf('template_card_event', callback), agent, ...selectedXml(callback.selected)]
    case 'menu':
      return [...clickOf('template_card_menu_event', callback), agent]
  }
}

function clickOf(event: string, click: Extract<Callback, { type: 'press' | 'menu' }>): readonly string[] {
  return [
    text('Event', event),
    text('EventKey', click.key),
    text('TaskId', click.taskId),
    text('CardType', click.cardType),
    text('ResponseCode', click.responseCode),
  ]
}

/** Missing where nothing was selected. */
function selectedXml(selected: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const items = Object.entries(selected).map(([question, options]) =>
    element('SelectedItem', [
      text('QuestionKey', question),
      element(
        'OptionIds',
        options.map((id) => text('OptionId', id)),
      ),
    ]),
  )
  return items.length === 0 ? [] : [element('SelectedItems', items)]
}

const element = (name: string, children: readonly string[]): string =>
  `<${name}>${children.join('')}</${name}>`

const number = (name: string, value: number): string => element(name, [String(value)])

/** What a person wrote may hold `]]>`, which would end the section, and control characters, which XML has no way to say. */
const text = (name: string, value: string): string =>
  element(name, [`<![CDATA[${value.replace(unspeakable, '').replaceAll(']]>', ']]]]><![CDATA[>')}]]>`])

const unspeakable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g
