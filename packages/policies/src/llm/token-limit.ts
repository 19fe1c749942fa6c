import type { PolicyCompiler, Value } from '../compile/policy-compiler.ts';
import { attributeOf, type PolicyElement } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import type { QuotaWindow } from '../limits/quota-window.ts';
import type { Step } from '../pipeline/step.ts';
import { PolicyError } from '../policy-error.ts';
import type { PolicyDefinition } from '../schema/definition.ts';
import { type LlmCall, llmCallOf } from './llm-call.ts';
import type { PromptType } from './prompt.ts';
import { asQuotaPeriod, quotaPeriodAt, quotaPeriods } from './quota-period.ts';
import { compileTokenReport, type TokenReport, tokenReportAttributes, validateTokenReport } from './token-report.ts';
import { noUsage } from './usage.ts';
import { waitingTime } from './waiting-time.ts';

const minute = 60_000;

/** `llm-token-limit` under either of its names. */
export function tokenLimitPolicy(name: string): PolicyDefinition {
  return {
    name,
    sections: ['inbound'],
    scopes: ['global', 'workspace', 'product', 'api', 'operation'],
    element: {
      attributes: {
        'counter-key': { type: 'string', required: true, expression: true },
        'tokens-per-minute': { type: 'int', expression: true, min: 0 },
        'token-quota': { type: 'long', expression: true, min: 0, max: Number.MAX_SAFE_INTEGER },
        'token-quota-period': { type: 'enum', values: quotaPeriods, default: 'Indefinite', expression: true },
        'estimate-prompt-tokens': { type: 'boolean', expression: true },
        'estimate-prompt-token': {
          type: 'boolean',
          expression: true,
          note: 'a misspelling that the policy toolkit writes',
        },
        'prompt-type': {
          type: 'enum',
          values: ['auto', 'chat-completion', 'completion', 'embeddings'],
          default: 'auto',
          expression: false,
          note: 'undocumented',
        },
        'ignore-prompt': { type: 'boolean', default: 'false', expression: false, note: 'undocumented' },
        ...tokenReportAttributes,
      },
    },
    validate(element, compiler) {
      validateTokenReport(element, compiler);
      if (!compiler.has(element, 'tokens-per-minute') && !compiler.has(element, 'token-quota'))
        compiler.report(element, "At least one of the attributes 'tokens-per-minute' and 'token-quota' is required.");
      const misspelt = attributeOf(element, 'estimate-prompt-token');
      if (misspelt)
        compiler.warn(
          element,
          "The attribute is called 'estimate-prompt-tokens'; this spelling is accepted.",
          misspelt.at,
        );
      else if (!compiler.has(element, 'estimate-prompt-tokens'))
        compiler.report(element, "The required attribute 'estimate-prompt-tokens' is missing.");
    },
    compile: compileTokenLimit,
    notes:
      "Tokens are counted with OpenAI's tokenizers (by the model's name; o200k for those that are not known), the answer's usage counts when it says one. A stream is counted while it flows. Tokens per minute are an exact sliding window over 60 seconds; what an estimate took too much stays taken there, and is given back to the quota. Weeks begin on Monday. The counter belongs to the key alone. An image in the prompt counts 1200 tokens.",
  };
}

interface Limits {
  readonly perMinute: number | null;
  readonly quota: { readonly tokens: number; readonly window: QuotaWindow } | null;
  readonly minuteKey: string;
  readonly quotaKey: string;
}

function compileTokenLimit(element: PolicyElement, compiler: PolicyCompiler): Step {
  const key = compiler.string(element, 'counter-key');
  const perMinute = compiler.has(element, 'tokens-per-minute') ? compiler.int(element, 'tokens-per-minute') : null;
  const quota = compiler.has(element, 'token-quota') ? compiler.long(element, 'token-quota') : null;
  const period = compiler.choice(element, 'token-quota-period');
  const estimates = compiler.boolean(
    element,
    compiler.has(element, 'estimate-prompt-tokens') ? 'estimate-prompt-tokens' : 'estimate-prompt-token',
  );
  const ignoresPrompt = compiler.boolean(element, 'ignore-prompt').constant === true;
  const type = promptTypeOf(compiler.choice(element, 'prompt-type').constant);
  const report = compileTokenReport(element, compiler);

  return async (exchange) => {
    // What expressions say is asked before anything waits.
    const limits = limitsOf(exchange, key, perMinute, quota, period);
    const isEstimated = estimates.get(exchange);
    const call = await llmCallOf(exchange, type);
    const prompt = !ignoresPrompt && (isEstimated || call.request.isStream) ? call.promptTokens() : 0;
    const left = await reserve(exchange, limits, prompt, report);
    report.set(exchange, { ...left, 'tokens-consumed': prompt });
    if (report.isWanted) call.wantEarly();
    settle(exchange, call, limits, { prompt, ignoresPrompt }, report, left);
    return undefined;
  };
}

type Left = Readonly<Partial<Record<'remaining-tokens' | 'remaining-quota-tokens', number>>>;

function limitsOf(
  exchange: Exchange,
  key: Value<string | null>,
  perMinute: Value<number> | null,
  quota: Value<bigint> | null,
  period: Value<string>,
): Limits {
  const name = key.get(exchange) ?? '';
  const quotaPeriod = asQuotaPeriod(period.get(exchange));
  return {
    perMinute: perMinute?.get(exchange) ?? null,
    quota: quota && {
      tokens: Number(quota.get(exchange)),
      window: quotaPeriodAt(quotaPeriod, exchange.ports.clock.now()),
    },
    minuteKey: JSON.stringify(['llm-token-limit', name]),
    quotaKey: JSON.stringify(['llm-token-quota', name, quotaPeriod]),
  };
}

/** Takes the prompt's tokens, or none when they are not estimated. @throws {PolicyError} when they do not fit. */
async function reserve(exchange: Exchange, limits: Limits, prompt: number, report: TokenReport): Promise<Left> {
  const { counters, clock } = exchange.ports;
  const left: { -readonly [K in keyof Left]: Left[K] } = {};
  const { quota, perMinute } = limits;
  const addToQuota = (window: QuotaWindow, amount: number) =>
    counters.addToFixedWindow(limits.quotaKey, window.start, window.end, amount);
  if (quota) {
    const sum = await addToQuota(quota.window, prompt);
    if (prompt > 0 ? sum > quota.tokens : sum >= quota.tokens) {
      if (prompt > 0) await addToQuota(quota.window, -prompt);
      const { end } = quota.window;
      const fits = prompt <= quota.tokens && end !== null;
      throw refusal(exchange, report, 'quota', fits ? Math.ceil((end - clock.now()) / 1000) : null);
    }
    left['remaining-quota-tokens'] = Math.max(0, quota.tokens - sum);
  }
  if (perMinute !== null) {
    const state = await counters.slidingWindow(limits.minuteKey, perMinute, minute, prompt);
    if (!state.allowed) {
      if (quota && prompt > 0) await addToQuota(quota.window, -prompt);
      const fits = Math.max(prompt, 1) <= perMinute;
      throw refusal(exchange, report, 'limit', fits ? Math.ceil(state.retryAfterMs / 1000) : null);
    }
    left['remaining-tokens'] = state.remaining;
  }
  return left;
}

/** `seconds` null: it would never fit. */
function refusal(
  exchange: Exchange,
  report: TokenReport,
  kind: 'limit' | 'quota',
  seconds: number | null,
): PolicyError {
  const wait = seconds === null ? null : Math.max(1, seconds);
  const message = `Token ${kind} is exceeded.${wait === null ? '' : ` Try again in ${waitingTime(wait)}.`}`;
  const headers = report.retryAfter(exchange, wait);
  report.set(exchange, { [kind === 'limit' ? 'remaining-tokens' : 'remaining-quota-tokens']: 0 });
  return kind === 'limit'
    ? new PolicyError('TokenLimitExceeded', message, { status: 429, headers, message })
    : new PolicyError('TokenQuotaExceeded', message, { status: 403, headers, message });
}

/** Counts what the answer used beyond the tokens that were taken, each time a backend answers. */
function settle(
  exchange: Exchange,
  call: LlmCall,
  limits: Limits,
  taken: { readonly prompt: number; readonly ignoresPrompt: boolean },
  report: TokenReport,
  left: Left,
): void {
  let counted = taken.prompt;
  let spent = taken.prompt;
  const { counters, log } = exchange.ports;
  const failed = (error: unknown) =>
    log.write('error', 'Tokens could not be counted.', {
      requestId: exchange.id,
      error: error instanceof Error ? error.message : String(error),
    });
  const add = (tokens: number) => {
    if (limits.perMinute !== null && tokens > 0)
      Promise.resolve(counters.addToSlidingWindow(limits.minuteKey, minute, tokens)).catch(failed);
    if (limits.quota && tokens !== 0) {
      const { start, end } = limits.quota.window;
      Promise.resolve(counters.addToFixedWindow(limits.quotaKey, start, end, tokens)).catch(failed);
    }
  };
  call.onUsage((usage) => {
    const { total, completion } = usage ?? noUsage;
    const used = taken.ignoresPrompt ? completion : total;
    // The first answer is what the tokens were taken for; another attempt uses its own.
    const tokens = used - counted;
    counted = 0;
    spent += tokens;
    add(tokens);
    const now: { -readonly [K in keyof Left]: Left[K] } = {};
    const more = spent - taken.prompt;
    if (left['remaining-tokens'] !== undefined)
      now['remaining-tokens'] = Math.max(0, left['remaining-tokens'] - Math.max(0, more));
    if (left['remaining-quota-tokens'] !== undefined)
      now['remaining-quota-tokens'] = Math.max(0, left['remaining-quota-tokens'] - more);
    report.set(exchange, { ...now, 'tokens-consumed': used });
  });
}

const promptTypeOf = (text: string | undefined): PromptType =>
  text === 'chat-completion' || text === 'completion' || text === 'embeddings' ? text : 'auto';
