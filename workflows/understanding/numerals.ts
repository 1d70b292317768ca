const digits: Readonly<Record<string, number>> = {
  零: 0,
  〇: 0,
  一: 1,
  二: 2,
  两: 2,
  俩: 2,
  三: 3,
  仨: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
  壹: 1,
  贰: 2,
  叁: 3,
  肆: 4,
  伍: 5,
  陆: 6,
  柒: 7,
  捌: 8,
  玖: 9,
  幺: 1,
}
const units: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1_000, 万: 10_000 }

/** The characters a written number is made of, for use inside a character class. */
export const numeralClass = '\\d零〇一二两三四五六七八九十百千廿壹贰叁肆伍'

/**
 * The number that `12`, `十二`, `一百零三`, `廿三` or, digit by digit, `八零一` says; null if it says none.
 * A half (`半`) is not a numeral here.
 */
export function readNumber(text: string): number | null {
  if (/^\d+$/.test(text)) return Number(text)
  if (text === '') return null
  let total = 0
  let digit: number | null = null
  let sawUnit = false
  let spelled = ''
  for (const char of text.replace('廿', '二十').replace('卅', '三十')) {
    const value = /\d/.test(char) ? Number(char) : digits[char]
    const unit = units[char]
    if (value !== undefined) {
      digit = value
      spelled += String(value)
      continue
    }
    if (unit === undefined) return null
    total += (digit ?? 1) * unit
    digit = null
    sawUnit = true
  }
  return sawUnit ? total + (digit ?? 0) : Number(spelled)
}

/** The digits of a number however it is written, as people say it of a room or building: `八零一` → `801`. */
export function readDigits(text: string): string | null {
  const value = readNumber(text)
  if (value === null) return null
  return /^\d+$/.test(text) ? text.replace(/^0+(?=\d)/, '') : String(value)
}
