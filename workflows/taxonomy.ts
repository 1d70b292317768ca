/**
 * The two-level taxonomy of domain.md section 3: what is wrong, which department owns it, whose duty it is by law.
 * Party: P property, D developer's warranty, U utility, G government or police, O owners' body, N neighbours; an
 * arrow means the property dissuades and records, then reports.
 */
export const departments = ['客服', '工程', '秩序', '环境', '财务', '品质', '经理'] as const
export type Department = (typeof departments)[number]

/** The first level: the column of domain.md 2.3 that sets how fast it must be looked at and resolved. */
export const families = [
  'EM',
  'EL',
  'FS',
  'UT',
  'RP',
  'CL',
  'PO',
  'GR',
  'SE',
  'PK',
  'NS',
  'RN',
  'FE',
  'ST',
  'CM',
  'PV',
  'OT',
  'SG',
] as const
export type Family = (typeof families)[number]

/** The values of `category` in the outside contract. */
export const categories = [
  'leak',
  'facility',
  'elevator',
  'utility',
  'noise',
  'pollution',
  'sanitation',
  'greenery',
  'security',
  'parking',
  'fee',
  'service',
  'governance',
  'neighbour',
  'fire',
  'construction',
  'pet',
  'delivery',
  'developer',
  'other',
] as const
export type Category = (typeof categories)[number]

export interface TaxonomyEntry {
  readonly name: string
  readonly department: Department
  readonly category: Category
  readonly party: string
}

const table = {
  EM01: { name: '火情冒烟', department: '秩序', category: 'fire', party: 'P+G 119' },
  EM02: { name: '燃气泄漏', department: '秩序', category: 'utility', party: 'U' },
  EM03: { name: '人员伤病', department: '秩序', category: 'other', party: 'G 120' },
  EM04: { name: '治安冲突', department: '秩序', category: 'security', party: 'G 110' },
  EM05: { name: '坠物险情', department: '工程', category: 'facility', party: 'P/D' },
  EM06: { name: '触电水淹', department: '工程', category: 'utility', party: 'P/U' },
  EM07: { name: '坍塌开裂', department: '工程', category: 'facility', party: 'P/D' },
  EM08: { name: '轻生', department: '秩序', category: 'other', party: 'G 110/120' },
  EM09: { name: '被困(非电梯)', department: '秩序', category: 'other', party: 'P+G 119' },
  EL01: { name: '电梯困人', department: '工程', category: 'elevator', party: 'P' },
  EL02: { name: '电梯停运', department: '工程', category: 'elevator', party: 'P/O' },
  EL03: { name: '运行异常', department: '工程', category: 'elevator', party: 'P' },
  FS01: { name: '通道堵塞', department: '秩序', category: 'fire', party: 'P→G' },
  FS02: { name: '消防设施', department: '工程', category: 'fire', party: 'P' },
  FS03: { name: '电动车充电', department: '秩序', category: 'fire', party: 'P→G' },
  UT01: { name: '停水水质', department: '工程', category: 'utility', party: 'U; 二次供水 P/U' },
  UT02: { name: '停电', department: '工程', category: 'utility', party: 'U; 公区 P' },
  UT03: { name: '供暖', department: '工程', category: 'utility', party: 'U/P' },
  UT04: { name: '通信网络', department: '客服', category: 'utility', party: 'U' },
  RP01: { name: '公共管道', department: '工程', category: 'leak', party: 'P' },
  RP02: { name: '公共设施', department: '工程', category: 'facility', party: 'P' },
  RP03: { name: '外墙屋面渗漏', department: '工程', category: 'leak', party: 'D/P/O' },
  RP04: { name: '户内维修', department: '工程', category: 'facility', party: '业主委托' },
  RP05: { name: '维修质量', department: '工程', category: 'service', party: 'P' },
  RP06: { name: '保修期问题', department: '客服', category: 'developer', party: 'D' },
  CL01: { name: '公区脏乱', department: '环境', category: 'sanitation', party: 'P' },
  CL02: { name: '垃圾异味', department: '环境', category: 'sanitation', party: 'P/G' },
  CL03: { name: '虫鼠消杀', department: '环境', category: 'sanitation', party: 'P' },
  PO01: { name: '油烟异味', department: '环境', category: 'pollution', party: 'P→G' },
  GR01: { name: '养护不良', department: '环境', category: 'greenery', party: 'P' },
  GR02: { name: '树木隐患', department: '环境', category: 'greenery', party: 'P/G' },
  SE01: { name: '门岗失管', department: '秩序', category: 'security', party: 'P' },
  SE02: { name: '巡逻监控门禁', department: '秩序', category: 'security', party: 'P' },
  SE03: { name: '失窃损坏', department: '秩序', category: 'security', party: 'G+P' },
  SE04: { name: '快递外卖', department: '秩序', category: 'delivery', party: 'P' },
  PK01: { name: '乱停占位', department: '秩序', category: 'parking', party: 'P/N' },
  PK02: { name: '车位租售', department: '财务', category: 'parking', party: 'P/D/O' },
  PK05: { name: '停车收费', department: '财务', category: 'fee', party: 'P/D/O' },
  PK03: { name: '车辆剐蹭', department: '秩序', category: 'parking', party: 'N+G' },
  PK04: { name: '充电桩', department: '工程', category: 'parking', party: 'P/U' },
  NS01: { name: '邻里噪声', department: '客服', category: 'noise', party: 'N→G' },
  NS02: { name: '装修噪声', department: '秩序', category: 'noise', party: 'P→G' },
  NS03: { name: '设备商铺噪声', department: '工程', category: 'noise', party: 'P/G' },
  NS04: { name: '宠物', department: '秩序', category: 'pet', party: 'P→G' },
  NS05: { name: '高空抛物', department: '秩序', category: 'neighbour', party: 'G+P' },
  NS06: { name: '户间渗水', department: '客服', category: 'leak', party: 'N' },
  RN01: { name: '违规装修', department: '秩序', category: 'construction', party: 'P→G' },
  RN02: { name: '违建占用', department: '秩序', category: 'construction', party: 'P→G' },
  RN03: { name: '群租住改商', department: '客服', category: 'construction', party: 'P→G' },
  FE01: { name: '物业费', department: '财务', category: 'fee', party: 'P' },
  FE02: { name: '公摊水电', department: '财务', category: 'fee', party: 'P' },
  FE03: { name: '退费押金', department: '财务', category: 'fee', party: 'P' },
  FE04: { name: '公共收益维修金', department: '经理', category: 'governance', party: 'P/O' },
  ST01: { name: '态度', department: '品质', category: 'service', party: 'P' },
  ST02: { name: '推诿不回', department: '品质', category: 'service', party: 'P' },
  ST03: { name: '违纪索要', department: '品质', category: 'service', party: 'P' },
  CM01: { name: '业委会表决', department: '经理', category: 'governance', party: 'O/G' },
  CM02: { name: '换物业合同', department: '经理', category: 'governance', party: 'O' },
  CM03: { name: '公示缺失', department: '经理', category: 'governance', party: 'P' },
  PV01: { name: '信息泄露', department: '品质', category: 'other', party: 'P' },
  PV02: { name: '人脸监控', department: '经理', category: 'security', party: 'P' },
  OT01: { name: '其他', department: '客服', category: 'other', party: 'P' },
  SG01: { name: '建议', department: '客服', category: 'other', party: 'P' },
  SG02: { name: '表扬', department: '客服', category: 'other', party: 'P' },
  SG03: { name: '咨询', department: '客服', category: 'other', party: 'P' },
} as const satisfies Record<string, TaxonomyEntry>

export type Code = keyof typeof table

export const taxonomy: Readonly<Record<Code, TaxonomyEntry>> = table
export const codes = Object.keys(table) as Code[]

export const familyOf = (code: Code): Family => code.slice(0, 2) as Family

/**
 * Places all may use, where others' open case may be offered as the same; never where a person or a household is
 * complained about (rule 16).
 */
export const publicCodes: ReadonlySet<Code> = new Set<Code>([
  'EL02',
  'EL03',
  'FS01',
  'FS02',
  'UT01',
  'UT02',
  'UT03',
  'UT04',
  'RP01',
  'RP02',
  'RP03',
  'CL01',
  'CL02',
  'CL03',
  'GR01',
  'GR02',
  'SE01',
  'SE02',
  'SE04',
  'PK04',
  'NS03',
])
