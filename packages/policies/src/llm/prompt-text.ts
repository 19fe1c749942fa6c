import { isRecord } from './prompt.ts';

/** A message of a conversation, or the whole prompt of a completion. */
export interface PromptMessage {
  /** `user`, `system`, `assistant` ...; `user` for a prompt that has no messages. */
  readonly role: string;
  readonly text: string;
}

/**
 * The texts of a request's prompt: chat completions (`messages`), completions (`prompt`), responses (`instructions`,
 * `input`). Empty for a body that has none of them.
 */
export function promptMessages(body: unknown): readonly PromptMessage[] {
  if (!isRecord(body)) return [];
  const { messages, prompt, input, instructions } = body;
  if (Array.isArray(messages)) {
    const system = contentText(body.system);
    const all = messages.filter(isRecord).map(messageOf);
    return system === '' ? all : [{ role: 'system', text: system }, ...all];
  }
  const found: PromptMessage[] = typeof instructions === 'string' ? [{ role: 'system', text: instructions }] : [];
  const asked = prompt ?? input;
  if (typeof asked === 'string') found.push({ role: 'user', text: asked });
  if (Array.isArray(asked))
    for (const item of asked) {
      if (typeof item === 'string') found.push({ role: 'user', text: item });
      else if (isRecord(item)) found.push(messageOf(item));
    }
  return found.filter(({ text }) => text !== '');
}

const messageOf = (message: Readonly<Record<string, unknown>>): PromptMessage => ({
  role: typeof message.role === 'string' ? message.role : 'user',
  text: contentText(message.content),
});

/** A text, or the texts among its parts. */
function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .filter(isRecord)
    .flatMap(({ text }) => (typeof text === 'string' ? text : []))
    .join('\n');
}
