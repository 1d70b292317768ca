import express from 'express'
import type { Request, Response, Router } from 'express'
import { seconds } from '../../../workflows/ids.ts'
import { ApiError, errmsg } from './errors.ts'
import type { ApiFault } from './faults.ts'
import { shownMedia, uploadMedia, usableMedia } from './media.ts'
import type { StoredMedia } from './media.ts'
import { createMessages } from './messages.ts'
import { findMember, opaque } from './state.ts'
import type { Company } from './state.ts'

interface Call {
  readonly query: (name: string) => string
  readonly body: Buffer
  readonly contentType: string
}

interface Api {
  readonly method: 'GET' | 'POST'
  /** False: this one needs no access token. */
  readonly open?: boolean
  readonly answer: (call: Call) => Answer | Download | Promise<Answer>
}

/** Bytes in the place of JSON. */
class Download {
  readonly file: StoredMedia

  constructor(file: StoredMedia) {
    this.file = file
  }
}

type Answer = Record<string, unknown>

/** The HTTP API, to be mounted under `/cgi-bin`. Every answer is HTTP 200; what went wrong stands in `errcode`. */
export function createApi(company: Company): Router {
  const apis = apiTable(company)
  const router = express.Router()
  router.get('/pic/:id', (req, res) => {
    const picture = shownMedia(company, req.params.id)
    if (picture) res.type(picture.mime).send(Buffer.from(picture.bytes))
    else res.status(404).end()
  })
  router.use(express.raw({ type: () => true, limit: '25mb' }), async (req: Request, res: Response) => {
    const name = req.path.slice(1)
    const api = Object.hasOwn(apis, name) ? apis[name] : undefined
    if (!api) {
      res.status(404).type('html').send('<html><body>404 Not Found</body></html>')
      return
    }
    await answerCall(company, req, res, api, company.faults.takeApi(name))
  })
  return router
}

async function answerCall(
  company: Company,
  req: Request,
  res: Response,
  api: Api,
  fault: ApiFault | null,
): Promise<void> {
  const ip = req.socket.remoteAddress ?? '127.0.0.1'
  if (fault?.type === 'refuse') return refuse(res, new ApiError(fault.errcode), ip)
  if (fault?.type === 'status') {
    res.status(fault.status).type('html').send(`<html><head><title>${fault.status}</title></head></html>`)
    return
  }
  if (fault?.type === 'silence' && !fault.done) return
  try {
    const answer = await carryOut(company, req, api)
    if (fault?.type === 'silence') return
    if (fault?.type === 'half') return sendHalf(res, JSON.stringify(answer))
    if (answer instanceof Download) return sendFile(res, answer.file)
    res.set({ 'Error-Code': '0', 'Error-Msg': 'ok' }).json(answer)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (fault?.type === 'silence') return
    refuse(res, error, ip)
  }
}

async function carryOut(company: Company, req: Request, api: Api): Promise<Answer | Download> {
  if (req.method !== api.method) throw new ApiError(api.method === 'GET' ? 43001 : 43002)
  const query = (name: string): string => {
    const value = req.query[name]
    return typeof value === 'string' ? value : ''
  }
  if (!api.open) checkToken(company, query('access_token'))
  const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0)
  return api.answer({ query, body, contentType: req.headers['content-type'] ?? '' })
}

function apiTable(company: Company): Readonly<Record<string, Api>> {
  const messages = createMessages(company)
  return {
    gettoken: { method: 'GET', open: true, answer: ({ query }) => giveToken(company, query) },
    'message/send': { method: 'POST', answer: ({ body }) => messages.send(body.toString()) },
    'message/update_template_card': {
      method: 'POST',
      answer: ({ body }) => messages.update(body.toString()),
    },
    'message/recall': { method: 'POST', answer: ({ body }) => messages.recall(body.toString()) },
    'media/upload': {
      method: 'POST',
      answer: ({ query, contentType, body }) => uploadMedia(company, query('type'), contentType, body),
    },
    'media/get': {
      method: 'GET',
      answer: ({ query }) => {
        usableMedia(company, query('media_id'), null)
        const file = shownMedia(company, query('media_id'))
        if (!file) throw new ApiError(40007)
        return new Download(file)
      },
    },
    'user/get': { method: 'GET', answer: ({ query }) => user(company, query('userid')) },
    'agent/get': { method: 'GET', answer: ({ query }) => agent(company, query('agentid')) },
    'department/list': { method: 'GET', answer: ({ query }) => departments(query('id')) },
    getcallbackip: {
      method: 'GET',
      answer: () => ({ ip_list: ['127.0.0.1'], errcode: 0, errmsg: 'ok' }),
    },
  }
}

/** The same token to everybody who asks, while it is valid (platforms.md 1). */
function giveToken(company: Company, query: (name: string) => string): Answer {
  const { state, clock, faults } = company
  if (query('corpid') === '') throw new ApiError(41002)
  if (query('corpsecret') === '') throw new ApiError(41004)
  if (query('corpid') !== state.settings.corpId) throw new ApiError(40013)
  if (query('corpsecret') !== state.settings.secret) throw new ApiError(40001)
  const now = clock()
  const valid = state.tokens.find((token) => token.endedBy === null && token.expiresAt > now)
  const token = valid ?? {
    value: opaque(160),
    expiresAt: now + (faults.tokenLife ?? seconds(7200)),
    endedBy: null,
  }
  if (!valid) {
    state.tokens = [...state.tokens.slice(-9), token]
    company.changed()
  }
  const left = Math.floor((token.expiresAt - now) / 1000)
  return {
    errcode: 0,
    errmsg: 'ok',
    access_token: token.value,
    expires_in: faults.tokenLife === null ? left : 7200,
  }
}

function checkToken(company: Company, value: string): void {
  if (value === '') throw new ApiError(41001)
  const token = company.state.tokens.find((entry) => entry.value === value)
  if (!token) throw new ApiError(40014)
  if (token.endedBy !== null) throw new ApiError(token.endedBy)
  if (token.expiresAt <= company.clock()) throw new ApiError(42001)
}

/** As apps made after 2022-06-20 see it: no telephone, e-mail, picture or gender. */
function user(company: Company, userid: string): Answer {
  const member = findMember(company, userid)
  if (!member) throw new ApiError(60111)
  return {
    errcode: 0,
    errmsg: 'ok',
    userid: member.userid,
    name: member.name,
    department: [1],
    order: [0],
    position: '',
    is_leader_in_dept: [0],
    direct_leader: [],
    status: 1,
    main_department: 1,
    extattr: { attrs: [] },
  }
}

/** Everybody is listed one by one; the secret belongs to one app, and tells of no other. */
function agent(company: Company, id: string): Answer {
  const { settings } = company.state
  if (id === '') throw new ApiError(41011)
  if (id !== String(settings.agentId)) throw new ApiError(301002)
  return {
    errcode: 0,
    errmsg: 'ok',
    agentid: settings.agentId,
    name: '物业投诉',
    square_logo_url: '',
    description: '',
    allow_userinfos: { user: company.members.map(({ userid }) => ({ userid })) },
    allow_partys: { partyid: [] },
    allow_tags: { tagid: [] },
    close: 0,
    redirect_domain: '',
    report_location_flag: 0,
    isreportenter: 1,
    home_url: '',
    customized_publish_status: 1,
  }
}

function departments(id: string): Answer {
  if (id !== '' && id !== '1') throw new ApiError(60123)
  const root = { id: 1, name: '物业服务中心', name_en: '', parentid: 0, order: 100, department_leader: [] }
  return { errcode: 0, errmsg: 'ok', department: [root] }
}

function refuse(res: Response, error: ApiError, ip: string): void {
  const text = errmsg(error.errcode, ip)
  res
    .set({ 'Error-Code': String(error.errcode), 'Error-Msg': text })
    .json({ ...error.extra, errcode: error.errcode, errmsg: text })
}

function sendFile(res: Response, file: StoredMedia): void {
  res
    .type(file.mime)
    .set('Content-Disposition', `attachment; filename="${encodeURIComponent(file.name)}"`)
    .send(Buffer.from(file.bytes))
}

function sendHalf(res: Response, text: string): void {
  const bytes = Buffer.from(text)
  res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': bytes.length })
  res.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => res.destroy())
}
