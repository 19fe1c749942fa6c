import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import { attributeOf, type PolicyElement } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import { headerNameProblem } from '../message/header-rules.ts';
import type { AttributeSchema } from '../schema/definition.ts';

const name: AttributeSchema = { type: 'string', expression: false, nonEmpty: true };

/** What a token limit reports, in a header, in a variable, or not. */
const facts = ['remaining-tokens', 'remaining-quota-tokens', 'tokens-consumed'] as const;
export type TokenFact = (typeof facts)[number];

export const tokenReportAttributes: Readonly<Record<string, AttributeSchema>> = {
  'retry-after-header-name': { ...name, default: 'Retry-After' },
  'retry-after-variable-name': name,
  'remaining-tokens-header-name': name,
  'remaining-tokens-variable-name': name,
  'remaining-quota-tokens-header-name': name,
  'remaining-quota-tokens-variable-name': name,
  'tokens-consumed-header-name': name,
  'tokens-consumed-variable-name': name,
};

export function validateTokenReport(element: PolicyElement, compiler: PolicyCompiler): void {
  for (const attribute of ['retry-after', ...facts].map((fact) => `${fact}-header-name`)) {
    const value = attributeOf(element, attribute)?.value;
    const problem = value && headerNameProblem(value.text);
    if (problem) compiler.report(element, problem, value.at);
  }
}

export interface TokenReport {
  /** Does anybody want to know what the answer used? */
  readonly isWanted: boolean;
  /** Writes variables now, and headers of an answer when it is sent. A later value of the same fact replaces an earlier one. */
  set(exchange: Exchange, known: Readonly<Partial<Record<TokenFact, number>>>): void;
  /** Headers of a refusal; the variable is set. */
  retryAfter(exchange: Exchange, seconds: number | null): (readonly [string, string])[];
}

export function compileTokenReport(element: PolicyElement, compiler: PolicyCompiler): TokenReport {
  const given = (attribute: string): string | null => compiler.string(element, attribute).constant ?? null;
  const places = facts.map((fact) => ({
    fact,
    header: given(`${fact}-header-name`),
    variable: given(`${fact}-variable-name`),
  }));
  const retryHeader = given('retry-after-header-name') ?? 'Retry-After';
  const retryVariable = given('retry-after-variable-name');
  const hasHeaders = places.some(({ header }) => header !== null);
  const note = Symbol('token report');

  return {
    isWanted: places.some(({ header, variable }) => header !== null || variable !== null),
    set(exchange, known) {
      for (const { fact, variable } of places) {
        const value = known[fact];
        if (variable !== null && value !== undefined) exchange.variables.set(variable, value);
      }
      if (!hasHeaders) return;
      const values = exchange.notes.get(note);
      if (values instanceof Map) {
        for (const [fact, value] of Object.entries(known)) values.set(fact, value);
        return;
      }
      const latest = new Map(Object.entries(known));
      exchange.notes.set(note, latest);
      exchange.atEnd.push(() => {
        for (const { fact, header } of places) {
          const value = latest.get(fact);
          if (header !== null && value !== undefined) exchange.response?.headers.set(header, String(value));
        }
      });
    },
    retryAfter(exchange, seconds) {
      if (seconds === null) return [];
      if (retryVariable !== null) exchange.variables.set(retryVariable, seconds);
      return [[retryHeader, String(seconds)]];
    },
  };
}
