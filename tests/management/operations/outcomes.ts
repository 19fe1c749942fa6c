import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Answer } from '../kit.ts';

/** Statuses that the official SDK accepts, by path and method. */
export type OperationTable = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;

/** What came of one operation. */
export interface Outcome {
  /** `GET service/apis` */
  readonly operation: string;
  readonly kind: 'served' | 'refused' | 'not applicable' | 'wrong';
  readonly detail: string;
}

/** Operations on things that there never are, with the reason: they answer that there is none. */
export type NotApplicable = Readonly<Record<string, string>>;

export function readTable(name: string): OperationTable {
  return JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8'));
}

export function outcomeOf(
  operation: string,
  answer: Answer,
  accepted: readonly number[],
  notApplicable: NotApplicable,
): Outcome {
  if (accepted.includes(answer.status)) return { operation, kind: 'served', detail: String(answer.status) };
  const message: string = answer.json?.error?.message ?? '';
  if (/^Not supported by Lazuli: .*\.$/.test(message)) return { operation, kind: 'refused', detail: message };
  if (operation in notApplicable && answer.status === 404)
    return { operation, kind: 'not applicable', detail: message };
  // HEAD has no body to say so in.
  if (operation.startsWith('HEAD ') && answer.status === 400) return { operation, kind: 'refused', detail: 'HEAD' };
  return { operation, kind: 'wrong', detail: `${answer.status} ${answer.text.slice(0, 300)}` };
}

/**
 * Expects that nothing is wrong, that every operation of the table was asked for (but for those that were `servedBefore`), and that
 * `NAME.outcomes.json`, from which docs/compatibility.md is made, says the same. After a change: UPDATE_OUTCOMES=1, then
 * `npm run compatibility`.
 */
export function expectOutcomes(
  name: string,
  outcomes: readonly Outcome[],
  options: { readonly notApplicable?: NotApplicable; readonly servedBefore?: readonly string[] } = {},
): void {
  const wrong = outcomes.filter(({ kind }) => kind === 'wrong');
  expect(wrong.map(({ operation, detail }) => `${operation}: ${detail}`)).toEqual([]);
  const found = byPath(readTable(name), outcomes, options.notApplicable ?? {}, options.servedBefore ?? []);
  const file = new URL(`./${name}.outcomes.json`, import.meta.url);
  if (process.env.UPDATE_OUTCOMES === '1') writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`);
  expect(found).toEqual(JSON.parse(readFileSync(file, 'utf8')));
}

/** An operation that was asked for twice (made and replaced, deleted and gone) counts once. */
function byPath(
  table: OperationTable,
  outcomes: readonly Outcome[],
  notApplicable: NotApplicable,
  servedBefore: readonly string[],
): Record<string, Record<string, string>> {
  const kinds = new Map(outcomes.map((outcome) => [outcome.operation, outcome]));
  const found: Record<string, Record<string, string>> = {};
  for (const [path, methods] of Object.entries(table)) {
    const own: Record<string, string> = {};
    for (const method of Object.keys(methods)) {
      const operation = `${method} ${path}`;
      const outcome = kinds.get(operation);
      if (outcome === undefined && !servedBefore.includes(operation)) throw new Error(`${operation} was not asked for`);
      own[method] =
        outcome === undefined || outcome.kind === 'served'
          ? 'served'
          : `${outcome.kind}: ${reasonOf(outcome, path, kinds, notApplicable)}`;
    }
    found[path] = own;
  }
  return found;
}

function reasonOf(
  outcome: Outcome,
  path: string,
  kinds: ReadonlyMap<string, Outcome>,
  notApplicable: NotApplicable,
): string {
  const reason = notApplicable[outcome.operation];
  if (reason !== undefined) return reason;
  const told = outcome.operation.startsWith('HEAD ') ? (kinds.get(`GET ${path}`) ?? outcome) : outcome;
  return told.detail.replace(/^Not supported by Lazuli: |\.$/g, '');
}
