import { randomInt } from 'node:crypto'

/** An answer of the API that says no. `extra` are fields of the success shape that stay, present and empty or not. */
export class ApiError extends Error {
  readonly errcode: number
  readonly extra: Readonly<Record<string, unknown>>

  constructor(errcode: number, extra: Readonly<Record<string, unknown>> = {}) {
    super(messages[errcode] ?? 'unknown error')
    this.errcode = errcode
    this.extra = extra
  }
}

/** The text the platform puts beside a code: a hint of digits, the caller's address, a link. Never to be parsed. */
export function errmsg(errcode: number, ip: string): string {
  if (errcode === 0) return 'ok'
  const hint = `${randomInt(1_600_000_000, 1_800_000_000)}${randomInt(100_000_000, 999_999_999)}${randomInt(1000, 9999)}`
  const link = `https://open.work.weixin.qq.com/devtool/query?e=${errcode}`
  return `${messages[errcode] ?? 'unknown error'}, hint: [${hint}], from ip: ${ip}, more info at ${link}`
}

const messages: Readonly<Record<number, string>> = {
  [-1]: 'system busy',
  6000: 'data conflict',
  40001: 'invalid credential',
  40004: 'invalid media type',
  40005: 'invalid type',
  40006: 'invalid media size',
  40007: 'invalid media_id',
  40008: 'invalid message type',
  40009: 'invalid image size',
  40011: 'invalid video size',
  40013: 'invalid corpid',
  40014: 'invalid access_token',
  40032: 'invalid userid list size',
  40056: 'invalid agentid',
  40058: 'invalid Request Parameter',
  41001: 'access_token missing',
  41002: 'corpid missing',
  41004: 'corpsecret missing',
  41006: 'media_id missing',
  41011: 'agentid missing',
  42001: 'access_token expired',
  42014: 'invalid task_id',
  42015: 'update taskcard app mismatch',
  42016: 'task_id not exist',
  42017: 'button key not exist',
  42020: 'button name missing',
  42022: 'response_code already used',
  42031: 'invalid card_type',
  42035: 'invalid horizontal_content_list',
  42037: 'invalid option_list',
  42038: 'invalid button text',
  42039: 'invalid button key',
  42042: 'invalid jump_list',
  42043: 'invalid question_key',
  42045: 'invalid card_action',
  42046: 'invalid submit_button key',
  42047: 'invalid select_list',
  42051: 'duplicate menu key',
  42052: 'msgid expired',
  43001: 'require GET method',
  43002: 'require POST method',
  44001: 'empty media data',
  44003: 'empty news data',
  44004: 'empty content',
  45002: 'content size out of limit',
  45008: 'article size out of limit',
  45009: 'api freq out of limit',
  45033: 'api concurrent out of limit',
  45034: 'url must start with http:// or https://',
  47001: 'data format error',
  60020: 'not allow to access from your ip',
  60111: 'userid not found',
  60123: 'invalid party id',
  81013: 'user & party & tag all invalid',
  82001: 'touser & toparty & totag all empty',
  82002: 'too many parties',
  82003: 'too many tags',
  301002: 'no privilege to access agent',
}
