import { noWords, type Words } from '../estate.ts'
import { readDanger, type Danger } from './danger.ts'
import { readHazard, type Hazard } from './hazard.ts'
import { readKind } from './kind.ts'
import { featuresOf, type Features } from './model/features.ts'
import { readMood, type Mood } from './mood.ts'
import { read, type Reading } from './normalise.ts'
import { readPlace, type Place } from './place.ts'
import { readTopic, type Topic } from './topic.ts'

/** What the rules see in a text. The model weighs it together with the text's own characters. */
export interface Seen {
  readonly reading: Reading
  readonly place: Place
  readonly danger: Danger
  readonly topic: Topic
  readonly mood: Mood
  readonly hazard: Hazard
  readonly features: Features
}

/** @param own words of the estate it comes from, beside the lexicon's */
export function readByRules(text: string, own: Words = noWords): Seen {
  const reading = read(text)
  const place = readPlace(reading)
  const danger = readDanger(reading.text)
  const topic = readTopic(reading.text, own)
  const mood = readMood(reading.text)
  const kind = readKind(reading.text, {
    topic: topic.strength,
    anger: mood.anger,
    repeat: mood.repeat,
    danger: danger.danger,
    hasPlace: place.building.length + place.unit.length + place.room.length > 0,
  })
  const hazard = readHazard(reading.text)
  const seen = [...danger.seen, ...topic.seen, ...mood.seen, ...kind.seen, ...hazard.seen]
  return { reading, place, danger, topic, mood, hazard, features: featuresOf(reading.text, seen) }
}
