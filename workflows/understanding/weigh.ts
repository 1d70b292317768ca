import { categories, type Category } from '../taxonomy.ts'
import type { EmergencyType, Kind } from './facts.ts'
import { best, leaning, type Scores } from './model/model.ts'
import type { Seen } from './rules.ts'
import type { Topic } from './topic.ts'

/** What the rules saw and what the model makes of it, weighed against each other. */

/**
 * The model's judgement of what the signs and the characters say. A cry for help without any of them stands by itself; who
 * threatens, where no plain sign says that it is being done, is spoken to by a manager instead (domain.md 5.1 rule 9).
 */
export function judgeDanger(
  { danger: signs, mood, features }: Seen,
  scores: Scores,
): { danger: number; type: EmergencyType | null } {
  if (signs.isBareCry) return { danger: signs.danger, type: signs.type }
  if (mood.threat && signs.danger < 0.5) return { danger: 0, type: null }
  // Plain signs are believed where the model, too, finds danger the likelier.
  const agreed = signs.danger >= 0.8 && leaning(scores, 'danger') > 0
  const danger = Math.round(Math.max(scores.danger, agreed ? 0.5 : 0) * 100) / 100
  // A word or two without any sign is an answer to something else, no doubt worth a question.
  if (danger < 0.5 && signs.hazard === 0 && features.text.length < shortest) return { danger: 0, type: null }
  return { danger, type: danger >= 0.1 ? best(scores, 'type') : null }
}

/** Characters, numbers and addresses taken out. */
const shortest = 12

/** A hazard overlooked costs more than one too many on a card. */
const riskFrom = -0.5

/** A physical hazard is stated or plain (label guide: `risk`). */
export const isRisk = ({ hazard }: Seen, scores: Scores): boolean =>
  hazard.stated || leaning(scores, 'risk') > riskFrom

/** Whoever reports a danger complains or asks for repair; nothing else is heard in it. */
export function urgentKind(scores: Scores): Kind {
  const [complaint = 0, repair = 0] = scores.of('kind')
  return complaint >= repair ? 'complaint' : 'repair'
}

/** From where on something is opened as a matter: a stranger's letter costs staff an hour, a matter missed one question. */
const matterFrom = 1.4
/** A building, a unit or a room is somebody's home here. */
const placeValue = 2.5

/** Whether it is about an estate at all: what the model makes of it, the places it names and the words of its topics. */
export function isMatter({ place, topic }: Seen, scores: Scores): boolean {
  const hasPlace = place.building.length + place.unit.length + place.room.length > 0
  const words = Math.min(1, (topic.strength - 2) / 4)
  return leaning(scores, 'matter') + (hasPlace ? placeValue : 0) + words > matterFrom
}

/** How much all the words of a topic together count beside the model's log odds. */
const topicValue = 4

/** The main trouble: the model's score of each category, and the share of the words that speak for it. */
export function categoryOf(topic: Topic, scores: Scores): Category {
  let all = 1
  for (const weight of topic.categories.values()) all += weight
  const byModel = scores.of('category')
  let main: Category = 'other'
  let most = -Infinity
  categories.forEach((category, i) => {
    const score = (byModel[i] ?? 0) + (topicValue * (topic.categories.get(category) ?? 0)) / all
    if (score > most) [main, most] = [category, score]
  })
  return main
}
