// Elements are made here and nowhere else: texts only ever become text nodes.

export function el(name, properties = {}, ...children) {
  const node = Object.assign(document.createElement(name), properties)
  node.append(...children)
  return node
}

const svg = 'http://www.w3.org/2000/svg'

export function icon(name) {
  const node = document.createElementNS(svg, 'svg')
  const use = document.createElementNS(svg, 'use')
  use.setAttribute('href', `/demo/icons.svg#${name}`)
  node.setAttribute('aria-hidden', 'true')
  node.append(use)
  return node
}

/** Text with its web addresses as links. */
export function linked(text) {
  return text
    .split(/(https?:\/\/[^\s，。；、）]+)/)
    .map((part) =>
      /^https?:\/\//.test(part)
        ? el('a', { href: part, textContent: part, target: '_blank', rel: 'noopener noreferrer' })
        : part,
    )
}
