// A template card, as the 企业微信 app shows it.

import { el, linked } from './elements.js'

/** Coloured circles, which not every computer has a font for, are shown as a stripe along the top. */
const marks = { '🔴': 'red', '🟠': 'orange', '🟢': 'green', '⚪': 'grey' }

export function card(item, act) {
  const { card: face } = item
  const choices = new Map(face.selects.map((question) => [question.key, question.selected]))
  const node = el('article', { className: 'card' })
  const mark = marks[face.source?.text]
  if (mark) node.classList.add('marked', mark)
  else if (face.source) node.append(source(face.source))
  node.append(el('h4', { textContent: face.title }))
  if (face.desc) node.append(el('p', { className: 'desc', textContent: face.desc }))
  if (face.emphasis)
    node.append(
      el('p', { className: 'emphasis' }, el('b', { textContent: face.emphasis.title }), face.emphasis.desc),
    )
  if (face.quote)
    node.append(
      el(
        'blockquote',
        {},
        el('b', { textContent: face.quote.title }),
        el('p', { textContent: face.quote.text }),
      ),
    )
  if (face.text) node.append(el('p', { className: 'words' }, ...linked(face.text)))
  if (face.rows.length > 0) node.append(rows(face.rows))
  const over = face.replaced !== null
  for (const question of face.selects)
    if (!over) node.append(ask(question, (selected) => choices.set(question.key, selected)))
  for (const link of face.links) node.append(el('p', { className: 'desc', textContent: `${link.title} ›` }))

  const buttons = el('div', { className: 'buttons' })
  const press = async (key) => {
    setBusy(buttons, true)
    await act.send({ type: 'press', item: item.id, key, selected: Object.fromEntries(choices) })
    // The card itself does not change by a press; the program's answer redraws it.
    setTimeout(() => setBusy(buttons, false), 400)
  }
  if (over)
    buttons.append(
      el('button', { type: 'button', disabled: true, className: 'style-0', textContent: face.replaced }),
    )
  else buttons.append(...face.buttons.map((button) => pressable(button, press)))
  buttons.append(...face.menu.map((entry) => pressable({ ...entry, style: 4, url: null }, press)))
  if (buttons.childElementCount > 0) node.append(buttons)
  return node
}

function source({ text, color }) {
  const tone = ['grey', 'black', 'red', 'green'][color] ?? 'grey'
  return el('p', { className: `source ${tone}`, textContent: text })
}

function rows(list) {
  return el(
    'dl',
    {},
    ...list.map((row) =>
      el('div', {}, el('dt', { textContent: row.label }), el('dd', { textContent: row.value })),
    ),
  )
}

function ask(question, choose) {
  if (question.kind === 'list') {
    const select = el('select', { disabled: question.disabled })
    select.append(...question.options.map(({ id, text }) => el('option', { value: id, textContent: text })))
    select.value = question.selected[0] ?? ''
    select.addEventListener('change', () => choose([select.value]))
    return el('label', { className: 'ask' }, el('span', { textContent: question.title || '请选择' }), select)
  }
  const boxes = question.options.map(({ id, text }) => {
    const type = question.kind === 'many' ? 'checkbox' : 'radio'
    const box = el('input', { type, name: question.key, value: id, disabled: question.disabled })
    box.checked = question.selected.includes(id)
    return { box, label: el('label', {}, box, text) }
  })
  for (const { box } of boxes)
    box.addEventListener('change', () => choose(boxes.filter((b) => b.box.checked).map((b) => b.box.value)))
  return el(
    'fieldset',
    { className: 'ask' },
    el('legend', { textContent: question.title }),
    ...boxes.map(({ label }) => label),
  )
}

function pressable(button, press) {
  const node = el('button', { type: 'button', className: `style-${button.style}`, textContent: button.text })
  if (button.key === null) node.addEventListener('click', () => open(button.url, '_blank', 'noopener'))
  else node.addEventListener('click', () => void press(button.key))
  return node
}

function setBusy(buttons, busy) {
  buttons.classList.toggle('busy', busy)
  for (const button of buttons.querySelectorAll('button:not(.style-0)')) button.disabled = busy
}
