import type { Exchange } from '../exchange.ts';
import { callBackend } from '../outgoing/call-backend.ts';
import { PolicyError } from '../policy-error.ts';
import { isRecord } from './prompt.ts';

/** What a text is checked for, by Azure AI Content Safety. */
export interface SafetyRules {
  readonly backendId: string;
  readonly categories: readonly { readonly name: string; readonly threshold: number }[];
  readonly outputType: string;
  readonly blocklists: readonly string[];
  /** Ask whether the text attacks the model (prompt shields). */
  readonly shieldPrompt: boolean;
}

/** The longest text that the service takes, in characters. */
export const largestWindow = 10_000;
/** Of the REST API; a backend entity with `api-version` among its query parameters has its own. */
const query = 'api-version=2024-09-01';
const timeoutMs = 10_000;
/** Windows of one text that are asked about at once. */
const atOnce = 4;

/**
 * Checks a text in windows.
 * @throws {PolicyError} ContentSafetyCheckFailed for a text that must not pass, and for one that cannot be checked.
 */
export async function checkSafety(exchange: Exchange, rules: SafetyRules, windows: readonly string[]): Promise<void> {
  for (let i = 0; i < windows.length; i += atOnce)
    await Promise.all(windows.slice(i, i + atOnce).map((text) => checkWindow(exchange, rules, text)));
}

/** Cuts a text into windows that begin `size - overlap` characters after each other. */
export function windowsOf(text: string, size: number, overlap: number): string[] {
  const step = Math.max(1, size - overlap);
  const windows: string[] = [];
  for (let start = 0; start === 0 || start + overlap < text.length; start += step) {
    const window = text.slice(start, start + size);
    if (window.trim() !== '') windows.push(window);
  }
  return windows;
}

async function checkWindow(exchange: Exchange, rules: SafetyRules, text: string): Promise<void> {
  let finding: string | null;
  try {
    finding = (await shieldFinding(exchange, rules, text)) ?? (await analysisFinding(exchange, rules, text));
  } catch (error) {
    // Nobody knows what is in it: it does not pass.
    throw failed('The content safety backend gave no answer that can be used.', error);
  }
  if (finding !== null) throw failed(finding);
}

export const failed = (reason: string, cause?: unknown): PolicyError =>
  new PolicyError(
    'ContentSafetyCheckFailed',
    reason,
    { status: 403, message: 'Request failed content safety check' },
    { cause },
  );

async function shieldFinding(exchange: Exchange, rules: SafetyRules, userPrompt: string): Promise<string | null> {
  if (!rules.shieldPrompt) return null;
  const answer = await ask(exchange, rules, '/contentsafety/text:shieldPrompt', { userPrompt, documents: [] });
  const analysis = answer.userPromptAnalysis;
  if (!isRecord(analysis) || typeof analysis.attackDetected !== 'boolean')
    throw new TypeError('The answer has no userPromptAnalysis.');
  return analysis.attackDetected ? 'The prompt attacks the model.' : null;
}

async function analysisFinding(exchange: Exchange, rules: SafetyRules, text: string): Promise<string | null> {
  const { blocklists, categories, outputType } = rules;
  if (categories.length === 0 && blocklists.length === 0) return null;
  const answer = await ask(exchange, rules, '/contentsafety/text:analyze', {
    text,
    ...(categories.length > 0 ? { categories: categories.map(({ name }) => name), outputType } : {}),
    ...(blocklists.length > 0 ? { blocklistNames: blocklists, haltOnBlocklistHit: true } : {}),
  });
  const matches = Array.isArray(answer.blocklistsMatch) ? answer.blocklistsMatch : [];
  if (matches.length > 0) return 'The text holds an item of a blocklist.';
  if (categories.length === 0) return null;
  if (!Array.isArray(answer.categoriesAnalysis)) throw new TypeError('The answer has no categoriesAnalysis.');
  for (const { name, threshold } of categories) {
    const found = answer.categoriesAnalysis.filter(isRecord).find(({ category }) => category === name);
    if (typeof found?.severity !== 'number') throw new TypeError(`The answer says nothing of ${name}.`);
    if (found.severity >= threshold)
      return `The text has the severity ${found.severity} of ${name}; the threshold is ${threshold}.`;
  }
  return null;
}

async function ask(
  exchange: Exchange,
  { backendId }: SafetyRules,
  path: string,
  json: unknown,
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await callBackend(exchange, { backendId, path, query, json, authorization: null, timeoutMs });
  if (!isRecord(answer)) throw new TypeError('The answer is no JSON object.');
  return answer;
}
