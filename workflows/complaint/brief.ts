import type { Complaint, ComplaintBrief } from './state.ts'
import { openPromise } from './told.ts'

/** A complaint as other aggregates see it. */
export function briefOf(c: Complaint): ComplaintBrief {
  return {
    id: c.id,
    number: c.number,
    estate: c.estate,
    person: c.person,
    status: c.status,
    kind: c.kind,
    code: c.code,
    severity: c.severity,
    summary: c.about.summary,
    place: c.about.place,
    owner: c.owner,
    accepted: c.marks.accepted !== null,
    subjects: c.subjects,
    promise: openPromise(c),
    receivedAt: c.marks.received,
    closedAt: c.marks.closed,
    danger: c.danger,
    question: c.question,
    checkCode: c.checkCode,
  }
}
