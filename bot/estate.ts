import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Building, Company, DutyShift, Estate, Role, Staff, Words } from '../workflows/estate.ts'
import type { EstateId, StaffId } from '../workflows/ids.ts'
import { codes, type Code } from '../workflows/taxonomy.ts'
import { readCalendar } from './estate-calendar.ts'
import { readPolicy } from './estate-policy.ts'
import * as values from './estate-values.ts'
import { type Block, type Place, type Problem, YamlFile } from './yaml-blocks.ts'

/** The company and its estates, and what is allowed but worth a look (`yearWarnings` aside); version 0 until it is stored. */
export interface EstateReading {
  readonly company: Company
  readonly warnings: readonly string[]
}

/** An estate file that cannot be used, with everything that is wrong in it. Telephone numbers are masked. */
export class EstateError extends Error {
  readonly problems: readonly Problem[]

  constructor(fileName: string, problems: readonly Problem[]) {
    const lines = problems.map(({ line, column, message }) => `  ${fileName}:${line}:${column} ${message}`)
    super(`${fileName} cannot be used:\n${lines.join('\n')}`)
    this.problems = problems
  }
}

/** The commented sample beside package.json, wherever this file runs from (source or `dist`). */
export function sampleEstateFile(): string {
  const beside = ['..', '../..'].map((up) => join(import.meta.dirname, up, 'estate.example.yaml'))
  return beside.find((path) => existsSync(path)) ?? 'estate.example.yaml'
}

/**
 * Parses and checks `estate.yaml`. Throws `EstateError` with all problems at once. In a file of one estate, `company` may
 * be left out: the estate's name and phone serve, and its quality department and admins may stand among its staff.
 */
export function readEstate(text: string, fileName: string): EstateReading {
  const file = new YamlFile(text)
  // Half-read YAML would only produce problems nobody caused.
  const root = file.problems.length === 0 ? file.root() : null
  const company = root ? readCompany(file, root) : null
  if (!company || file.problems.length > 0) {
    throw new EstateError(
      fileName,
      [...file.problems].sort((a, b) => a.line - b.line || a.column - b.column),
    )
  }
  return { company, warnings: warningsOf(company) }
}

/** Names that must be unique, with the place of their first use. */
class Names {
  private readonly file: YamlFile
  private readonly what: string
  private readonly first = new Map<string, Place>()

  constructor(file: YamlFile, what: string) {
    this.file = file
    this.what = what
  }

  claim(name: string | undefined, place: Place, key = name): void {
    if (name === undefined || key === undefined) return
    const taken = this.first.get(key)
    if (taken)
      this.file.problem(
        place,
        `the ${this.what} “${name}” is already used in line ${this.file.lineOf(taken)}; allowed: one use`,
      )
    else this.first.set(key, place)
  }
}

interface Reading {
  readonly file: YamlFile
  readonly estateIds: Names
  readonly staffIds: Names
  readonly wecomIds: Names
}

function readCompany(file: YamlFile, root: Block): Company | null {
  const reading: Reading = {
    file,
    estateIds: new Names(file, 'estate id'),
    staffIds: new Names(file, 'staff id'),
    wecomIds: new Names(file, 'wecom userid'),
  }
  const block = root.block('company', 'keys such as name, phone and staff')
  const name = block?.required('name', values.nameText)
  const phone = block?.required('phone', values.phone)
  const own = block ? readStaff(reading, block) : { staff: [], ids: [] }
  block?.finish()

  const entries = root.items('estates', 'a list of estates')
  const estates = entries.flatMap((item) => {
    const estate = item.block('the keys of an estate, such as id, name and phone')
    return estate ? [readOneEstate(reading, estate, own.ids, entries.length === 1)] : []
  })
  if (entries.length === 0) root.missing('estates', 'a list of at least one estate')
  if (!root.has('company') && entries.length > 1)
    root.missing(
      'company',
      'a name and the phone told in danger while the estate is unknown, as there are several estates',
    )
  root.finish()

  const whole = estates.filter((estate) => estate !== null)
  const [only] = whole
  const companyName = name ?? only?.name
  const companyPhone = phone ?? only?.phone
  if (companyName === undefined || companyPhone === undefined) return null
  const lifted = whole.flatMap((estate) => estate.staff.filter(belongsToCompany))
  return {
    version: 0,
    name: companyName,
    phone: companyPhone,
    staff: [...own.staff, ...lifted],
    estates: whole.map((estate) => ({
      ...estate,
      staff: estate.staff.filter((person) => !belongsToCompany(person)),
    })),
  }
}

const belongsToCompany = (person: Staff): boolean => person.role === 'quality' || person.role === 'admin'

function readOneEstate(
  reading: Reading,
  block: Block,
  companyIds: readonly string[],
  alone: boolean,
): Estate | null {
  const { file } = reading
  const id = block.required('id', values.idText)
  reading.estateIds.claim(id, block.at('id'))
  const name = block.required('name', values.nameText)
  const phone = block.required('phone', values.phone)
  const buildingNames = new Names(file, 'building')
  const buildings = block
    .items('buildings', 'a list of buildings')
    .flatMap((item) => readBuilding(item, buildingNames))
  const { staff, ids } = readStaff(reading, block, { buildings, alone })
  const someoneWorks = staff.some((person) => person.active && !belongsToCompany(person))
  if (!someoneWorks && staff.length === ids.length)
    file.problem(
      block.at('staff'),
      'nobody works here; allowed: at least one active operator, staff, supervisor or manager',
    )
  const calendar = readCalendar(file, block.block('calendar', 'keys such as timezone and windows'))
  const duty = block.items('duty', 'a list of shifts').flatMap((item) => {
    const shift = item.block('the keys of a shift, such as department, days, shift and staff')
    return shift ? readShift(file, shift, [...ids, ...companyIds], buildings) : []
  })
  const policy = readPolicy(file, block.block('policy', 'steps such as accept and resolve'))
  const hotlines = readHotlines(block.block('hotlines', 'names with telephone numbers, such as gas and lift'))
  const words = readWords(
    file,
    block.block('words', 'codes with the words that mean them, such as SE04: [快递超市]'),
  )
  block.finish()
  if (id === undefined || name === undefined || phone === undefined) return null
  return { id: id as EstateId, name, phone, buildings, staff, calendar, duty, policy, hotlines, words }
}

/** `{ name: 3栋, units: [1, 2], floors: 18 }`, or the name alone. */
function readBuilding(item: ReturnType<Block['items']>[number], names: Names): Building[] {
  if (item.isText()) {
    const name = item.value(values.nameText)
    names.claim(name, item.place, name && buildingKey(name))
    return name === undefined ? [] : [{ name, units: [], floors: null }]
  }
  const block = item.block('a name such as 3栋, or { name: 3栋, units: [1, 2], floors: 18 }')
  if (!block) return []
  const name = block.required('name', values.nameText)
  names.claim(name, block.at('name'), name && buildingKey(name))
  const units = block
    .items('units', 'a list such as [1, 2]')
    .flatMap((unit) => unit.value(values.unitName) ?? [])
  const floors = block.optional('floors', values.floors) ?? null
  block.finish()
  return name === undefined ? [] : [{ name, units: [...new Set(units)], floors }]
}

/** Residents say 3栋, 3号楼 or ３幢 of the same house, so two houses must not differ in that alone. */
const buildingKey = (name: string): string => name.normalize('NFKC').replace(/[栋幢座楼号#\s]/g, '')

interface EstateOf {
  readonly buildings: readonly Building[]
  /** The only estate of the file, whose staff may hold the company's roles. */
  readonly alone: boolean
}

/** The staff of an estate, or (without one) of the company. `ids` also holds people who could not be read whole. */
function readStaff(reading: Reading, block: Block, estate?: EstateOf): { staff: Staff[]; ids: string[] } {
  const staff: Staff[] = []
  const ids: string[] = []
  for (const item of block.items('staff', 'a list of people')) {
    const person = item.block('the keys of a person, such as id, name and role')
    if (!person) {
      ids.push('')
      continue
    }
    const id = person.required('id', values.idText)
    ids.push(id ?? '')
    reading.staffIds.claim(id, person.at('id'))
    const read = readPerson(reading, person, id, estate)
    if (read) staff.push(read)
  }
  return { staff, ids }
}

function readPerson(
  reading: Reading,
  person: Block,
  id: string | undefined,
  estate?: EstateOf,
): Staff | null {
  const name = person.required('name', values.nameText)
  const role = person.required('role', values.role)
  const wecom = person.optional('wecom', values.wecomId)
  reading.wecomIds.claim(wecom, person.at('wecom'))
  const departments = person
    .items('departments', 'a list such as [工程, 客服]')
    .flatMap((item) => item.value(values.department) ?? [])
  const buildings = estate ? readBuildingNames(reading.file, person, estate.buildings) : []
  const phone = person.optional('phone', values.phone) ?? null
  const active = person.optional('active', values.yesOrNo) ?? true
  person.finish()
  refuseMisplacedRole(reading.file, person.at('role'), role, estate)
  if (id === undefined || name === undefined || role === undefined) return null
  return { id: id as StaffId, name, wecom: wecom ?? null, role, departments, buildings, phone, active }
}

function refuseMisplacedRole(file: YamlFile, place: Place, role: Role | undefined, estate?: EstateOf): void {
  if (!estate || estate.alone || (role !== 'quality' && role !== 'admin')) return
  file.problem(
    place,
    `${role} works for the whole company; allowed: under company.staff, as there are several estates`,
  )
}

/** Names of buildings as the estate writes them, however they are written here. */
function readBuildingNames(file: YamlFile, block: Block, known: readonly Building[]): string[] {
  return block.items('buildings', 'a list of buildings of this estate').flatMap((item) => {
    const name = item.value(values.nameText)
    if (name === undefined) return []
    const building = known.find((candidate) => buildingKey(candidate.name) === buildingKey(name))
    if (building) return [building.name]
    const names = known.map((candidate) => candidate.name).join(', ')
    file.wrong(item.place, `the building “${name}”`, `buildings of this estate: ${names || 'none is listed'}`)
    return []
  })
}

function readShift(
  file: YamlFile,
  block: Block,
  known: readonly string[],
  buildings: readonly Building[],
): DutyShift[] {
  const department = block.optional('department', values.department) ?? null
  const where = readBuildingNames(file, block, buildings)
  const weekdays = block.has('days') ? block.required('days', values.weekdays) : [1, 2, 3, 4, 5, 6, 7]
  const shift = block.required('shift', values.window)
  const people = block.items('staff', 'a list of staff ids such as [zhang]')
  const staff = people.flatMap((item): StaffId[] => {
    const id = item.value(values.idText)
    if (id === undefined) return []
    if (known.includes(id)) return [id as StaffId]
    file.wrong(
      item.place,
      `the staff id “${id}”`,
      `people of this estate or the company: ${known.filter(Boolean).join(', ')}`,
    )
    return []
  })
  if (people.length === 0) block.missing('staff', 'at least one staff id')
  block.finish()
  return weekdays && shift ? [{ department, buildings: where, days: weekdays, shift, staff }] : []
}

/** Rescuers and utilities, by the names the phrases know. */
const hotlineNames = ['gas', 'lift', 'water', 'power', 'heating', 'street', 'cityManagement']

function readHotlines(block: Block | null): Readonly<Record<string, string>> {
  const numbers: [string, string][] = []
  for (const name of block ? hotlineNames : []) {
    const number = block?.optional(name, values.phone)
    if (number !== undefined) numbers.push([name, number])
  }
  block?.finish()
  return Object.fromEntries(numbers)
}

/** `SE04: [快递超市, 菜鸟屋]`: what people of this estate say when they mean that code. */
function readWords(file: YamlFile, block: Block | null): Words {
  const taken = new Names(file, 'word')
  const entries = (block ? codes : []).map((code): [Code, readonly string[]] => {
    const items = block?.items(code, 'a list of words') ?? []
    const words = items.flatMap((item) => {
      const word = item.value(values.ownWord)
      taken.claim(word, item.place)
      return word ?? []
    })
    return [code, words]
  })
  block?.finish()
  return Object.fromEntries(entries.filter(([, words]) => words.length > 0))
}

function warningsOf(company: Company): string[] {
  const warnings: string[] = []
  const working = company.staff.filter((person) => person.active)
  if (!working.some((person) => person.role === 'quality'))
    warnings.push('nobody has the role quality: escalations end at the managers')
  const unreachable = [...company.staff, ...company.estates.flatMap((estate) => estate.staff)].filter(
    (person) => person.active && person.role !== 'admin' && person.wecom === null,
  )
  if (unreachable.length > 0)
    warnings.push(
      `no wecom userid, so nothing can be pushed to: ${unreachable.map((person) => person.id).join(', ')}`,
    )
  for (const estate of company.estates) warnings.push(...estateWarnings(company, estate))
  return warnings
}

function estateWarnings(company: Company, estate: Estate): string[] {
  const warnings: string[] = []
  const here = [...estate.staff, ...company.staff].filter((person) => person.active)
  for (const role of ['supervisor', 'manager'] as const) {
    if (!here.some((person) => person.role === role))
      warnings.push(`estate ${estate.id}: nobody has the role ${role}: escalations skip that level`)
  }
  if (estate.buildings.length === 0)
    warnings.push(`estate ${estate.id}: no buildings are listed: any is believed`)
  const away = estate.duty
    .flatMap((shift) => shift.staff)
    .filter((id) => !here.some((person) => person.id === id))
  if (away.length > 0)
    warnings.push(`estate ${estate.id}: on duty although not active: ${[...new Set(away)].join(', ')}`)
  return warnings
}
