import type { Category, Code, Family } from '../taxonomy.ts'
import { familyOf } from '../taxonomy.ts'
import type { Kind } from '../understanding/facts.ts'
import { categoryNames, closer, troubleNames, type Felt } from './troubles.ts'

/**
 * One line that names the concrete trouble (domain.md 5.1 rule 2, lines 04–19). Regret yes, liability no, and nothing
 * is said to be done. `words` are the resident's own, `category` what a question or a proposal is about.
 */
export function empathy(of: {
  readonly kind: Kind
  readonly code: Code | null
  readonly category?: Category | null
  readonly anger: number
  readonly repeat: boolean
  readonly words?: string
}): string {
  const about = of.category ? categoryNames[of.category] : null
  if (of.kind === 'praise') return '谢谢您专门来说，这句话我一定带到。'
  if (of.kind === 'suggestion')
    return about === null ? '谢谢您替小区想着这件事。' : `${about}的事，谢谢您替小区想着。`
  if (of.kind === 'enquiry')
    return about === null ? '您问得对，问清楚再办才放心。' : `${about}的事，问清楚再办才放心。`
  const name = of.code === null ? null : troubleNames[of.code]
  const it = name === null ? '' : `${name}的事`
  if (of.anger >= 3)
    return `${name === null ? '您现在气得厉害' : `${it}让您气成这样`}，我不争对错。登记时就写明请主管给您打电话，几点前打登记好告诉您。`
  if (of.repeat && of.anger >= 2) return `${it}说过又没人回，换谁都会生气。这次每一步的时间我都写下来。`
  if (of.repeat) return `${it}说过还没解决，心里不踏实很自然，我先帮您理清楚。`
  const felt = feltOf(of.code, of.words ?? '')
  return of.anger >= 2 ? felt.angry : felt.calm
}

function feltOf(code: Code | null, words: string): Felt {
  if (code === null) return byFamily.OT
  const fits = closer.find((line) => line.codes.includes(code) && line.said.test(words))
  return fits ?? byCode[code] ?? byFamily[familyOf(code)]
}

const byFamily: Readonly<Record<Family, Felt>> = {
  EM: { calm: '遇到这样的事谁都会紧张，人没事最要紧。', angry: '这样的险情让人又怕又气，人没事最要紧。' },
  EL: {
    calm: '电梯一出毛病，上下楼都难，家里有老人孩子就更难了。',
    angry: '天天要坐的电梯这样，又累又悬着心，生气是应该的。',
  },
  FS: { calm: '关系到一整栋楼的安全，您留心得对。', angry: '消防的事出不得差错，您生气有道理。' },
  UT: {
    calm: '水电气暖一断，家里什么都做不成，确实难熬。',
    angry: '日子过到一半水电暖出问题，换谁都恼火。',
  },
  RP: { calm: '东西坏着天天要用，实在不方便。', angry: '坏着的东西天天看天天用不了，恼火很正常。' },
  CL: { calm: '天天要走的地方不干净，路过都难受。', angry: '脏成这样还得天天走，生气是应该的。' },
  PO: { calm: '窗户都不敢开，家里人闻着肯定难受。', angry: '自己家里躲不开这股味，换谁都受不了。' },
  GR: { calm: '楼下的绿化看着荒，心里确实不舒服。', angry: '好好的绿地成了这样，您生气有道理。' },
  SE: { calm: '进出没人管，住着心里不踏实。', angry: '住在家里还得自己提心吊胆，生气是应该的。' },
  PK: { calm: '到家门口却没处停，还得绕圈找，太折腾。', angry: '回家一趟为车位憋一肚子气，换谁都恼火。' },
  NS: { calm: '左右邻里的事最难开口，您受累了。', angry: '在自己家里还不得安生，生气是应该的。' },
  RN: { calm: '天天听着看着，又担心房子安全，不容易。', angry: '楼是大家的，看人随意改动，生气很正常。' },
  FE: { calm: '账单看不懂，有疑问很正常，逐项问清楚。', angry: '钱花得不明白，换谁心里都堵。' },
  ST: { calm: '遇上这样的对待谁都会不好受。', angry: '听到那样的话谁都会觉得不被尊重。' },
  CM: { calm: '小区的大事想知道个明白，应该的。', angry: '大家的事却说不清楚，您生气有道理。' },
  PV: {
    calm: '您的信息被别人知道了，心里肯定不安。',
    angry: '自己的信息被人拿去，换谁都气，这件事按重大事项记。',
  },
  OT: {
    calm: '谢谢您告诉我们，这种事早知道就早处理。',
    angry: '让您这么生气，一定是忍了不短时间，您说，我记。',
  },
  SG: { calm: '谢谢您告诉我们。', angry: '您说的我听明白了。' },
}

const byCode: Readonly<Partial<Record<Code, Felt>>> = {
  UT04: { calm: '网断着，上班上课都耽误。', angry: '网断着什么都干不成，恼火很正常。' },
  FS01: { calm: '通道堵着，真有事救援进不来，您留心得对。', angry: '救命的通道给堵着，您生气有道理。' },
  FS03: { calm: '电动车这么充电，一整栋都跟着悬心。', angry: '拿一楼人的安全图省事，您生气有道理。' },
  PK04: { calm: '充电没着落，天天用车实在不方便。', angry: '装个桩跑来跑去没准话，恼火很正常。' },
  NS01: {
    calm: '在家里也歇不好，人是会累的。咱们先把声音的时间和样子记准。',
    angry: '在自己家里还不得安生，生气是应该的。先把时间记准。',
  },
  RN02: { calm: '公共的地方让人占着，进出用着都不方便。', angry: '大家的地方成了一家的，您生气有道理。' },
  FE01: { calm: '交着物业费，想弄明白花在哪儿，应该的。', angry: '钱交得不明白，换谁心里都堵。' },
  FE03: { calm: '该退的钱一直没到手，心里不踏实。', angry: '自己的钱要来要去要不回，换谁都上火。' },
  FE04: { calm: '大家的钱花到哪儿了，想知道明白应该的。', angry: '大家的钱说不清楚，您生气有道理。' },
  PK05: { calm: '停车费怎么收的看不明白，有疑问很正常。', angry: '停个车钱收得不明白，换谁心里都堵。' },
  ST03: {
    calm: '办点事还要另外给好处，谁碰上都堵心。',
    angry: '办事还要好处，您生气是应该的。核实会由当事人以外的同事来做。',
  },
  EL02: { calm: '电梯一停，上下楼全靠爬，确实累人。', angry: '电梯一停就得爬楼，累着又气着，我先记准。' },
  EL03: { calm: '坐着又抖又响的电梯，心是悬着的。', angry: '天天坐着提心吊胆，生气是应该的。' },
  UT01: { calm: '没水用，做饭洗澡都成问题，确实难熬。', angry: '水都用不安心，换谁都恼火。' },
  UT02: { calm: '没电确实难熬。', angry: '一停电什么都做不成，恼火很正常。' },
  UT03: { calm: '屋里冷，家里有老人孩子更遭罪。', angry: '交着暖气费还挨冻，换谁都气。' },
  RP01: {
    calm: '水一直漏，又怕泡坏东西，着急是应该的。先挪开怕水的。',
    angry: '水漏着东西泡着，又急又气。先挪开怕水的。',
  },
  RP03: { calm: '水渗进来墙也跟着糟，看着又急又心疼。', angry: '一下雨家里就遭殃，换谁都恼火。' },
  RP05: { calm: '修了又坏，等于白等一趟。', angry: '我听明白了，让您生气的不只是坏了，是约好没办到。' },
  RP06: { calm: '新房就出问题，心里肯定不是滋味。', angry: '住进来就糟心，生气很正常。' },
  CL02: { calm: '垃圾有味道，路过都难受。', angry: '这味道天天闻着，换谁都受不了。' },
  CL03: { calm: '家里见着这些虫子，吃住都不安心。', angry: '虫子老鼠到处跑，住着实在闹心。' },
  GR02: { calm: '树长成这样，路过是让人担心。', angry: '说不准哪天就倒，担心又生气很自然。' },
  SE03: {
    calm: '东西没了又不知道找谁，确实慌。请先报警，录像时间我记准。',
    angry: '东西在自家小区没了，又慌又气。请先报警，录像时间我记准。',
  },
  SE04: { calm: '取个快递这么费劲，确实耽误事。', angry: '为个快递折腾来折腾去，恼火很正常。' },
  PK03: { calm: '车好好停着被蹭了，心疼是肯定的。', angry: '车停着也遭殃，换谁都气。' },
  NS02: { calm: '砸墙声震着，想歇会儿都难。', angry: '休息的日子还砸，生气是应该的。' },
  NS03: { calm: '那声音一直在耳边，实在难受。', angry: '天天被这声音磨着，换谁都受不了。' },
  NS04: { calm: '孩子老人天天走这里，您担心得有道理。', angry: '遛狗不管好，路人受罪，生气是应该的。' },
  NS05: { calm: '楼上往下扔东西，走在楼下心都是悬的。', angry: '这是要伤人的事，您生气有道理。' },
  NS06: {
    calm: '楼上的水漏到自己家，又急又心疼。先挪开怕水的。',
    angry: '自己家被别人家的水泡着，气是应该的。先挪开怕水的。',
  },
  ST01: {
    calm: '听到那样的话谁都会觉得不被尊重。',
    angry: '被那样对待，换谁都咽不下。核实会由当事人以外的同事来做。',
  },
  ST02: {
    calm: '等了没消息，心里不踏实很自然，我先帮您理清楚。',
    angry: '推来推去没个准话，换谁都会生气。每一步的时间我都写下来。',
  },
}
