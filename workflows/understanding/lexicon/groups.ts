/**
 * The signs of danger: who or what, in which state. Each line is one sign: how much it says by itself (signs of one
 * type add up, `1 - (1-a)(1-b)`), then the words. `~` stands for up to eight characters of the same sentence, `{name}`
 * for a group of words; the rest is a regular expression without open repetition. Texts are matched simplified
 * and in lower case, with half-width punctuation.
 */
export type Sign = readonly [weight: number, words: string]

/** Groups of words the signs of danger name as `{group}`; a group may name another. */
export const groups: Readonly<Record<string, string>> = {
  child: '孩子|小孩|娃|宝宝|小朋友|婴儿|小囡|细佬|儿子|女儿|闺女|孙子|弟弟|妹妹|男童|女童|男孩|女孩|kids?',
  old: '老人|老太|老头|大爷|大妈|阿婆|阿伯|婆婆|奶奶|爷爷|外婆|外公|姥姥|姥爷|老伴',
  kin: '我爸|我妈|爸爸|妈妈|阿妈|阿爸|我爹|我娘|老公|老婆|先生|丈夫|妻子|室友|男友|女友|对象|邻居|同事|朋友|师傅|工人|保安|保洁|司机',
  somebody:
    '有人|有个人|个人|{child}|{old}|{kin}|他|她|男的|女的|姑娘|小伙|女人|男人|男生|女生|骑车的|路人|someone',
  lift: '电梯|升降机|货梯|客梯|轿厢|梯子头|梯子里|部梯|部lift|铁盒子|lift|elevator',
  weapon:
    '菜刀|砍刀|匕首|水果刀|西瓜刀|刀子|拿刀|带刀|持刀|铁棍|钢管|甩棍|棒球棍|木棍|棍子|斧|铁锤|锤子|砖头|酒瓶|枪|弓弩|钢筋|knife',
  wire: '电线|电缆|高压线|断线|线头|铜丝|铜线|电现|根线|的线|网线杆|电线杆|线缆|拉线|wire',
  electric:
    '插座|插排|插线板|电表|电箱|配电|低压柜|控制柜|开关柜|变压器|变电|空开|电闸|桥架|充电桩|充电柜|灯杆|灯箱|电房',
  facade:
    '玻璃|外墙|墙皮|墙砖|瓷砖|面砖|保温层|外机|广告牌|招牌|花盆|窗扇|窗户|窗框|雨棚|雨搭|雨答|遮阳|石材|石块|幕墙|吊篮|脚手架|棚架|塔吊|冰溜|冰柱|冰锥|砖|瓦|铁皮|树枝|panel|灯箱|吊顶',
  structure:
    '承重墙|墙体|墙|楼板|房梁|横梁|大梁|梁|柱子|柱头|立柱|天花板|顶板|房顶|屋顶|顶棚|楼顶|房子|楼体|整栋楼|围墙|挡土墙|山坡|边坡|坡|护坡|路面|地面|人行道|地板|阳台|基坑|支护桩|雨棚|车棚|ceiling|顶上|楼梯',
  gasName: '煤气|燃气|天然气|天燃气|天燃汽|天然汽|煤汽|瓦斯|液化气|石油气|沼气|gas',
  roof: '楼顶|天台|顶楼|楼浪|rooftop|窗台|栏杆|护栏|空调架|女儿墙|屋顶|桥上|窗户外|窗外|阳台外|窗沿|楼边|天桥',
}
