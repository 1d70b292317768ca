import { createLlm, troubleOf } from '../../adapters/llm/index.ts'
import {
  asMaterial,
  instructions,
  secondReadingSchema,
} from '../../workflows/understanding/second-reading.ts'
import type { LlmConfig } from '../config.ts'
import { note, ok, wrong, type Finding } from './finding.ts'

/** Nobody's words: made up for this. */
const invented = '楼道的灯昨晚坏了，希望派人来修。'

/** The language model: whether it reads an invented message as it will read those of residents. */
export async function checkModel(config: LlmConfig | null): Promise<Finding[]> {
  if (config === null) return [note('LLM_BASE_URL is not set: messages are read by rules alone.')]
  const llm = createLlm(config, { clock: Date.now })
  const began = Date.now()
  const reply = await llm.ask({
    instructions,
    text: asMaterial(invented),
    schema: secondReadingSchema,
  })
  llm.stop()
  if (reply.type === 'answered')
    return [ok(`the language model answers as it should (${((Date.now() - began) / 1000).toFixed(1)} s).`)]
  const trouble = reply.type === 'passed' ? 'the language model was not asked.' : troubleOf(reply.why)
  return [wrong(trouble)]
}
