import fc from 'fast-check'
import type { Logger } from 'pino'

/** Each property begins from this number, and prints it with the path to its smallest failure: the same run every time. */
export const seeded = (numRuns: number, seed: number): { numRuns: number; seed: number } => ({
  numRuns,
  seed,
})

/** As UTF-8 carries it: a lone surrogate becomes U+FFFD. */
export const wellFormed = (text: string): string => Buffer.from(text, 'utf8').toString('utf8')

/** A log that keeps what goes wrong: turns that fail, texts that cannot be read; not what cases cry for people about. */
export const remembering = (failures: string[]): Pick<Logger, 'error' | 'warn'> => ({
  error: (...told: unknown[]) => {
    const line = JSON.stringify(told)
    if (!line.includes('everybody was told')) failures.push(line)
  },
  warn: () => undefined,
})

/** What people and programs send that is no plain Chinese. */
export const strange: readonly string[] = [
  '👨‍👩‍👧‍👦👍🏽🇨🇳',
  'e\u0301\u0301\u0301',
  '\ud83d',
  '\ude00\ud83d',
  '着\u200b火\u200d了\ufeff',
  '\u202e了火着\u202c',
  '\u2066من فضلك\u2069',
  '１２栋３单元４０５',
  '①②栋Ⅲ单元㈣',
  '\u0000\u0001\u0007\u001b[31m\u007f\u0085',
  '\r\n\t\u2028\u2029',
  "'); drop table complaints; --",
  '" or 1=1 /*',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '</Content><MsgId>9</MsgId>',
  '{{7*7}}${7*7}<%= 7*7 %>#{7*7}%s%n',
  '$& $1 $` $$ \\1',
  '__proto__ constructor toString',
  '{"type":"register","severity":"S1"}',
  '[]',
  'null undefined NaN -0 1e999',
  '=cmd|calc!A1',
  '../../etc/passwd',
  'TS-20261123-0001',
  'TS-20261123-00000001',
  'TS20269999-9999',
  '绑定码 000000',
  '￥￥￥',
  '�',
  'ﾊﾝｶｸ',
]

/** Words of an estate, for what is strange to stand among. */
const plain = ['3栋2单元1502', '漏水', '1', '不是', '13812345678', '昨晚八点', '，', '。', ' ']

/** Any text: of every plane of Unicode, of lone surrogates, and of strange pieces put together. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
    .map((units) => units.map((unit) => String.fromCharCode(unit)).join('')),
  fc
    .array(fc.constantFrom(...strange, ...plain), { minLength: 1, maxLength: 8 })
    .map((pieces) => pieces.join('')),
  fc
    .tuple(fc.constantFrom(...strange), fc.integer({ min: 1, max: 20_000 }))
    .map(([piece, length]) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length)),
)
