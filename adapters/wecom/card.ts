import type { Card, CardButton } from '../../workflows/message.ts'
import { clip } from './text.ts'

/** Where a card that cannot be pressed leads when it is tapped: the platform insists on a place. */
const NOWHERE = 'https://work.weixin.qq.com'

/** Only grey (0), black (1), red (2) and green (3) exist for the words of the source line; orange is the mark's own. */
const TONES = {
  danger: { desc: '🔴', desc_color: 2 },
  warning: { desc: '🟠', desc_color: 1 },
  good: { desc: '🟢', desc_color: 3 },
  plain: { desc: '⚪', desc_color: 0 },
} as const satisfies Record<Card['tone'], object>

/** 1 to 4 exist; the documents show them as a picture only, 1 being the filled one. */
const STYLES = { primary: 1, plain: 2, danger: 3 } as const satisfies Record<CardButton['style'], number>

/**
 * Our card as the platform's `template_card` (platforms.md 4): with buttons a `button_interaction`, without a
 * `text_notice`. What is too long to show is clipped; ids and keys are never touched. `task` is null in an update, whose
 * response code is its address.
 */
export function templateCard(card: Card, task: string | null): object {
  const face = {
    ...(task === null ? {} : { task_id: task }),
    source: TONES[card.tone],
    main_title: { title: clip(card.title, 36), ...ifAny('desc', clip(card.subtitle, 44)) },
    ...ifAny('sub_title_text', clip(card.text, 160)),
    ...ifAny(
      'horizontal_content_list',
      card.rows
        .slice(0, 6)
        .map((row) => ({ keyname: clip(row.label, 5), ...ifAny('value', clip(row.value, 30)) })),
    ),
  }
  if (card.buttons.length === 0) {
    return { card_type: 'text_notice', ...face, card_action: { type: 1, url: NOWHERE } }
  }
  return {
    card_type: 'button_interaction',
    ...face,
    ...(card.select === null ? {} : { button_selection: selection(card.select) }),
    button_list: card.buttons.slice(0, 6).map((button) => ({
      text: clip(button.label, 10),
      style: STYLES[button.style],
      key: button.action,
    })),
  }
}

function selection(select: NonNullable<Card['select']>): object {
  return {
    question_key: select.key,
    title: clip(select.title, 13),
    option_list: select.options
      .slice(0, 10)
      .map((option) => ({ id: option.id, text: clip(option.label, 16) })),
  }
}

/** The platform refuses some fields when they are there and empty. */
function ifAny(field: string, value: string | readonly object[]): object {
  return value.length === 0 ? {} : { [field]: value }
}
