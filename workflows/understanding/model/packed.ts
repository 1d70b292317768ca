import { answerCount } from './heads.ts'
import type { Model } from './model.ts'

/** A model as text: little-endian arrays one behind the other, in base64. */
export interface Packed {
  /** How many features it knows. */
  readonly features: number
  readonly askFrom: number
  readonly alarmFrom: number
  readonly data: string
}

/** @throws Error where the data is not as long as a model of so many features */
export function unpack(packed: Packed): Model {
  const text = atob(packed.data)
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  const count = packed.features
  const expected = count * 4 + answerCount * 8 + count * answerCount
  if (bytes.length !== expected)
    throw new Error(
      `weights.ts holds ${String(bytes.length)} bytes; ${String(expected)} fit its features and the heads. Run npm run train.`,
    )
  const view = new DataView(bytes.buffer)
  let at = 0
  const features = Uint32Array.from({ length: count }, () => view.getUint32((at += 4) - 4, true))
  const floats = (): Float32Array =>
    Float32Array.from({ length: answerCount }, () => view.getFloat32((at += 4) - 4, true))
  const scales = floats()
  const biases = floats()
  return {
    features,
    scales,
    biases,
    weights: new Int8Array(bytes.buffer, at),
    askFrom: packed.askFrom,
    alarmFrom: packed.alarmFrom,
  }
}

/** The bytes of a model, for `unpack`. */
export function pack(model: Model): Uint8Array {
  const { features, scales, biases, weights } = model
  const bytes = new Uint8Array(features.length * 4 + answerCount * 8 + weights.length)
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const feature of features) view.setUint32((at += 4) - 4, feature, true)
  for (const number of [...scales, ...biases]) view.setFloat32((at += 4) - 4, number, true)
  bytes.set(new Uint8Array(weights.buffer, weights.byteOffset, weights.length), at)
  return bytes
}
