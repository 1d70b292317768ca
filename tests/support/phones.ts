import type {
  PhoneCard,
  PhoneItem,
  Simulator,
  WechatItem,
  WechatMessage,
} from '../../adapters/simulator/index.ts'

export interface Resident {
  says(text: string): void
  /** The platform's id of what was sent. */
  sends(message: WechatMessage): string
  /** Waits for a line of the bot that fits, after the last one heard; answers it. */
  hears(pattern: RegExp): Promise<string>
  /** Everything the bot has said to this phone so far. */
  heard(): readonly string[]
  /** Waits for one more picture of the bot. */
  seesPhoto(): Promise<void>
}

export interface StaffPhone {
  /** The same phone, pressing and seeing only the cards of this complaint. */
  on(number: string): StaffPhone
  says(text: string): void
  sendsPhoto(): void
  hears(pattern: RegExp): Promise<string>
  /** What the app has said to this phone and not taken back. */
  heard(): readonly string[]
  /** Waits until no line of the app fits any more: it was taken back. */
  loses(pattern: RegExp): Promise<void>
  /** Waits for one more picture of the app. */
  seesPhoto(): Promise<void>
  /** Waits for a card on which this can be pressed, and presses it on the newest such card. */
  presses(label: string, selected?: Readonly<Record<string, readonly string[]>>): Promise<void>
  /** Presses the newest card that shows this label now, without waiting; throws when none does. */
  pressesNow(label: string): void
  /** Waits for a card whose face fits. */
  sees(pattern: RegExp): Promise<PhoneCard>
  cards(): readonly PhoneCard[]
}

/** The phones of both simulated platforms, as people hold them. */
export interface Phones {
  readonly resident: (id?: string) => Resident
  readonly staff: (userid: string) => StaffPhone
  /** Every line and card all phones show now, as text, for what must be seen nowhere. */
  readonly everything: () => { readonly residents: readonly string[]; readonly staff: readonly string[] }
}

/** A real picture of one pixel: the store looks at the bytes. */
export const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** Real milliseconds. */
const patience = 15_000

/** Asked for the simulator at every look: a restart brings another one. */
export function phonesOf(simulator: () => Pick<Simulator, 'wecom' | 'wechat'>): Phones {
  /** Lines already answered by a `hears`, by phone. */
  const past = new Map<string, Set<string>>()
  const seenPhotos = new Map<string, Set<string>>()

  /** Waits for what a phone shows; every change of any phone is looked at, never the clock. */
  function until<T>(look: () => T | null, what: () => string): Promise<T> {
    const found = look()
    if (found !== null) return Promise.resolve(found)
    return new Promise((resolve, reject) => {
      const { wecom, wechat } = simulator()
      const stop = () => {
        clearTimeout(limit)
        forgetWecom()
        forgetWechat()
      }
      const again = () => {
        const now = look()
        if (now === null) return
        stop()
        resolve(now)
      }
      const limit = setTimeout(() => {
        stop()
        reject(new Error(what()))
      }, patience)
      const forgetWecom = wecom.onChange(again)
      const forgetWechat = wechat.onChange(again)
    })
  }

  interface Line {
    readonly id: string
    readonly text: string
  }

  function hear(key: string, lines: () => readonly Line[], pattern: RegExp): Promise<string> {
    const before = past.get(key) ?? new Set<string>()
    past.set(key, before)
    const shown = (which: (line: Line) => boolean) =>
      lines()
        .filter(which)
        .map((line) => line.text)
        .join('\n---\n')
    return until(
      () => {
        const all = lines()
        const at = all.findIndex((line) => !before.has(line.id) && pattern.test(line.text))
        const found = all[at]
        if (!found) return null
        for (const line of all.slice(0, at + 1)) before.add(line.id)
        return found.text
      },
      () =>
        `${key} never heard ${String(pattern)}; heard:\n${shown((line) => !before.has(line.id))}\n=== before:\n${shown((line) => before.has(line.id))}`,
    )
  }

  async function seePhoto(key: string, photos: () => readonly string[]): Promise<void> {
    const before = seenPhotos.get(key) ?? new Set<string>()
    seenPhotos.set(key, before)
    const id = await until(
      () => photos().find((photo) => !before.has(photo)) ?? null,
      () => `${key} saw no picture`,
    )
    before.add(id)
  }

  function resident(id = 'resident-lin'): Resident {
    const items = (): readonly WechatItem[] => simulator().wechat.phone(id)
    const lines = () =>
      items().flatMap((item) =>
        item.from === 'them' && item.message.type === 'text'
          ? [{ id: item.id, text: item.message.text }]
          : [],
      )
    const photos = () =>
      items().flatMap((item) => (item.from === 'them' && item.message.type === 'image' ? [item.id] : []))
    return {
      says: (text) => void simulator().wechat.say(id, { type: 'text', text }),
      sends: (message) => simulator().wechat.say(id, message),
      heard: () => lines().map((line) => line.text),
      hears: (pattern) => hear(id, lines, pattern),
      seesPhoto: () => seePhoto(id, photos),
    }
  }

  function staff(userid: string, number: string | null = null): StaffPhone {
    const items = (): readonly PhoneItem[] => simulator().wecom.phone(userid).items
    const cardItems = () =>
      items().flatMap((item) =>
        item.type === 'card' && (number === null || item.card.rows.some((row) => row.value === number))
          ? [item]
          : [],
      )
    const lines = () =>
      items().flatMap((item) =>
        item.from === 'app' && item.type === 'text' ? [{ id: item.id, text: item.text }] : [],
      )
    const heard = () => lines().map((line) => line.text)
    const photos = () =>
      items().flatMap((item) => (item.from === 'app' && item.type === 'image' ? [item.id] : []))
    const pressable = (label: string) =>
      cardItems().flatMap((item) => {
        if (item.card.replaced) return []
        const button = item.card.buttons.find((b) => b.text === label)
        return button?.key ? [{ item, key: button.key }] : []
      })
    return {
      on: (complaint) => staff(userid, complaint),
      says: (text) => simulator().wecom.say(userid, text),
      sendsPhoto: () => simulator().wecom.sendImage(userid, pixel, 'photo.png'),
      heard,
      hears: (pattern) => hear(userid, lines, pattern),
      seesPhoto: () => seePhoto(userid, photos),
      loses: async (pattern) => {
        const kept = () => heard().filter((line) => pattern.test(line))
        await until(
          () => (kept().length === 0 ? true : null),
          () => `${userid} still reads ${kept().join('\n---\n')}`,
        )
      },
      cards: () => cardItems().map((item) => item.card),
      async presses(label, selected) {
        const { item, key } = await until(
          () => pressable(label).at(-1) ?? null,
          () =>
            `${userid} has no card with ${label}; cards: ${JSON.stringify(cardItems().map((i) => [i.card.title, i.card.buttons.map((b) => b.text)]))}; heard ${JSON.stringify(heard().slice(-4))}`,
        )
        simulator().wecom.press(userid, item.id, key, selected)
      },
      pressesNow(label) {
        const found = pressable(label).at(-1)
        if (!found) throw new Error(`${userid} has no card with ${label} now`)
        simulator().wecom.press(userid, found.item.id, found.key)
      },
      sees: (pattern) =>
        until(
          () =>
            cardItems()
              .map((item) => item.card)
              .findLast((card) => pattern.test(JSON.stringify(card))) ?? null,
          () =>
            `${userid} saw no card like ${String(pattern)}; cards: ${JSON.stringify(cardItems().map((i) => i.card))}`,
        ),
    }
  }

  function everything() {
    const { wecom, wechat } = simulator()
    return {
      residents: wechat.contacts().flatMap(({ id }) => resident(id).heard()),
      staff: wecom.members.flatMap(({ userid }) => [
        ...staff(userid).heard(),
        ...staff(userid)
          .cards()
          .map((card) => [card.title, card.desc, card.text, ...card.rows.map((row) => row.value)].join('\n')),
      ]),
    }
  }

  return { resident, staff: (userid) => staff(userid), everything }
}
