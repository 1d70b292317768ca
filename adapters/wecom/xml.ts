import { SaxesParser } from 'saxes'

/** An element as it stands: all text below it directly, and its children by name, always as a list. */
export interface XmlElement {
  readonly text: string
  readonly children: ReadonlyMap<string, readonly XmlElement[]>
}

/** Not XML that the platform would send: broken, declaring a DOCTYPE or entities of its own, or absurdly deep. */
export class BadXml extends Error {}

/** The platform nests 5 deep (OptionId in OptionIds in SelectedItem in SelectedItems in xml). */
const DEEPEST = 32

interface Growing {
  readonly name: string
  text: string
  readonly children: Map<string, XmlElement[]>
}

/**
 * Reads by structure, never by pattern: a person who writes `<MsgId>9</MsgId>` writes text. Values stay strings, since
 * message ids exceed 2^53 and user ids start with zeros. Returns the root element, whatever its name.
 * @throws BadXml
 */
export function readXml(xml: string): XmlElement {
  const parser = new SaxesParser()
  const open: Growing[] = []
  let root: XmlElement | null = null

  parser.on('doctype', () => {
    throw new BadXml('a DOCTYPE is refused')
  })
  // Entities other than the five of XML itself are errors here, since nothing can declare them.
  parser.on('error', (error) => {
    throw new BadXml(`broken at line ${parser.line}`, { cause: error })
  })
  parser.on('opentag', (tag) => {
    if (open.length >= DEEPEST) throw new BadXml('nested too deep')
    open.push({ name: tag.name, text: '', children: new Map() })
  })
  const addText = (text: string): void => {
    const element = open.at(-1)
    if (element) element.text += text
  }
  // One value may come in several CDATA sections, or in none.
  parser.on('cdata', addText)
  parser.on('text', addText)
  parser.on('closetag', () => {
    const element = open.pop()
    if (!element) return
    const parent = open.at(-1)
    if (!parent) {
      root = element
      return
    }
    const siblings = parent.children.get(element.name)
    if (siblings) siblings.push(element)
    else parent.children.set(element.name, [element])
  })

  parser.write(withoutForbidden(xml)).close()
  if (root === null) throw new BadXml('no element')
  return root
}

/** The children of that name; empty when there are none. */
export function children(element: XmlElement | null, name: string): readonly XmlElement[] {
  return element?.children.get(name) ?? []
}

/** The first child of that name. */
export function child(element: XmlElement | null, name: string): XmlElement | null {
  return children(element, name)[0] ?? null
}

/** The text of the first child of that name; null when it is missing or empty, which the platform means alike. */
export function textOf(element: XmlElement | null, name: string): string | null {
  return child(element, name)?.text || null
}

/** XML 1.0 forbids some characters that people can send; their message must not be lost for one of them. */
function withoutForbidden(xml: string): string {
  return xml
    .replace(/^\uFEFF/, '')
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
}
