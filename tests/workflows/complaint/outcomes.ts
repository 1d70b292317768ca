import type { ComplaintEventType } from '../../../workflows/complaint/events.ts'
import { isOpen, type Status } from '../../../workflows/complaint/state.ts'

/** What one rule of the table does, as everybody else sees it. */
export interface Outcome {
  /** The state it leads to; null: stays. */
  readonly to: Status | null
  readonly timeline: readonly string[]
  /** Notices to residents; `22:` before one that goes to another conversation. */
  readonly resident: readonly string[]
  /** Notices to staff, `li:urged`; `owner` is whoever had the case before. */
  readonly staff: readonly string[]
  /** Whom a new card wakes; others' cards only change. */
  readonly cards: readonly string[]
  /** Events for other complaints. */
  readonly others: readonly string[]
  /** Minutes until the next thing is due, `same` as without the event, or `never`. */
  readonly due: string
}

/*
 * event/guard of the rule | where      | leads to  | timeline             | resident       | staff              | new cards, >events for other complaints | due
 * where: open, over, or states by name; a later row is more special. Without an owner nobody hears what an owner would.
 */
const rows = `
join/else              | open       |           | joined               | 22:registered  | owner:joined       |          | same
join/else              | over       |           |                      |                |                    | >separate | never
separate/else          | open       |           |                      |                |                    |          | same
separate/else          | over       |           |                      |                |                    |          | never
separate/else          | merged     | assigned  | separated assigned   | registered     |                    | zhang    | 60
followerSays/else      | open       |           | supplementedByFollower |              | owner:supplemented |          | same
followerSays/else | registered |  | supplementedByFollower |  | li:supplemented | li | same
followerSays/else      | over       |           | supplementedByFollower |              | owner:supplemented |          | never
inferred/else          | registered |           | raised inferred      |                |                    |          | same
inferred/else          | assigned   |           | raised inferred      |                |                    |          | 15
inferred/else          | verifying resolving |  | raised inferred      |                |                    |          | 30
inferred/else          | confirming feedback |  | raised callbackWanted inferred |      | li:brief           | li       | 1377
inferred/else          | over       |           |                      |                |                    |          | never

supplement/else        | open       |           | supplemented         | supplemented   | owner:supplemented |          | same
supplement/else | registered |  | supplemented | supplemented | li:supplemented | li | same
supplement/else        | over       |           | supplemented         | supplemented   | owner:supplemented |          | never
supplement/else        | merged     |           | supplemented         | supplemented   |                    | >followerSays | never
amend/else             | open       |           | amended              |                | owner:supplemented |          | same
amend/else | registered |  | amended |  | li:supplemented | li | same
amend/else             | over       |           | amended              |                |                    |          | never
danger/else            | open       |           | danger raised alarmRaised alarmRang | | owner:alarm       | li sun   | 1
danger/else            | registered |           | danger raised alarmRaised alarmRang | | zhang:alarm wang:alarm li:alarm sun:alarm wu:alarm zhao:alarm chen:alarm | li sun zhang wang wu zhao chen | 1
danger/else            | confirming feedback | resolving | danger raised alarmRaised alarmRang | | owner:alarm | li sun | 1
danger/else            | closed withdrawn | assigned | reopened raised assigned danger raised alarmRaised alarmRang | reopened | li:alarm | li sun | 1
danger/else            | merged     | assigned  | separated assigned danger raised alarmRaised alarmRang | registered | zhang:alarm | zhang li sun | 1
noDanger/else          | open       |           | noDanger             |                |                    |          | same
noDanger/else          | over       |           |                      |                |                    |          | never
urged/else             | open       |           | urgedByResident      | urged          | owner:residentUrged |         | same
urged/else | registered |  | urgedByResident | urged | li:residentUrged | li | same
urged/else             | merged     |           | urgedByResident      | urged          |                    | >followerSays | never
withdraw/else          | open       | withdrawn | withdrawn            | withdrawn      | owner:withdrawn    |          | never
withdraw/followed      | open       |           | withdrawn            | withdrawn      |                    |          | same
answer/else            | open       |           | answered             | answered       | owner:answered     |          | same
answer/else | registered |  | answered | answered | li:answered | li | same
answer/notAsking       | open       |           | supplemented         | supplemented   | owner:supplemented |          | same
answer/notAsking | registered |  | supplemented | supplemented | li:supplemented | li | same
answer/else            | over       |           | supplemented         | supplemented   | owner:supplemented |          | never
solved/else            | confirming | feedback  | solved               | askRating      |                    |          | 2880
solved/else            | feedback   |           |                      |                |                    |          | same
notSolved/else         | open       |           | supplemented         | supplemented   | owner:supplemented |          | same
notSolved/else | registered |  | supplemented | supplemented | li:supplemented | li | same
notSolved/else         | confirming feedback | resolving | notSolved raised failed callbackWanted | callback | owner:notSolved li:brief | li | 30
notSolved/else         | closed     | assigned  | reopened raised assigned | reopened   |                    | li       | 15
notSolved/else         | withdrawn  | assigned  | reopened raised assigned | reopened       |                    | li       | 15
reopen/else            | open       |           | supplemented         | supplemented   | owner:supplemented |          | same
reopen/else | registered |  | supplemented | supplemented | li:supplemented | li | same
reopen/else            | confirming feedback | resolving | notSolved raised failed callbackWanted | callback | owner:notSolved li:brief | li | 30
reopen/else            | closed     | assigned  | reopened raised assigned | reopened   |                    | li       | 15
reopen/else            | withdrawn  | assigned  | reopened raised assigned | reopened       |                    | li       | 15
rate/else              | feedback   | closed    | rated closed         | rated closed   | owner:rated        |          | never
rate/lowStars          | feedback   |           | rated callbackWanted | callback rated | li:brief           | li       | 60
rate/alreadyRated      | feedback   |           |                      |                |                    |          | same
rate/else              | closed     |           | rated                | rated          |                    |          | never
comment/else           | open       |           | comment              |                | owner:supplemented |          | same
comment/else           | over       |           | comment              |                | owner:supplemented |          | never
wantsPerson/else       | open       |           | wantsPerson          | personComing   | owner:wantsPerson  |          | same
wantsPerson/else | registered |  | wantsPerson | personComing | li:wantsPerson | li | same
wantsPerson/else       | confirming feedback |  | wantsPerson          | personComing   | owner:wantsPerson  |          | 210
claim/else             | open       |           | claimed              |                | owner:claim li:claim chen:claim | li chen  | same
claim/else             | over       |           |                      | 77:claimSettled |                   |          | never
forget/else            | open       |           | forgotten            | forgotten      |                    |          | same
forget/else            | over       |           | forgotten            | forgotten      |                    |          | never
forget/onHold          | open       |           | forgetWanted         | forgetLater    |                    |          | same
forget/onHold          | over       |           | forgetWanted         | forgetLater    |                    |          | never
untold/else            | open       |           | untold               |                | owner:untold       | owner    | 60
untold/else            | assigned   |           | untold               |                | owner:untold       | owner    | same
untold/else | registered |  | untold |  | li:untold | li | same
untold/else            | over       |           | untold phoneRevealed |                | owner:untold owner:phone |          | never
untold/else            | merged     |           | untold phoneRevealed |                | li:untold li:phone |          | never
exported/else          | open       |           | exported             |                |                    |          | same
exported/else          | over       |           | exported             |                |                    |          | never
unreachable/else       | open       |           | unreachable          |                | owner:unreachable  |          | same
unreachable/else | registered |  | unreachable |  | li:unreachable | li | same
unreachable/else       | over       |           |                      |                |                    |          | never

accept/else            | assigned   | verifying | accepted             | accepted       | owner:brief owner:recorded |          | 209
accept/else            | registered | verifying | accepted             | accepted       | zhang:brief zhang:recorded | zhang    | 209
accept/pastVerification | assigned  | resolving | accepted             | accepted       | owner:brief owner:recorded |          | 209
accept/pastVerification | registered | resolving | accepted            | accepted       | zhang:brief zhang:recorded | zhang    | 209
accept/else            | verifying  |           | accepted             | alarmTaken     | owner:recorded     |          | 8
accept/else            | resolving  |           | accepted             | alarmTaken     | owner:recorded     |          | 8
decline/else           | assigned   |           | declined assigned    |                | owner:recorded     | wang     | 60
handOver/else          | assigned   |           | handedOver assigned  |                | owner:recorded     | wang     | 60
handOver/else          | verifying resolving | assigned | handedOver assigned |        | owner:recorded     | wang     | 60
contact/else           | verifying  |           | contacted            | nextReport     | owner:recorded     |          | 329
contact/else           | resolving  |           | contacted            | nextReport     | owner:recorded     |          | 1438
contact/else           | registered assigned |  | contacted            | nextReport     | li:recorded        |          | same
contact/else           | confirming feedback |  | contacted            |                | owner:recorded     |          | same
revealPhone/else       | open       |           | phoneRevealed        |                | owner:phone        |          | same
revealPhone/else       | closed     |           | phoneRevealed        |                | owner:phone        |          | same
revealPhone/else       | registered assigned |  | phoneRevealed        |                | li:phone           |          | same
arrive/else            | verifying  |           | arrived              | arrived        | owner:recorded     |          | 1439
arrive/else            | resolving  |           | arrived              | arrived        | owner:recorded     |          | 1438
arrive/else            | confirming feedback |  | arrived              | arrived        | owner:recorded     |          | same
finding/else           | open       |           | finding              | finding        | owner:recorded     |          | same
ask/else               | verifying  |           | asked paused         | question       | owner:recorded     |          | 329
ask/else               | resolving  |           | asked paused         | question       | owner:recorded     |          | 1438
ask/else               | confirming feedback |  | asked                | question       | owner:recorded     |          | same
party/else             | open       |           | partyNamed           |                | owner:recorded     |          | same
hear/else              | open       |           | heard                |                | owner:recorded     |          | same
verified/else          | open       |           | verified             |                | owner:recorded     |          | same
responsibility/else    | verifying  | resolving | responsibility       |                | owner:recorded     |          | 1
responsibility/else    | resolving  |           | responsibility       |                | owner:recorded     |          | 1
responsibility/toNotAComplaint | verifying | resolving | responsibility |               | owner:recorded     |          | 1
responsibility/toNotAComplaint | resolving |   | responsibility       |                | owner:recorded     |          | 1
plan/else              | verifying  | resolving | planned              |                | owner:recorded     |          | 1
plan/else              | resolving  |           | planned              |                | owner:recorded     |          | 1
progress/else          | verifying  |           | progress             | progress       | owner:recorded     |          | 329
progress/else          | resolving  |           | progress             | progress       | owner:recorded     |          | 1438
progress/else          | confirming feedback |  | progress             | progress       | owner:recorded     |          | same
progress/donePhoto     | confirming |           | progress             |                | owner:recorded     |          | same
done/else              | verifying resolving | confirming | done      |                | owner:recorded     |          | 1
reply/else             | verifying  |           | replied              | reply          | owner:recorded     |          | 329
reply/else             | resolving  |           | replied              | reply          | owner:recorded     |          | 1438
reply/else             | confirming feedback |  | replied              | reply          | owner:recorded     |          | same
reply/serviceAnswered  | verifying resolving | closed | replied closed | reply          | owner:recorded     |          | never
undo/else              | resolving  |           | undone               |                | owner:undone       |          | 208
undo/else              | confirming | resolving | undone               |                | owner:undone       |          | 208
standDown/else         | verifying  |           | stoodDown            | stoodDown      | owner:recorded     |          | 164
standDown/else         | resolving  |           | stoodDown            | stoodDown      | owner:recorded     |          | 163
standDown/else         | confirming feedback |  | stoodDown            | stoodDown      | owner:recorded     |          | calm
cameBack/else          | open       |           |                      |                |                    |          | same
cameBack/else          | over       |           |                      |                |                    |          | never
cameBack/else          | closed     |           | cameBack effect      |                |                    |          | never
cameBack/noEffect      | closed     |           |                      |                |                    |          | never
lasted/else            | closed     |           | effect               | effective      |                    |          | never
judge/else             | closed     |           | effect               |                | li:recorded        |          | never
judge/badInWindow      | closed     | assigned  | effect reopened raised assigned | reopened | li:recorded     | li       | 15
visit/else             | open       |           | visited              |                | li:recorded        |          | same
visit/else             | registered assigned verifying resolving | | visited | nextReport     | li:recorded        |          | same
visit/else             | confirming | feedback  | visited solved       | askRating      | li:recorded        |          | 2880
recode/else            | open       |           | recoded              |                | owner:recorded     |          | same
recode/else            | registered assigned |  | recoded              |                | li:recorded        |          | same
pause/else             | verifying resolving |  | pauseWanted          |                | owner:recorded li:pauseWanted |  li | same
resume/else            | registered assigned verifying resolving | | resumed   | resumed        | li:resumed owner:recorded |    | same
resume/else            | registered |           | resumed              | resumed        | li:recorded        |          | same
transfer/else          | verifying  |           | transferred          | transferred    | owner:recorded     |          | 1439
transfer/else          | resolving  |           | transferred          | transferred    | owner:recorded     |          | 1438
takeBack/else          | open       |           | takenBack            | takenBack      | owner:recorded     |          | same
takeBack/else          | registered |           | takenBack            | takenBack      | li:recorded        |          | same
decidePause/else       | verifying resolving |  | paused               | paused         | owner:pauseDecided li:recorded | | same
seen/else              | open       |           | called               |                |                    |          | same
seen/else              | over       |           |                      |                |                    |          | never
settleClaim/else       | open       |           | claimSettled         | 77:claimSettled | owner:recorded    |          | same
footageKept/else       | open       |           | footageKept          |                | owner:recorded     |          | same
footageKept/else       | registered |           | footageKept          |                | li:recorded        |          | same
settleClaim/else       | registered |           | claimSettled         | 77:claimSettled | chen:recorded     |          | same

urge/else              | open       |           | urged                |                | owner:urged li:recorded |     | same
reassign/else          | registered | assigned  | reassigned assigned  |                | li:recorded        | wang     | 60
reassign/else          | assigned   |           | reassigned assigned  |                | owner:movedAway li:recorded | wang | 60
reassign/else          | verifying resolving | assigned | reassigned assigned |        | owner:movedAway li:recorded | wang | 60
takeOver/else          | registered assigned | verifying | takenOver  | accepted       | li:brief owner:movedAway li:recorded | li | 209
takeOver/pastVerification | registered assigned | resolving | takenOver | accepted     | li:brief owner:movedAway li:recorded | li | 209
takeOver/else          | verifying resolving confirming feedback | | takenOver | movedTo | li:brief owner:movedAway li:recorded | li | same
extend/else            | verifying resolving |  | extended             | extended       | owner:recorded li:recorded |  | same
severity/else          | registered |           | severity             |                | li:recorded        | owner    | same
severity/else          | feedback   |           | severity callbackWanted |             | li:brief li:recorded | owner li | 1377
severity/else          | assigned   |           | severity             |                | li:recorded        | owner    | 15
severity/else          | verifying resolving |  | severity             |                | li:recorded        | owner    | 30
severity/else          | confirming |           | severity callbackWanted |             | li:brief li:recorded | owner li | 1377
severity/raisesToS1    | confirming feedback | resolving | severity alarmRaised alarmRang | nextReport     | owner:alarm li:recorded | owner li sun | 1
sign/else              | feedback   |           | signed               |                | li:recorded        |          | same
closeDisputed/else     | resolving  | closed    | disputed closed effectPlanned | reply closed | sun:recorded |          | 64800

due/else               | open       |           |                      |                |                    |          | same
due/else               | over       |           |                      |                |                    |          | never
delivered/else         | open       |           | alarmDelivered       | alarmDelivered |                    |          | same
delivered/else         | over       |           |                      |                |                    |          | never
undeliverable/else     | registered |           | undeliverable        |                |                    |          | same
undeliverable/else     | assigned   |           | undeliverable assigned |              |                    | wang     | 60
undeliverable/else     | verifying resolving | assigned | undeliverable assigned |     |                    | wang     | 60
undeliverable/else     | confirming feedback |  | undeliverable assigned |              | li:brief | li       | same
undeliverable/else     | over       |           |                      |                |                    |          | never
staffGone/else         | registered |           | staffGone            |                |                    |          | same
staffGone/else         | assigned   |           | staffGone assigned   |                |                    | wang     | 60
staffGone/else         | verifying resolving | assigned | staffGone assigned |         |                    | wang     | 60
staffGone/else         | confirming feedback |  | staffGone assigned   |                | li:brief | li       | same
staffGone/else         | over       |           |                      |                |                    |          | never
away/nothingTheirs     | open       |           |                      |                |                    |          | same
away/waitsForReturn    | open       |           |                      |                |                    |          | same
away/else              | registered |           | away callbackWanted  |                | li:brief           | li       | same
away/else              | assigned   |           | away assigned        |                |                    | wang li  | 15
away/else              | verifying resolving | assigned | away assigned |                |                    | wang li  | 15
away/else              | confirming feedback |  | away assigned        |                | li:brief           | li       | same
away/else              | over       |           |                      |                |                    |          | never
shiftOver/else         | open       |           |                      |                |                    |          | same
shiftOver/askedElse    | assigned   |           |                      |                |                    |          | same
shiftOver/else         | assigned   |           | shiftOver assigned   |                |                    | wang     | 60
shiftOver/else         | over       |           |                      |                |                    |          | never
policyChanged/else     | open       |           | policyChanged        |                |                    |          | same
policyChanged/else     | over       |           |                      |                |                    |          | never
hold/else              | open       |           | hold                 |                |                    |          | same
hold/else              | over       |           | hold                 |                |                    |          | never
release/else           | open       |           |                      |                |                    |          | same
release/else           | over       |           |                      |                |                    |          | never
expire/else            | open       |           |                      |                |                    |          | same
expire/else            | over       |           | expired              |                |                    |          | never
policyChanged/hasThatPolicy | open  |           |                      |                |                    |          | same
showCard/else          | open       |           |                      |                |                    | li       | same
showCard/else          | over       |           |                      |                |                    | li       | never
showCard/readerMayNot  | open       |           |                      |                |                    |          | same
showCard/readerMayNot  | over       |           |                      |                |                    |          | never
`

const words = (cell: string | undefined): readonly string[] => (cell ?? '').split(' ').filter(Boolean)

interface Row extends Outcome {
  readonly rule: string
  readonly where: readonly string[]
}

export const table: readonly Row[] = rows
  .split('\n')
  .filter((line) => line.includes('|'))
  .map((line) => {
    const [rule = '', where, to, timeline, resident, staff, cards, due = ''] = line
      .split('|')
      .map((c) => c.trim())
    return {
      rule,
      where: words(where),
      to: (to || null) as Status | null,
      timeline: words(timeline),
      resident: words(resident),
      staff: words(staff),
      cards: words(cards).filter((c) => !c.startsWith('>')),
      others: words(cards).flatMap((c) => (c.startsWith('>') ? [c.slice(1)] : [])),
      due,
    }
  })

/** The last row that speaks of this rule in this state. */
export function outcomeOf(status: Status, type: ComplaintEventType, guard: string): Row | undefined {
  const group = isOpen(status) ? 'open' : 'over'
  const rows = table.filter((row) => row.rule === `${type}/${guard}`)
  return rows.findLast((row) => row.where.includes(status)) ?? rows.find((row) => row.where.includes(group))
}
