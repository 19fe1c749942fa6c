import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import { attributeOf, type PolicyElement } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import { headerNameProblem } from '../message/header-rules.ts';
import { PolicyError } from '../policy-error.ts';
import type { WindowState } from '../ports/ports.ts';
import type { AttributeSchema } from '../schema/definition.ts';

const name: AttributeSchema = { type: 'string', expression: false, nonEmpty: true };

/** Attributes that say where `rate-limit` and `rate-limit-by-key` report what is left. */
export const limitReportAttributes: Readonly<Record<string, AttributeSchema>> = {
  'retry-after-header-name': { ...name, default: 'Retry-After' },
  'retry-after-variable-name': name,
  'remaining-calls-header-name': name,
  'remaining-calls-variable-name': name,
  'total-calls-header-name': name,
};

export function validateLimitReport(element: PolicyElement, compiler: PolicyCompiler): void {
  for (const attribute of ['retry-after-header-name', 'remaining-calls-header-name', 'total-calls-header-name']) {
    const value = attributeOf(element, attribute)?.value;
    const problem = value && headerNameProblem(value.text);
    if (problem) compiler.report(element, problem, value.at);
  }
}

export interface LimitReport {
  /** The call goes through: variables now, headers on whatever response is sent. */
  allowed(exchange: Exchange, limit: number, remaining: number): void;
  /** The error to throw: 429 with the headers; variables are set for on-error. */
  rejected(exchange: Exchange, limit: number, state: WindowState): PolicyError;
}

export function compileLimitReport(element: PolicyElement, compiler: PolicyCompiler): LimitReport {
  const given = (attribute: string): string | null => compiler.string(element, attribute).constant ?? null;
  const retryHeader = given('retry-after-header-name') ?? 'Retry-After';
  const retryVariable = given('retry-after-variable-name');
  const remainingHeader = given('remaining-calls-header-name');
  const remainingVariable = given('remaining-calls-variable-name');
  const totalHeader = given('total-calls-header-name');

  const headers = (limit: number, remaining: number): (readonly [string, string])[] => [
    ...(remainingHeader === null ? [] : [[remainingHeader, String(remaining)] as const]),
    ...(totalHeader === null ? [] : [[totalHeader, String(limit)] as const]),
  ];

  return {
    allowed(exchange, limit, remaining) {
      if (remainingVariable !== null) exchange.variables.set(remainingVariable, remaining);
      if (remainingHeader === null && totalHeader === null) return;
      exchange.atEnd.push(() => {
        for (const [header, value] of headers(limit, remaining)) exchange.response?.headers.set(header, value);
      });
    },
    rejected(exchange, limit, state) {
      // Rounded up, so that whoever waits as long as told gets through.
      const seconds = Math.max(1, Math.ceil(state.retryAfterMs / 1000));
      if (retryVariable !== null) exchange.variables.set(retryVariable, seconds);
      if (remainingVariable !== null) exchange.variables.set(remainingVariable, state.remaining);
      return new PolicyError('RateLimitExceeded', 'Rate limit is exceeded', {
        status: 429,
        reasonPhrase: 'Too Many Requests',
        headers: [[retryHeader, String(seconds)], ...headers(limit, state.remaining)],
        message: `Rate limit is exceeded. Try again in ${seconds} seconds.`,
      });
    },
  };
}
