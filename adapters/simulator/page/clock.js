// The bar with the simulated clock.

const zone = 'Asia/Shanghai'
const dayFormat = new Intl.DateTimeFormat('zh-CN', {
  timeZone: zone,
  month: 'long',
  day: 'numeric',
  weekday: 'short',
})
const timeFormat = new Intl.DateTimeFormat('zh-CN', {
  timeZone: zone,
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

export const timeOf = (at) => timeFormat.format(at)
export const dayOf = (at) => dayFormat.format(at)

/** 10:03, 昨天 10:03 or 11月23日周一 10:03, as a chat shows it. */
export function when(at, now) {
  if (dayOf(at) === dayOf(now)) return timeOf(at)
  if (dayOf(at) === dayOf(now - 86_400_000)) return `昨天 ${timeOf(at)}`
  return `${dayOf(at)} ${timeOf(at)}`
}

/** `change` asks the program to move its clock; between answers the page counts on by itself. */
export function createClock(change) {
  const day = document.querySelector('#clock-day')
  const time = document.querySelector('#clock-time')
  const seconds = document.querySelector('#clock-seconds')
  const speeds = [...document.querySelectorAll('[data-speed]')]
  let base = null
  let factor = 1
  let since = 0

  const now = () => base + (performance.now() - since) * factor

  function draw() {
    if (base === null) return
    const at = now()
    day.textContent = dayOf(at)
    time.textContent = timeOf(at)
    seconds.textContent = `:${String(Math.floor(at / 1000) % 60).padStart(2, '0')}`
    for (const status of document.querySelectorAll('.status-time')) status.textContent = timeOf(at)
  }

  function set(at, newFactor) {
    base = at
    factor = newFactor
    since = performance.now()
    for (const button of speeds) {
      const on = Number(button.dataset.speed) === factor
      button.setAttribute('aria-checked', String(on))
      button.tabIndex = on ? 0 : -1
    }
    draw()
  }

  async function ask(body, button) {
    button.classList.add('busy')
    const answer = await change(body)
    button.classList.remove('busy')
    if (answer) set(answer.now, answer.factor)
  }

  for (const button of document.querySelectorAll('[data-advance]'))
    button.addEventListener('click', () => void ask({ advance: Number(button.dataset.advance) }, button))
  for (const button of document.querySelectorAll('[data-to]'))
    button.addEventListener('click', () => void ask({ to: button.dataset.to }, button))
  speeds.forEach((button, n) => {
    button.addEventListener('click', () => void ask({ speed: Number(button.dataset.speed) }, button))
    button.addEventListener('keydown', (event) => {
      if (!event.key.startsWith('Arrow')) return
      const next = speeds[(n + 1) % speeds.length]
      next.focus()
      next.click()
    })
  })
  setInterval(draw, 250)
  return { set }
}
