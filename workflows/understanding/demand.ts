import { clausesOf } from './clauses.ts'
import { quote, type Reading } from './normalise.ts'
import { pattern } from './patterns.ts'

/** Says what is to be done, strongest first. */
const asks = [
  '^(?:强烈)?(?:请求|要求|恳请|恳求|希望|建议|盼|望|烦请|麻烦|劳驾|拜托|求求?|请(?!问|教))|(?:能不能|能否|可不可以|可否|是否可以|能|可以)(?:.{1,20})(?:吗|不|行不|不行)$|(?:^|你们|物业|快|快点)(?:能不能|能否|可不可以|可否)',
  '^(?:赶紧|赶快|快|马上|立即|立刻|尽快|速|先|必须|这回必须|今天必须|今晚|现在就)?(?:给我|帮|派|安排|叫|喊|让|来|换|修|补|装|加|查|拆|退|拖|清|把|联系|处理|解决|恢复|撤|罚|停|检查|提醒|报|关|调|开|换|重做|返工|挪|腾|扶|焊|拧|通|测|通知|公示|公开|贴|给|弄|搬|整改|改)',
  '(?:行不行|行不|好不好|可以不|成不|行吗|好吗|吧|呗|噻|嘛|一下|下)$',
  '(?:希望|建议|要求|请(?!问|教)|麻烦|能不能|可不可以|尽快|赶紧|赶快|必须|应该|给个说法|不如|倒是)',
].map((source) => pattern(source))

/** Greetings and addresses that begin a clause but are no part of the demand. */
const address = /^(?:各位|尊敬的.{1,6}[:,]|您好|你好|师傅|老师)+/

/** Verbs a clause must hold to be something that can be done, where only its tone asks. */
const act =
  /修|换|补|装|加|查|拆|退|拖|清|处理|解决|管|来|看|派|安排|通|恢复|检查|提醒|停|关|调|开|挪|搬|腾|改|铺|扫|擦|弄|整|赔|道歉|公示|公开|解释|答复|回复|说法|联系|叫|让|给|测|剪|撤|罚|劝|说说|接|拧|焊|扶|打胶|盖|封|巡|种|放|画|划|设|报|拿|送|赶|抓|抢|拆除|取消|减|开放|重|注销|协调|介入|监督|干涉|落实|重视/

/**
 * The words that say what the writer wants done; null where nothing is asked for. The clause that asks most plainly,
 * with the clause after it where the first only opens the request (`恳请派人来, 加装减震垫`).
 */
export function readDemand(reading: Reading): string | null {
  const { text } = reading
  const clauses = clausesOf(text)
  let best: { start: number; end: number; score: number } | null = null
  clauses.forEach((clause, i) => {
    const words = text.slice(clause.start, clause.end).trim()
    if (words.length < 2) return
    const tier = asks.findIndex((ask) => ask.test(words.replace(address, '')))
    if (tier < 0 || !act.test(words)) return
    if (
      /^(?:请问|谢谢|感谢|不好意思)/.test(words) ||
      /(?:怎么|多少|什么时候|几点|为什么|凭什么|难道|吗\?)/.test(words)
    )
      return
    // What is asked for stands late in a message.
    const score = 4 - tier + (i / Math.max(1, clauses.length)) * 1.5
    if (best && score <= best.score) return
    best = { start: clause.start, end: clause.end, score }
  })
  return best ? spanOf(reading, best, clauses) : null
}

function spanOf(
  reading: Reading,
  best: { readonly start: number; readonly end: number },
  clauses: ReturnType<typeof clausesOf>,
): string {
  let { end } = best
  const index = clauses.findIndex((clause) => clause.start === best.start)
  const next = clauses[index + 1]
  const own = clauses[index]
  const opens = /^(?:恳请|请求|希望|要求|望|建议|请)/.test(reading.text.slice(best.start, end))
  if (next && own && opens && next.sentence === own.sentence && next.end - best.start <= 60) {
    if (act.test(reading.text.slice(next.start, next.end))) end = next.end
  }
  return quote(reading, best.start, end).trim()
}
