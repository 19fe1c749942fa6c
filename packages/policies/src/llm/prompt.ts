import type { Tokenizer } from './tokenizer.ts';

export type PromptType = 'auto' | 'chat-completion' | 'completion' | 'embeddings';

/** Tokens of an image when nothing is known of it: the most that one can have. */
const tokensPerImage = 1_200;
/** What the chat format adds to each message and to the whole (OpenAI cookbook, "How to count tokens"). */
const tokensPerMessage = 3;
const tokensPerName = 1;
const tokensOfReply = 3;

/**
 * Estimates the tokens of a request's prompt: chat completions (`messages`), completions (`prompt`), embeddings and
 * responses (`input`). 0 for a body that has none of them.
 */
export function promptTokens(body: unknown, type: PromptType, tokenizer: Tokenizer): number {
  if (!isRecord(body)) return 0;
  const { messages, prompt, input, instructions, tools, functions } = body;
  const extras = [tools, functions]
    .filter((one) => one !== undefined)
    .map((one) => tokenizer.count(JSON.stringify(one)));
  const toolTokens = extras.reduce((sum, tokens) => sum + tokens, 0);
  const isChat = type === 'chat-completion' || (type === 'auto' && messages !== undefined);
  if (isChat) return chatTokens(messages, tokenizer) + toolTokens;
  const isCompletion = type === 'completion' || (type === 'auto' && prompt !== undefined);
  if (isCompletion) return inputTokens(prompt, tokenizer);
  return inputTokens(input, tokenizer) + inputTokens(instructions, tokenizer) + toolTokens;
}

function chatTokens(messages: unknown, tokenizer: Tokenizer): number {
  if (!Array.isArray(messages)) return 0;
  let tokens = tokensOfReply;
  for (const message of messages) {
    if (!isRecord(message)) continue;
    tokens += tokensPerMessage + contentTokens(message.content, tokenizer);
    for (const [name, value] of Object.entries(message)) {
      if (name === 'content') continue;
      if (typeof value === 'string') tokens += tokenizer.count(value);
      else if (value !== null && typeof value === 'object') tokens += tokenizer.count(JSON.stringify(value));
      if (name === 'name') tokens += tokensPerName;
    }
  }
  return tokens;
}

/** A text, or parts: texts and images. */
function contentTokens(content: unknown, tokenizer: Tokenizer): number {
  if (typeof content === 'string') return tokenizer.count(content);
  if (!Array.isArray(content)) return 0;
  let tokens = 0;
  for (const part of content) {
    if (!isRecord(part)) continue;
    if (typeof part.text === 'string') tokens += tokenizer.count(part.text);
    else if (typeof part.type === 'string' && part.type.includes('image')) tokens += tokensPerImage;
  }
  return tokens;
}

/** A text, texts, numbers of tokens, or messages. */
function inputTokens(input: unknown, tokenizer: Tokenizer): number {
  if (typeof input === 'string') return tokenizer.count(input);
  if (!Array.isArray(input)) return 0;
  let tokens = 0;
  for (const item of input) {
    if (typeof item === 'string') tokens += tokenizer.count(item);
    else if (typeof item === 'number') tokens++;
    else if (Array.isArray(item)) tokens += item.length;
    else if (isRecord(item)) tokens += tokensPerMessage + contentTokens(item.content, tokenizer);
  }
  return tokens;
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
