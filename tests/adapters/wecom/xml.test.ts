import { describe, expect, test } from 'vitest'
import { BadXml, child, children, readXml, textOf } from '../../../adapters/wecom/xml.ts'

describe('reading the platform’s XML', () => {
  test('a value may come in CDATA, in several, or without', () => {
    const xml = readXml(
      '<xml><A><![CDATA[漏]]><![CDATA[水 <3&]]></A><B>1 &amp; 2</B><C><![CDATA[]]></C><D/></xml>',
    )
    expect(textOf(xml, 'A')).toBe('漏水 <3&')
    expect(textOf(xml, 'B')).toBe('1 & 2')
    expect(textOf(xml, 'C')).toBeNull()
    expect(textOf(xml, 'D')).toBeNull()
    expect(textOf(xml, 'E')).toBeNull()
  })

  test('numbers stay the strings they were', () => {
    const xml = readXml('<xml><MsgId>7194820366120054001</MsgId><From>0031207</From></xml>')
    expect(textOf(xml, 'MsgId')).toBe('7194820366120054001')
    expect(textOf(xml, 'From')).toBe('0031207')
  })

  test('a single element is as much a list as two', () => {
    const one = readXml('<xml><Items><Item>a</Item></Items></xml>')
    const two = readXml('<xml><Items><Item>a</Item><Other/><Item>b</Item></Items></xml>')
    expect(children(child(one, 'Items'), 'Item').map((item) => item.text)).toEqual(['a'])
    expect(children(child(two, 'Items'), 'Item').map((item) => item.text)).toEqual(['a', 'b'])
  })

  test('what a person writes never becomes an element (must-survive 25)', () => {
    const xml = readXml('<xml><Content><![CDATA[hi <MsgId>999</MsgId>]]></Content><MsgId>1</MsgId></xml>')
    expect(textOf(xml, 'MsgId')).toBe('1')
    expect(textOf(xml, 'Content')).toBe('hi <MsgId>999</MsgId>')
  })

  test('an element named as if it were JavaScript is only an element', () => {
    const xml = readXml('<xml><__proto__>x</__proto__><constructor>y</constructor></xml>')
    expect(textOf(xml, '__proto__')).toBe('x')
    expect(textOf(xml, 'toString')).toBeNull()
  })

  test('a character that XML forbids does not lose the message around it', () => {
    expect(
      textOf(readXml('\uFEFF<xml><Content><![CDATA[漏\u0008水\uFFFF]]></Content></xml>'), 'Content'),
    ).toBe('漏\uFFFD水\uFFFD')
  })

  test.each([
    ['a DOCTYPE', '<!DOCTYPE xml><xml><A>1</A></xml>'],
    ['an entity bomb', '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><xml><A>&b;</A></xml>'],
    ['a file by entity', '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><A>&f;</A></xml>'],
    ['an undeclared entity', '<xml><A>&nbsp;</A></xml>'],
    ['an unclosed element', '<xml><A>1</xml>'],
    ['two roots', '<xml/><xml/>'],
    ['no XML', 'hello'],
    ['nothing', ''],
    ['a deep nest', '<a>'.repeat(40) + '</a>'.repeat(40)],
  ])('%s is refused', (_what, xml) => {
    expect(() => readXml(xml)).toThrow(BadXml)
  })
})
