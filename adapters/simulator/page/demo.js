// The page: asks for what the three phones show whenever the server says that something changed, and draws it.

import { createClock } from './clock.js'
import { createPhone } from './phone.js'

const seats = ['resident', 'staff', 'supervisor']
const chosen = JSON.parse(sessionStorage.getItem('chosen') ?? '{}')
/** How many messages of each person were seen; more than that is news. */
const seen = new Map()
let lastPeople = null

const stage = document.querySelector('#phones')
const toast = document.querySelector('#toast')
const tabs = [...document.querySelectorAll('.tabs [role=tab]')]
const narrow = matchMedia('(max-width: 899px)')

const clock = createClock((change) => send('/demo/clock', change))
const phones = Object.fromEntries(
  seats.map((seat) => [
    seat,
    createPhone(seat, document.querySelector(`#panel-${seat}`), {
      send,
      say,
      choose: (person) => choose(seat, person),
      add: addResident,
    }),
  ]),
)

/** Posts JSON; says what went wrong, and answers null then. */
async function send(url, body) {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const data = await answer.json().catch(() => ({}))
    if (answer.ok) return data
    say(data.error ?? '没有成功，请再试一次')
  } catch {
    say('没有连上程序，请稍后再试')
  }
  return null
}

let toastTimer
function say(text) {
  toast.textContent = text
  toast.hidden = false
  clearTimeout(toastTimer)
  toastTimer = setTimeout(() => (toast.hidden = true), 3500)
}

function choose(seat, person) {
  chosen[seat] = person
  sessionStorage.setItem('chosen', JSON.stringify(chosen))
  void refresh()
}

async function addResident() {
  const names = ['陈女士', '刘先生', '赵阿姨', '孙先生', '周女士', '吴大爷']
  const known = lastPeople?.resident.length ?? 0
  const added = await send('/demo/residents', { name: names[known % names.length] })
  if (added) choose('resident', added.id)
}

// One question at a time; a change that comes meanwhile asks once more.
let asking = false
let again = false
async function refresh() {
  if (asking) {
    again = true
    return
  }
  asking = true
  try {
    do {
      again = false
      const answer = await fetch(`/demo/phones?${new URLSearchParams(chosen)}`)
      if (answer.ok) draw(await answer.json())
    } while (again)
  } catch {
    // The event stream says when the program is back, and then asks.
  } finally {
    asking = false
  }
}

function draw(data) {
  clock.set(data.now, data.factor)
  lastPeople = data.people
  let missing = false
  for (const seat of seats) {
    const people = data.people[seat]
    if (people.length > 0 && !people.some((person) => person.id === chosen[seat])) {
      chosen[seat] = people[0].id
      missing = true
    }
  }
  if (missing) {
    again = true
    return
  }
  for (const seat of seats) {
    const people = data.people[seat].map((person) => ({ ...person, news: newsOf(seat, person) }))
    phones[seat].draw(people, chosen[seat], data.phones[seat], data.now)
  }
  markTabs()
}

/** Messages nobody has looked at: of those whose phone is not in view. What was there at first counts as seen. */
function newsOf(seat, person) {
  const key = `${seat}/${person.id}`
  const inView = person.id === chosen[seat] && (!narrow.matches || stage.dataset.tab === seat)
  if (inView || !seen.has(key)) seen.set(key, person.items)
  return Math.max(0, person.items - seen.get(key))
}

function markTabs() {
  for (const tab of tabs) {
    const mark = tab.querySelector('em')
    if (!mark) continue
    const news = (lastPeople?.[tab.dataset.tab] ?? []).reduce(
      (sum, person) => sum + newsOf(tab.dataset.tab, person),
      0,
    )
    mark.hidden = news === 0
    mark.textContent = news > 9 ? '9+' : String(news)
    tab.setAttribute(
      'aria-label',
      tab.querySelector('span').textContent + (news > 0 ? `，${news} 条新消息` : ''),
    )
  }
}

function show(tab) {
  stage.dataset.tab = tab
  for (const entry of tabs) {
    const selected = entry.dataset.tab === tab
    entry.setAttribute('aria-selected', String(selected))
    entry.tabIndex = selected ? 0 : -1
  }
  phones[tab]?.atEnd()
  void refresh()
}

for (const tab of tabs) {
  tab.addEventListener('click', () => show(tab.dataset.tab))
  tab.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!step) return
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length]
    show(next.dataset.tab)
    next.focus()
  })
}

// A sideways swipe turns to the next phone.
let from = null
stage.addEventListener(
  'touchstart',
  (event) => (from = event.touches.length === 1 ? event.touches[0] : null),
  {
    passive: true,
  },
)
stage.addEventListener(
  'touchend',
  (event) => {
    const to = event.changedTouches[0]
    if (!from || !narrow.matches || event.target.closest('.quick, select, textarea')) return
    const dx = to.clientX - from.clientX
    const order = ['guide', ...seats]
    const next = order[order.indexOf(stage.dataset.tab) + (dx < 0 ? 1 : -1)]
    if (Math.abs(dx) > 70 && Math.abs(dx) > 2 * Math.abs(to.clientY - from.clientY) && next) show(next)
  },
  { passive: true },
)

for (const button of document.querySelectorAll('.phrases [data-fill]')) {
  button.addEventListener('click', () => {
    const seat = button.closest('.phrases').dataset.for
    if (narrow.matches) show(seat)
    phones[seat].fill(button.dataset.fill)
  })
}

const link = document.querySelector('#link')
function listen() {
  const events = new EventSource('/demo/events')
  events.addEventListener('change', () => {
    link.hidden = true
    void refresh()
  })
  events.addEventListener('error', () => {
    link.hidden = false
    // A browser gives up for good when it was answered with an error, as while the program starts.
    if (events.readyState !== EventSource.CLOSED) return
    setTimeout(listen, 1500)
  })
}

show('guide')
listen()
