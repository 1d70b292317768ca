// One phone: who holds it, the chat, and what can be sent from it.

import { bubble } from './bubbles.js'
import { el, icon } from './elements.js'
import { samplePhoto, shrunk, silentVoice } from './pictures.js'

const seats = {
  resident: {
    role: '住户 · 微信',
    app: 'wechat',
    chat: '小区管家',
    post: (person) => `/demo/wechat/${encodeURIComponent(person)}`,
    hint: '发一句话试试…',
    empty: '跟物业说说哪里不对劲',
    quick: ['对', '不是3栋，是5栋', '进度', '催一下', '人工', '解决了', '5分，来得很快'],
    photos: [['漏水照片', 'leak']],
  },
  staff: {
    role: '员工 · 企业微信',
    app: 'wecom',
    chat: '投诉工单',
    post: (person) => `/demo/wecom/${encodeURIComponent(person)}`,
    hint: '写看到的情况、方案、进展…',
    empty: '有投诉时，任务卡会来到这里',
    quick: [
      '打过电话了，半小时内到',
      '核实：楼上1602卫生间防水层破损',
      '方案：先关阀止水，再重做防水，今天18:00前',
      '进展：防水材料到了，下午开工',
      '待办',
    ],
    photos: [
      ['现场照片', 'leak'],
      ['完工照片', 'done'],
    ],
  },
  supervisor: {
    role: '主管 · 企业微信',
    app: 'wecom',
    chat: '投诉工单',
    post: (person) => `/demo/wecom/${encodeURIComponent(person)}`,
    hint: '回复…',
    empty: '紧急的、没人接的会来到这里',
    quick: ['我去处理', '回访：解决，5星，说修得快', '待办'],
    photos: [['现场照片', 'leak']],
  },
}

/** `page`: how to post, to show a notice, to change who holds the phone, to add a resident. */
export function createPhone(seat, root, page) {
  const { role, app, chat: chatName, post, hint, empty, quick, photos } = seats[seat]
  root.append(document.querySelector('#phone').content.cloneNode(true))
  root.classList.add(app)
  const part = (selector) => root.querySelector(selector)
  const select = part('.seat-person')
  const chat = part('.chat')
  const elsewhere = part('.elsewhere')
  const newer = part('.newer')
  const input = part('textarea')
  const drawer = part('.drawer')
  const plus = part('.plus')
  const file = part('input[type=file]')
  let person = ''
  let drawn = new Map()

  part('.seat-role').textContent = role
  part('.title b').textContent = chatName
  chat.setAttribute('aria-label', `${role}的聊天`)
  input.placeholder = hint
  input.setAttribute('aria-label', `${role}：输入消息`)
  const add = part('.seat-add')
  add.hidden = seat !== 'resident'
  add.addEventListener('click', () => void page.add())

  // Sending

  const send = (body) => page.send(post(person), body)

  async function sendText(text) {
    if (text.trim() === '') return
    input.value = ''
    grow()
    if (!(await send({ type: 'text', text: text.trim() }))) fill(text)
  }

  async function sendPhoto(blob, name) {
    const bytes = new Uint8Array(await blob.arrayBuffer())
    await send({ type: 'image', name, base64: base64Of(bytes) })
  }

  part('form').addEventListener('submit', (event) => {
    event.preventDefault()
    void sendText(input.value)
  })
  input.addEventListener('keydown', (event) => {
    // While Chinese is being composed, Enter chooses a word.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    void sendText(input.value)
  })
  input.addEventListener('input', grow)

  function grow() {
    root.classList.toggle('writing', input.value.trim() !== '')
    input.style.height = 'auto'
    input.style.height = `${input.scrollHeight + 2}px`
  }

  function fill(text) {
    input.value = text
    grow()
    input.focus()
  }

  for (const text of quick) {
    const button = el('button', { type: 'button', textContent: text })
    button.addEventListener('click', () => fill(text))
    part('.quick').append(button)
  }

  // The drawer behind the plus

  function entry(name, symbol, act) {
    const button = el('button', { type: 'button' }, el('span', {}, icon(symbol)), name)
    button.addEventListener('click', () => {
      openDrawer(false)
      void act()
    })
    drawer.append(button)
  }
  entry('相册', 'picture', () => file.click())
  for (const [name, scene] of photos)
    entry(name, 'camera', async () => sendPhoto(await samplePhoto(scene), `${name}.jpg`))
  entry('语音', 'mic', () => send({ type: 'voice', ...silentVoice(app) }))
  entry('位置', 'pin', () =>
    send({ type: 'location', latitude: 28.2282, longitude: 112.9388, label: '和风苑3栋楼下' }),
  )
  if (app === 'wechat') {
    entry('表情', 'smile', () => send({ type: 'sticker' }))
  } else entry('进入应用', 'door', () => send({ type: 'enter' }))

  function openDrawer(open) {
    drawer.hidden = !open
    plus.setAttribute('aria-expanded', String(open))
    if (open) drawer.querySelector('button').focus()
  }
  plus.addEventListener('click', () => openDrawer(drawer.hidden))
  drawer.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return
    openDrawer(false)
    plus.focus()
  })
  file.addEventListener('change', async () => {
    const [picture] = file.files
    file.value = ''
    if (!picture) return
    const blob = await shrunk(picture)
    if (blob) await sendPhoto(blob, picture.name)
    else page.say('这个文件不是能打开的图片')
  })

  // The chat

  let follow = true
  const nearEnd = () => chat.scrollHeight - chat.scrollTop - chat.clientHeight < 90
  function atEnd() {
    follow = true
    chat.scrollTop = chat.scrollHeight
    newer.hidden = true
  }
  chat.addEventListener('scroll', () => {
    follow = nearEnd()
    if (follow) newer.hidden = true
  })
  // The box for writing and the drawer take room from the chat; its end stays in sight.
  new ResizeObserver(() => {
    if (follow) atEnd()
  }).observe(chat)
  newer.addEventListener('click', atEnd)
  select.addEventListener('change', () => page.choose(select.value))
  elsewhere.addEventListener('click', () => page.choose(elsewhere.dataset.person))

  function drawPeople(people, chosen) {
    const options = people.map(({ id, name, note, news }) => {
      const words = [name, note, news > 0 ? `（${news} 条新消息）` : ''].filter(Boolean).join(' · ')
      return el('option', { value: id, textContent: words })
    })
    if (JSON.stringify(options.map((o) => [o.value, o.textContent])) !== select.dataset.drawn) {
      select.dataset.drawn = JSON.stringify(options.map((o) => [o.value, o.textContent]))
      select.replaceChildren(...options)
    }
    select.value = chosen
    const holder = people.find(({ id }) => id === chosen)
    part('.title small').textContent = app === 'wecom' ? (holder ? `${holder.name}的手机` : '') : ''
    const other = people.find(({ id, news }) => id !== chosen && news > 0)
    elsewhere.hidden = !other
    if (other) {
      elsewhere.dataset.person = other.id
      elsewhere.textContent = `${other.name}收到 ${other.news} 条新消息，去看看 ›`
    }
  }

  /** Only what changed is drawn anew, so that a choice in a drop-down and the focus stay where they are. */
  function drawItems(items, now) {
    let previous = -Infinity
    let fresh = false
    const next = new Map()
    const act = { send, recall: (id) => send({ type: 'recall', message: id }) }
    const nodes = items.map((item) => {
      const time = item.at - previous > 300_000 ? item.at : null
      previous = item.at
      const key = JSON.stringify([item, time])
      const old = drawn.get(item.id)
      if (!old) fresh = true
      const node = old?.key === key ? old.node : bubble(item, { app, time, now, act })
      // Only what comes while one looks on moves in; the rest is there at once.
      if (!old && drawn.size > 0) {
        node.classList.add('new')
        node.addEventListener('animationend', () => node.classList.remove('new'), { once: true })
      }
      next.set(item.id, { key, node })
      return node
    })
    drawn = next
    if (items.length === 0) nodes.push(el('p', { className: 'empty', textContent: empty }))
    arrange(chat, nodes)
    if (!fresh) return
    if (follow || items.at(-1)?.mine) requestAnimationFrame(atEnd)
    else newer.hidden = false
  }

  return {
    draw(people, chosen, items, now) {
      const turned = person !== chosen
      person = chosen
      if (turned) drawn = new Map()
      drawPeople(people, chosen)
      drawItems(items, now)
      if (turned) requestAnimationFrame(atEnd)
    },
    fill,
    atEnd: () => requestAnimationFrame(atEnd),
  }
}

/** Makes `nodes` the children, moving none that stands right already. */
function arrange(parent, nodes) {
  nodes.forEach((node, n) => {
    if (parent.children[n] !== node) parent.insertBefore(node, parent.children[n] ?? null)
  })
  while (parent.children.length > nodes.length) parent.lastChild.remove()
}

function base64Of(bytes) {
  let text = ''
  for (let n = 0; n < bytes.length; n += 0x8000) text += String.fromCharCode(...bytes.subarray(n, n + 0x8000))
  return btoa(text)
}
