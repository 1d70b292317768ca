// What a chat shows: bubbles and cards.

import { when } from './clock.js'
import { card } from './card.js'
import { el, icon, linked } from './elements.js'

/** One item of a chat, with the time above it where `time` is given. */
export function bubble(item, { app, time, now, act }) {
  const row = el('div', { className: `row ${item.mine ? 'mine' : 'theirs'}` })
  if (item.type === 'recalled') {
    const who = item.mine ? '你' : '对方'
    return el(
      'div',
      {},
      ...stamp(time, now),
      el('p', { className: 'line', textContent: `${who}撤回了一条消息` }),
    )
  }
  row.append(avatar(item, app), el('div', { className: 'said' }, content(item, act)))
  if (item.mine && app === 'wechat') row.append(recallButton(item, act))
  return el('div', { className: 'item' }, ...stamp(time, now), row)
}

const stamp = (time, now) =>
  time === null ? [] : [el('p', { className: 'line', textContent: when(time, now) })]

function avatar(item, app) {
  if (item.mine) return el('span', { className: 'avatar me', ariaHidden: 'true', textContent: '我' })
  return el(
    'span',
    { className: 'avatar', ariaHidden: 'true' },
    icon(app === 'wecom' ? 'tool' : 'house-face'),
  )
}

function recallButton(item, act) {
  const button = el('button', { type: 'button', className: 'recall', textContent: '撤回' })
  button.setAttribute('aria-label', '撤回这条消息')
  button.addEventListener('click', () => void act.recall(item.id))
  return button
}

function content(item, act) {
  switch (item.type) {
    case 'text':
      return el('div', { className: 'bubble text' }, ...linked(item.text))
    case 'image':
      return picture(item)
    case 'voice':
      return el('div', { className: 'bubble voice', title: '模拟的语音，没有声音' }, icon('sound'), '3″')
    case 'location':
      return el(
        'div',
        { className: 'bubble place' },
        el('b', { textContent: item.label || '位置' }),
        el('span', { className: 'map', ariaHidden: 'true' }, icon('pin')),
      )
    case 'video':
    case 'file':
      return el('div', { className: 'bubble file' }, icon('file'), item.name || '文件')
    case 'link':
      return el(
        'div',
        { className: 'bubble article' },
        el('b', { textContent: item.title }),
        el('p', { textContent: item.text }),
        ...linked(item.url),
      )
    case 'sticker':
      return el('div', { className: 'sticker', role: 'img', ariaLabel: '表情' }, icon('smile'))
    case 'card':
      return card(item, act)
    default:
      return el('div', { className: 'bubble text odd', textContent: '［这种消息请在手机上查看］' })
  }
}

function picture(item) {
  const image = el('img', { src: item.url, alt: item.name ? `照片：${item.name}` : '照片', loading: 'lazy' })
  const button = el('button', { type: 'button', className: 'bubble image' }, image)
  button.setAttribute('aria-label', `看大图：${item.name || '照片'}`)
  button.addEventListener('click', () => {
    const dialog = document.querySelector('#photo')
    dialog.querySelector('img').src = item.url
    dialog.showModal()
  })
  return button
}
