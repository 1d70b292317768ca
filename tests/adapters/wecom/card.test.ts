import { describe, expect, test } from 'vitest'
import { templateCard } from '../../../adapters/wecom/card.ts'
import { aCard } from '../../support/wecom-app.ts'

describe('a card as the platform wants it', () => {
  test('with buttons it can be pressed', () => {
    const select = { key: 'reason', title: '退回原因', options: [{ id: 'far', label: '不在辖区' }] }
    expect(templateCard(aCard({ select }), 'T-1')).toEqual({
      card_type: 'button_interaction',
      task_id: 'T-1',
      source: { desc: '🔴', desc_color: 2 },
      main_title: { title: '水管漏水 待接单', desc: 'TS-20260102-0007' },
      sub_title_text: '厨房水管漏水，地上有积水',
      horizontal_content_list: [{ keyname: '位置', value: '3栋2单元1101' }],
      button_selection: {
        question_key: 'reason',
        title: '退回原因',
        option_list: [{ id: 'far', text: '不在辖区' }],
      },
      button_list: [
        { text: '接单', style: 1, key: 'accept' },
        { text: '退回', style: 3, key: 'decline' },
      ],
    })
  })

  test('without buttons it is a notice that leads somewhere harmless', () => {
    const card = templateCard(aCard({ buttons: [], rows: [], subtitle: '', text: '', tone: 'good' }), null)
    expect(card).toEqual({
      card_type: 'text_notice',
      source: { desc: '🟢', desc_color: 3 },
      main_title: { title: '水管漏水 待接单' },
      card_action: { type: 1, url: 'https://work.weixin.qq.com' },
    })
  })

  test('what is shown is clipped to the platform’s lengths and counts; keys and ids are not', () => {
    const long = '漏👷‍♂️'.repeat(200)
    const card = aCard({
      title: long,
      subtitle: long,
      text: long,
      rows: Array.from({ length: 8 }, () => ({ label: long, value: long })),
      buttons: Array.from({ length: 8 }, (_, i) => ({
        action: `${long}${i}`,
        label: long,
        style: 'plain' as const,
      })),
      select: {
        key: long,
        title: long,
        options: Array.from({ length: 12 }, () => ({ id: long, label: long })),
      },
    })
    const made = templateCard(card, 'T')
    const lengthOf = (text: string): number => {
      expect(text.endsWith('…')).toBe(true)
      return Array.from(text).length
    }
    const shown = made as {
      main_title: { title: string; desc: string }
      sub_title_text: string
      horizontal_content_list: { keyname: string; value: string }[]
      button_list: { text: string; key: string }[]
      button_selection: { question_key: string; option_list: { id: string; text: string }[] }
    }
    expect(lengthOf(shown.main_title.title)).toBeLessThanOrEqual(36)
    expect(lengthOf(shown.main_title.desc)).toBeLessThanOrEqual(44)
    expect(lengthOf(shown.sub_title_text)).toBeLessThanOrEqual(160)
    expect(shown.horizontal_content_list).toHaveLength(6)
    expect(lengthOf(shown.horizontal_content_list[0]?.keyname ?? '')).toBeLessThanOrEqual(5)
    expect(lengthOf(shown.horizontal_content_list[0]?.value ?? '')).toBeLessThanOrEqual(30)
    expect(shown.button_list).toHaveLength(6)
    expect(lengthOf(shown.button_list[0]?.text ?? '')).toBeLessThanOrEqual(10)
    expect(shown.button_list[0]?.key).toBe(`${long}0`)
    expect(shown.button_selection.question_key).toBe(long)
    expect(shown.button_selection.option_list).toHaveLength(10)
    expect(lengthOf(shown.button_selection.option_list[0]?.text ?? '')).toBeLessThanOrEqual(16)
    expect(shown.button_selection.option_list[0]?.id).toBe(long)
  })
})
