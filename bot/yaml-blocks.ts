import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml'
import type { z } from 'zod'
import { didYouMean } from './did-you-mean.ts'

/** What is wrong at one place of a file: what was read there and what is allowed. Lines and columns count from 1. */
export interface Problem {
  readonly line: number
  readonly column: number
  readonly message: string
}

/** Where a value stands: for messages about it that come later, such as a second use of the same name. */
export interface Place {
  /** `estates[0].staff[2].role` */
  readonly path: string
  readonly offset: number
}

/** A value with its place, so that it can be checked against others. */
export interface Placed<T> {
  readonly value: T
  readonly place: Place
}

/**
 * Reads a YAML file block by block and collects every problem with its line, instead of stopping at the first. Every
 * scalar is taken as it is written (a telephone number keeps its leading zero, `no` stays a word); zod schemas say what
 * a value may be, and their message says what is allowed. A value that cannot be used reads as undefined.
 */
export class YamlFile {
  readonly problems: Problem[] = []
  private readonly lines = new LineCounter()
  private readonly document

  constructor(text: string) {
    this.document = parseDocument(text, { schema: 'failsafe', lineCounter: this.lines, prettyErrors: false })
    const rubbish = text.indexOf('\ufffd')
    if (rubbish >= 0) {
      const place = { path: '', offset: rubbish }
      this.wrong(
        place,
        'a character that is not UTF-8',
        'a file saved as UTF-8 (not as ANSI, GBK or Unicode)',
      )
    }
    for (const error of this.document.errors) {
      this.problem({ path: '', offset: error.pos[0] }, `this is no YAML: ${error.message}`)
    }
  }

  /** The whole file as a block; null (and a problem) when it is none. Do not go on where the YAML itself is broken. */
  root(): Block | null {
    const node = this.document.contents
    const place = { path: '', offset: node?.range?.[0] ?? 0 }
    return this.block(node, place, 'keys such as company and estates')
  }

  block(node: Node | null | undefined, place: Place, allowed: string): Block | null {
    const real = this.resolved(node)
    if (isMap(real)) return new Block(this, real, place)
    this.wrong(place, shown(real), allowed)
    return null
  }

  value<T>(node: Node | null | undefined, place: Place, schema: z.ZodType<T>): T | undefined {
    const real = this.resolved(node)
    const parsed = schema.safeParse(isScalar(real) ? String(real.value) : undefined)
    if (parsed.success) return parsed.data
    this.wrong(place, shown(real), parsed.error.issues.map((issue) => issue.message).join('; '))
    return undefined
  }

  items(node: Node | null | undefined, place: Place, allowed: string): Item[] {
    const real = this.resolved(node)
    if (!isSeq(real)) {
      this.wrong(place, shown(real), allowed)
      return []
    }
    return real.items.map((item, i) => {
      const child = item as Node | null
      const path = `${place.path}[${i}]`
      return new Item(this, child, { path, offset: child?.range?.[0] ?? place.offset })
    })
  }

  wrong(place: Place, read: string, allowed: string): void {
    this.problem(place, `read ${read}; allowed: ${allowed}`)
  }

  problem(place: Place, message: string): void {
    const { line, col } = this.lines.linePos(place.offset)
    this.problems.push({
      line,
      column: col,
      message: place.path === '' ? message : `${place.path}: ${message}`,
    })
  }

  lineOf(place: Place): number {
    return this.lines.linePos(place.offset).line
  }

  resolved(node: Node | null | undefined): Node | null | undefined {
    return isAlias(node) ? node.resolve(this.document) : node
  }
}

/** An entry of a list. */
export class Item {
  readonly place: Place
  private readonly file: YamlFile
  private readonly node: Node | null

  constructor(file: YamlFile, node: Node | null, place: Place) {
    this.file = file
    this.node = node
    this.place = place
  }

  isText(): boolean {
    return isScalar(this.file.resolved(this.node))
  }

  block(allowed: string): Block | null {
    return this.file.block(this.node, this.place, allowed)
  }

  value<T>(schema: z.ZodType<T>): T | undefined {
    return this.file.value(this.node, this.place, schema)
  }
}

/** A set of keys. Whoever reads it asks for every key it may have, then calls `finish`, which refuses the others. */
export class Block {
  readonly place: Place
  private readonly file: YamlFile
  private readonly pairs = new Map<
    string,
    { readonly key: Place; readonly node: Node | null; readonly at: Place }
  >()
  private readonly asked: string[] = []

  constructor(file: YamlFile, map: YAMLMap, place: Place) {
    this.file = file
    this.place = place
    for (const pair of map.items) {
      const key = pair.key as Node | null
      const node = pair.value as Node | null
      const name = isScalar(key) ? String(key.value) : '?'
      const path = place.path === '' ? name : `${place.path}.${name}`
      const offset = key?.range?.[0] ?? place.offset
      this.pairs.set(name, {
        key: { path, offset },
        node,
        at: { path, offset: isEmpty(node) ? offset : (node?.range?.[0] ?? offset) },
      })
    }
  }

  /** The keys that are there. */
  keys(): readonly string[] {
    return [...this.pairs.keys()]
  }

  /** A key with nothing after it counts as left out: its lines may be commented out. */
  has(key: string): boolean {
    this.asked.push(key)
    const pair = this.pairs.get(key)
    return pair !== undefined && !isEmpty(pair.node)
  }

  /** Where a key's value stands, or where it would have to. */
  at(key: string): Place {
    return this.pairs.get(key)?.at ?? this.place
  }

  required<T>(key: string, schema: z.ZodType<T>): T | undefined {
    if (this.has(key)) return this.file.value(this.pairs.get(key)?.node, this.at(key), schema)
    const nothing = schema.safeParse(undefined).error
    const allowed = nothing?.issues.map((issue) => issue.message).join('; ') ?? 'a value'
    this.missing(key, allowed)
    return undefined
  }

  optional<T>(key: string, schema: z.ZodType<T>): T | undefined {
    return this.has(key) ? this.file.value(this.pairs.get(key)?.node, this.at(key), schema) : undefined
  }

  /** A block inside this one; null where it is left out or is none. */
  block(key: string, allowed: string): Block | null {
    return this.has(key) ? this.file.block(this.pairs.get(key)?.node, this.at(key), allowed) : null
  }

  /** The entries of a list; none where it is left out. */
  items(key: string, allowed: string): Item[] {
    return this.has(key) ? this.file.items(this.pairs.get(key)?.node, this.at(key), allowed) : []
  }

  /** Text, or a list of it. */
  isText(key: string): boolean {
    return isScalar(this.file.resolved(this.pairs.get(key)?.node))
  }

  missing(key: string, allowed: string): void {
    this.file.problem(this.pairs.get(key)?.key ?? this.place, `“${key}” is missing; allowed: ${allowed}`)
  }

  /** Refuses every key nobody asked for. */
  finish(): void {
    for (const [name, pair] of this.pairs) {
      if (this.asked.includes(name)) continue
      const allowed = `allowed: ${[...new Set(this.asked)].join(', ')}`
      const hint = didYouMean(name, this.asked)
      this.file.problem(
        pair.key,
        `unknown key “${clipped(name)}”; ${hint === '' ? allowed : `${hint} ${allowed}`}`,
      )
    }
  }
}

const isEmpty = (node: Node | null): boolean =>
  node === null || (isScalar(node) && node.type === 'PLAIN' && node.value === '')

function shown(node: Node | null | undefined): string {
  if (isMap(node)) return 'a set of keys'
  if (isSeq(node)) return 'a list'
  if (!isScalar(node)) return 'nothing'
  return `“${clipped(masked(String(node.value)))}”`
}

const clipped = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text)

/** Errors end in logs: a telephone number keeps only its ends. A date is none. */
const masked = (text: string): string =>
  text.replace(/\d(?:[ -]?\d){6,}/g, (digits) =>
    /^\d{4}-\d\d-\d\d$/.test(digits) ? digits : `${digits.slice(0, 3)}****${digits.slice(-4)}`,
  )
