import type { z } from 'zod'
import { APICallError, generateText, NoObjectGeneratedError, NoOutputGeneratedError, Output } from 'ai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'

/** Where the model is, and which one. */
export interface LlmSettings {
  readonly baseUrl: string
  /** null: the server asks for none. */
  readonly apiKey: string | null
  readonly model: string
  /** Goes with every request, over what we send by ourselves: how a provider is told not to think aloud, for example. */
  readonly extraBody: Readonly<Record<string, unknown>>
}

export interface Question<T> {
  /** What the model is to do, the shape of its answer among it; says the word JSON, without which some refuse. */
  readonly instructions: string
  readonly text: string
  readonly schema: z.ZodType<T>
}

/** Why there is no answer that can be used. */
export type Failure =
  | 'refused'
  | 'blank'
  | 'truncated'
  | 'invalid'
  | 'slow'
  | 'unreachable'
  | 'unauthorised'
  | 'limited'
  | 'rejected'
  | 'down'

export type Reply<T> =
  { readonly type: 'answered'; readonly answer: T } | { readonly type: 'failed'; readonly why: Failure }

/** An answer takes some 150 tokens; whoever writes more is talking. */
const MOST_TOKENS = 1_000

/** An answer as large as this is none. */
const MOST_BYTES = 64 * 1024

// The SDK writes its own remarks to the console, beside our one logger.
globalThis.AI_SDK_LOG_WARNINGS = false

/**
 * One call of an OpenAI-compatible chat, without retry. The answer is JSON that fits the schema, or a failure: what the
 * model or the server said is kept nowhere, since it may quote the question. Never throws; `signal` ends the whole call.
 */
export async function callModel<T>(
  { baseUrl, apiKey, model, extraBody }: LlmSettings,
  { instructions, text, schema }: Question<T>,
  signal: AbortSignal,
): Promise<Reply<T>> {
  const provider = createOpenAICompatible({
    name: 'llm',
    baseURL: baseUrl,
    fetch: guardedFetch,
    transformRequestBody: (body) => ({ ...body, ...extraBody, messages: body.messages as unknown }),
    ...(apiKey === null ? {} : { apiKey }),
  })
  try {
    const result = await generateText({
      model: provider(model),
      system: instructions,
      prompt: text,
      // Sent as `json_object`, which every such server knows; `json_schema` many do not. The schema is checked here.
      output: Output.object({ schema }),
      temperature: 0,
      maxOutputTokens: MOST_TOKENS,
      maxRetries: 0,
      abortSignal: signal,
    })
    if (result.finishReason === 'length') return failed('truncated')
    if (result.finishReason === 'content-filter') return failed('refused')
    return { type: 'answered', answer: result.output }
  } catch (error) {
    return failed(signal.aborted ? 'slow' : failureOf(error))
  }
}

const failed = (why: Failure): { readonly type: 'failed'; readonly why: Failure } => ({ type: 'failed', why })

function failureOf(error: unknown): Failure {
  if (NoObjectGeneratedError.isInstance(error)) {
    if (error.finishReason === 'length') return 'truncated'
    if (error.finishReason === 'content-filter') return 'refused'
    return (error.text ?? '').trim() === '' ? 'blank' : 'invalid'
  }
  if (NoOutputGeneratedError.isInstance(error)) return 'blank'
  if (APICallError.isInstance(error)) return statusFailure(error.statusCode)
  return 'invalid'
}

/** 400 is mostly the provider's own censor (`Content Exists Risk`): about this text, not about the service. */
function statusFailure(status: number | undefined): Failure {
  if (status === undefined) return 'unreachable'
  if (status < 300) return 'invalid'
  if (status === 401 || status === 402 || status === 403) return 'unauthorised'
  if (status === 429) return 'limited'
  if (status === 408 || status >= 500) return 'down'
  return status === 400 || status === 422 ? 'refused' : 'rejected'
}

/** Follows no redirect, since words and key are for this address alone, and reads no endless answer. */
const guardedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, { ...init, redirect: 'manual' })
  if (response.body === null) return response
  let bytes = 0
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength
      if (bytes > MOST_BYTES) controller.error(new Error('the answer is too large'))
      else controller.enqueue(chunk)
    },
  })
  const { status, statusText, headers } = response
  return new Response(response.body.pipeThrough(counted), { status, statusText, headers })
}
