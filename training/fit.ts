/** One example: the features it has, each with a value, and how much it counts. */
export interface Example {
  readonly features: Int32Array
  readonly values: Float32Array
  readonly weight: number
}

export interface Fitted {
  /** Feature by feature, one number an answer. */
  readonly weights: Float32Array
  readonly biases: Float64Array
}

const rounds = 10
const rate = 0.2

/**
 * Logistic regression over several answers, by stochastic gradient descent with a step of its own for every weight
 * (AdaGrad, Duchi et al. 2011). An answer may count more than the others (`weightOf`). The order of the examples is drawn from a fixed seed: the same examples give the same
 * weights, bit for bit.
 */
export function fit(
  examples: readonly Example[],
  answerOf: (example: number) => number,
  weightOf: (answer: number) => number,
  size: { readonly features: number; readonly answers: number },
): Fitted {
  const { features: featureCount, answers } = size
  const weights = new Float32Array(featureCount * answers)
  const squares = new Float32Array(featureCount * answers)
  const biases = new Float64Array(answers)
  const biasSquares = new Float64Array(answers).fill(1)
  const share = new Float64Array(answers)
  const order = examples.map((_, i) => i)
  const chance = drawer(7)

  for (let round = 0; round < rounds; round++) {
    shuffle(order, chance)
    for (const at of order) {
      const example = examples[at]
      if (!example) continue
      const { features, values } = example
      shares(example, weights, biases, share)
      const answer = answerOf(at)
      const weight = example.weight * weightOf(answer)
      for (let c = 0; c < answers; c++) {
        const error = ((share[c] ?? 0) - (c === answer ? 1 : 0)) * weight
        if (Math.abs(error) < 1e-3) continue
        biasSquares[c] = (biasSquares[c] ?? 0) + error * error
        biases[c] = (biases[c] ?? 0) - (0.1 * error) / Math.sqrt(biasSquares[c] ?? 1)
        for (let q = 0; q < features.length; q++) {
          const i = (features[q] ?? 0) * answers + c
          const gradient = error * (values[q] ?? 0) + 1e-5 * (weights[i] ?? 0)
          const square = (squares[i] ?? 0) + gradient * gradient
          squares[i] = square
          weights[i] = (weights[i] ?? 0) - (rate * gradient) / Math.sqrt(square + 1e-6)
        }
      }
    }
  }
  return { weights, biases }
}

/** The shares of the answers (softmax), written to `into`. */
function shares(
  { features, values }: Example,
  weights: Float32Array,
  biases: Float64Array,
  into: Float64Array,
): void {
  const answers = into.length
  into.set(biases)
  for (let q = 0; q < features.length; q++) {
    const at = (features[q] ?? 0) * answers
    const value = values[q] ?? 0
    for (let c = 0; c < answers; c++) into[c] = (into[c] ?? 0) + (weights[at + c] ?? 0) * value
  }
  const most = Math.max(...into)
  let sum = 0
  for (let c = 0; c < answers; c++) sum += into[c] = Math.exp((into[c] ?? 0) - most)
  for (let c = 0; c < answers; c++) into[c] = (into[c] ?? 0) / sum
}

/** Numbers from 0 to 1 that look drawn and are the same every time (a linear congruential generator). */
function drawer(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  }
}

function shuffle(order: number[], chance: () => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(chance() * (i + 1))
    const kept = order[i] ?? 0
    order[i] = order[j] ?? 0
    order[j] = kept
  }
}
