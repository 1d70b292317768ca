/**
 * A child is gone, or an old person who does not find home: now, and not found yet. No danger of the outside contract's
 * ten types, so it is a fact of its own; what is done about it intake decides.
 */

const child =
  '孩子|小孩儿?|小孩子|娃娃?|宝宝|小朋友|小男孩|小女孩|男孩|女孩|儿子|女儿|闺女|孙子|孙女|外孙女?|侄[子女]|外甥女?|弟弟|妹妹|[二两三四五六七八九1-9]岁的?'
const old =
  '老人家?|老太太?|老大爷|老爷子|老头子?|老伴|爷爷|奶奶|外公|外婆|姥姥|姥爷|阿公|阿婆|爸爸?|妈妈?|父亲|母亲|婆婆|公公|岳父|岳母|老年痴呆|阿尔茨海默'
const who = `(?:${child}|${old})`
/** What people have, and lose: of 儿子的书包不见了 and 儿子手机丢了 it is that. */
const belongings =
  /的|车|包|表|手机|电话|鞋|猫|狗|鸟|龟|兔|钥匙|板|玩具|快递|钱|卡|证|衣|伞|球|东西|眼镜|帽|箱|药|助听器|假牙|拐杖|校服|书|笔|平板|电脑|耳机|首饰|项链|戒指|把|将|给/
const gone =
  '(?:走丢了?|走失了?|失踪了?|跑丢了?|不见了|不见踪影|没影了|找不[到着](?:人)?了?|丢了|弄丢了|迷路了?|被(?:人|拐|抱|带)[^,。!?]{0,6}走了?)'
const after =
  '(?=$|[,。!?;:、~ \\n]|怎么|咋|快|帮|麻烦|请|在|已|有|半|一|两|三|好|都|了|,|急|求|能|你们|物业|保安)'

const whoGone = new RegExp(`${who}([^,。!?;\\n]{0,10}?)${gone}${after}`, 'g')
const goneWho = new RegExp(
  `(?:走丢|走失|跑丢|弄丢|丢)了?(?:一?个|我(?:们)?家?的?)*${who}${after}|找不[到着](?:我|我们)?家?的?${who}${after}|${who}(?:人)?(?:到现在|还|一直)(?:都|还)*(?:没|没有)(?:回来|回家|找[到着])`,
)
/** 我女儿五岁，刚才还在滑梯，一转眼不见了: who was said before. */
const whoBefore = new RegExp(who)
const simplyGone =
  /^(?:就|人|孩子|他|她|刚才|刚刚|现在|突然|一?转眼|一眨眼|一?回头|一?不留神|然后|结果)*(?:走丢了?|走失了?|失踪了?|不见了|没影了|找不[到着]了?|找不[到着]人了?)(?:了|,|。|$)/

/** Long ago, only feared, supposed or prevented, or somebody else's to look for. */
const notNow =
  /上次|上回|那次|那回|去年|前年|上个?月|上周|前几天|以前|曾经|走[丢失]过|丢过|差点|险些|差一点|(?:怕|担心|生怕|防止|避免|预防|容易|以免|免得)[^,。]{0,10}(?:丢|失|不见|迷路)|万一|要是|如果|假如|倘若|会不会/
const found =
  /(?:已经?|总算|终于|给)?找(?:到了|着了|回来|回了)|送(?:了)?回|回来了|没丢|虚惊|^(?:非常|十分)?感谢|感谢[^,。]{0,6}(?:保安|物业|师傅|大哥|帮我)|表扬|锦旗|寻[人猫狗]启事|演习|新闻|(?<!谁|有人|没人)(?:捡到|发现|看[到见]|遇到)了?一?个?(?:走[丢失]|迷路|小孩|孩子|老人|娃)/

/** @param text normalised */
export function readLost(text: string): boolean {
  if (found.test(text)) return false
  const sentences = text.split(/[。!?;\n]/)
  return sentences.some((sentence) => !notNow.test(sentence) && (isGone(sentence) || goneSince(sentence)))
}

/** Who cannot be out so long alone. */
const outTooLong =
  /(?:老年痴呆|痴呆|阿尔茨海默|[1-9二两三四五六七八九]岁|小孩|孩子)[^。!?]{0,30}(?:到现在|这么晚|天都?黑|[几两三四五]个(?:多)?小时)[^。!?]{0,8}没有?(?:回来|回家|见人|找[到着])/

function isGone(sentence: string): boolean {
  if (goneWho.test(sentence) || outTooLong.test(sentence)) return true
  for (const [, between = ''] of sentence.matchAll(whoGone)) if (!belongings.test(between)) return true
  return false
}

function goneSince(sentence: string): boolean {
  const clauses = sentence.split(/[,、:~ ]/)
  return clauses.some((clause, i) => {
    const before = clauses.slice(Math.max(0, i - 3), i)
    return (
      simplyGone.test(clause) &&
      before.some((c) => whoBefore.test(c)) &&
      !before.some((c) => belongings.test(c))
    )
  })
}
