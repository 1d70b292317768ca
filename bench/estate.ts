import { readEstate } from '../bot/estate.ts'
import type { Company } from '../workflows/estate.ts'

export const buildings = 60
export const units = 4
export const floors = 33

/** Who repairs: as many work at once as messages are in flight. */
export const repairers = 50

const handlers = Array.from({ length: repairers }, (_, i) => {
  const n = String(i + 1)
  return `      - { id: fix${n}, name: 工程${n}, wecom: Fix${n}, role: staff, departments: [工程, 秩序, 环境] }`
})

/**
 * One large estate in which nothing waits: a reply does not wait for the rest of a message, a press cannot be undone (so
 * that what it tells the resident need not wait), and nights are not quiet.
 */
export const estateFile = `
company:
  name: 安居物业
  phone: '0731-88880000'
  staff:
    - { id: wu, name: 吴品, wecom: WuPin, role: quality, departments: [品质] }
estates:
  - id: hefeng
    name: 和风苑
    phone: '0731-88881111'
    buildings:
${Array.from({ length: buildings }, (_, i) => `      - { name: ${String(i + 1)}栋, units: [1, 2, 3, 4], floors: ${String(floors)} }`).join('\n')}
    staff:
${handlers.join('\n')}
      - { id: chen, name: 陈静, wecom: ChenJing, role: operator, departments: [客服] }
      - { id: qian, name: 钱芳, wecom: QianFang, role: staff, departments: [财务] }
      - { id: li, name: 李敏, wecom: LiMin, role: supervisor, departments: [工程, 客服] }
      - { id: he, name: 何军, wecom: HeJun, role: supervisor, departments: [秩序, 环境] }
      - { id: lin, name: 林涛, wecom: LinTao, role: manager, departments: [经理, 财务] }
    calendar:
      timezone: Asia/Shanghai
      windows:
        mon-fri: ['08:30-12:00', '13:30-18:00']
        sat: ['09:00-12:00']
    policy:
      burstWait: 0s
      undo: 0s
      quietHours: none
`

export const benchCompany = (): Company => readEstate(estateFile, 'bench/estate.ts').company
