import fc from 'fast-check'

const odd = [
  '👩‍👩‍👧‍👦',
  '🇨🇳',
  '\u200b',
  '\u200d',
  '\ufeff',
  '\u202e',
  '\ud83d',
  '\udc00',
  'é',
  '１２栋',
  '③单元',
  'ﾊﾝｶｸ',
  'مرحبا',
  '\u0000',
  '\u0008',
  '\r\n',
  '<MsgId>9</MsgId>',
  ']]>',
  '__proto__',
  "'; drop table inbox; --",
  '${1+1}',
  '{{7*7}}',
  '=cmd|calc',
] as const

const plain = [
  '3栋2单元1502',
  '漏水',
  '着火了',
  '1',
  '不是',
  '13812345678',
  '昨晚八点',
  '，',
  '。',
  ' ',
] as const

/** What people and machines write: words of an estate, and everything that breaks programs, mixed. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.constantFrom(...odd, ...plain), { maxLength: 30 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 200 })
    .map((units) => String.fromCharCode(...units)),
  fc
    .tuple(fc.constantFrom(...odd, ...plain), fc.integer({ min: 1, max: 20_000 }))
    .map(([part, length]) => part.repeat(Math.ceil(length / part.length)).slice(0, length)),
)

/** As any file and any wire keeps it: lone surrogates cannot be written, everything else can. */
export const written = (text: string): string => Buffer.from(text, 'utf8').toString('utf8')
