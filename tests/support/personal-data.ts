import fc from 'fast-check'

// Invented names, numbers and homes, in the ways people write them.

const digits = (least: number, most = least) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: least, maxLength: most }).map((d) => d.join(''))
const wide = (text: string) => text.replace(/\d/g, (d) => String.fromCharCode(d.charCodeAt(0) + 0xfee0))
const chinese = (text: string) => text.replace(/\d/g, (d) => '零一二三四五六七八九'.charAt(Number(d)))
const surnames = fc.constantFrom('王', '李', '张', '刘', '陈', '欧阳', '赵')
const given = fc.constantFrom('小明', '伟', '建华', '芳', '子轩')
const phone = fc.tuple(fc.constantFrom('13', '15', '18', '19'), digits(9)).map((d) => d.join(''))
const small = fc.integer({ min: 1, max: 39 }).map(String)
const room = fc
  .tuple(fc.integer({ min: 1, max: 33 }), fc.integer({ min: 1, max: 9 }))
  .map(([floor, door]) => `${floor}0${door}`)

/** What somebody writes, and the part of it that must be seen nowhere (as it is read: half width, small letters). */
export const secret: fc.Arbitrary<readonly [string, string]> = fc.oneof(
  phone.chain((p) =>
    fc.constantFrom<readonly [string, string]>(
      [`电话${p}`, p],
      [`${p.slice(0, 3)} ${p.slice(3, 7)} ${p.slice(7)}`, p.slice(3, 7)],
      [`${p.slice(0, 3)}-${p.slice(3, 7)}-${p.slice(7)}`, p.slice(7)],
      [wide(p), p.slice(3)],
      [chinese(p), chinese(p)],
      [`+86 ${p}`, p],
      [p.split('').join(' '), p.split('').join(' ').slice(0, 9)],
    ),
  ),
  fc
    .tuple(surnames, given)
    .chain(([s, g]) =>
      fc.constantFrom<readonly [string, string]>(
        [`我叫${s}${g}，`, s + g],
        [`业主${s}${g}，`, s + g],
        [`联系人：${s}${g}，`, s + g],
      ),
    ),
  fc
    .tuple(surnames, fc.constantFrom('先生', '女士', '师傅', '经理', '阿姨', '工'))
    .map(([s, t]): readonly [string, string] => [`${s}${t}`, `${s}${t}`]),
  fc
    .tuple(
      fc.constantFrom('湘', '粤', '京'),
      fc.constantFrom('A', 'b', 'F'),
      digits(5),
      fc.constantFrom('', '·', ' '),
    )
    .map(([p, l, n, dot]): readonly [string, string] => [`${p}${l}${dot}${n}`, n]),
  fc
    .tuple(digits(17), fc.constantFrom('X', 'x', '3'))
    .map(([d, x]): readonly [string, string] => [`身份证${d}${x}`, (d + x).toLowerCase()]),
  fc
    .tuple(small, small, room)
    .chain(([b, u, r]) =>
      fc.constantFrom<readonly [string, string]>(
        [`${b}栋${u}单元${r}室`, r],
        [`${b}栋${u}单元${r}室`, `${b}栋`],
        [`${b}栋${u}单元${r}室`, `${u}单元`],
        [`${b}-${u}-${r}`, `${b}-${u}`],
        [`${b}号楼${r}`, `${b}号楼`],
        [`${wide(b)}幢${wide(r)}`, `${b}幢`],
        [`${b}#${u}门${r}`, `${b}#`],
        [`Tower ${b} Flat ${r}`, `tower ${b}`],
      ),
    ),
  fc
    .tuple(
      fc.constantFrom('li.lei', 'zhang_88', 'W-2020'),
      fc.constantFrom('qq.com', '163.com', 'mail.example.cn'),
    )
    .map(([u, d]): readonly [string, string] => [`邮箱${u}@${d}`, u.toLowerCase()]),
  fc
    .tuple(
      fc.constantFrom('微信', '微信号：', 'vx ', 'VX:', 'wx是'),
      fc.constantFrom('lilei2020', 'zhang_88', 'abcdef'),
    )
    .map(([w, id]): readonly [string, string] => [`${w}${id}`, id]),
)
