import { isRecord } from './prompt.ts';

/** Tokens of one call. */
export interface Usage {
  readonly prompt: number;
  readonly completion: number;
  readonly total: number;
}

export const noUsage: Usage = { prompt: 0, completion: 0, total: 0 };

/** What a response, or one event of a stream, says about tokens; each part null when it does not say it. */
export interface ReportedUsage {
  readonly prompt: number | null;
  readonly completion: number | null;
  readonly total: number | null;
}

/**
 * Reads `usage` of OpenAI's chat completions, completions and embeddings (`prompt_tokens` ...), of its responses and of
 * Anthropic's messages (`input_tokens` ...), also where an event has it in `response` or `message`.
 */
export function reportedUsage(body: unknown): ReportedUsage | null {
  if (!isRecord(body)) return null;
  const usage = [body, body.response, body.message].map((one) => (isRecord(one) ? one.usage : null)).find(isRecord);
  if (!usage) return null;
  return {
    prompt: whole(usage.prompt_tokens) ?? whole(usage.input_tokens),
    completion: whole(usage.completion_tokens) ?? whole(usage.output_tokens),
    total: whole(usage.total_tokens),
  };
}

/** The text that a model produced, in a response or in one event of a stream. */
export function completionText(body: unknown): string {
  if (!isRecord(body)) return '';
  const choices = Array.isArray(body.choices) ? body.choices : [];
  const texts = choices.map((choice) => (isRecord(choice) ? choiceText(choice) : ''));
  // Responses: `{ type: "response.output_text.delta", delta: "..." }`. Anthropic: `{ delta: { text: "..." } }`.
  if (typeof body.delta === 'string' && String(body.type).endsWith('.delta')) texts.push(body.delta);
  else if (isRecord(body.delta) && typeof body.delta.text === 'string') texts.push(body.delta.text);
  return texts.join('');
}

function choiceText(choice: Readonly<Record<string, unknown>>): string {
  const message = isRecord(choice.delta) ? choice.delta : isRecord(choice.message) ? choice.message : null;
  if (!message) return typeof choice.text === 'string' ? choice.text : '';
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls : [];
  const functions = calls.map((call) => {
    const called = isRecord(call) && isRecord(call.function) ? call.function : null;
    return [called?.name, called?.arguments].filter((text) => typeof text === 'string').join('');
  });
  const texts = [message.content, message.reasoning_content, message.refusal].filter(
    (text) => typeof text === 'string',
  );
  return [...texts, ...functions].join('');
}

function whole(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.trunc(value) : null;
}
