import type { JsonObject, JsonValue } from '../json/values.ts';
import type { ErrorBody } from '../ports.ts';

/** Shorter strings are not hidden: they would hide half of every message. */
const shortest = 4;
const hidden = '******';

/** The values of secure parameters of a deployment, so that no message shows one. */
export class Secrets {
  readonly #values = new Set<string>();

  /** Every string in `value` is a secret from now on. */
  add(value: JsonValue): void {
    if (typeof value === 'string' && value.length >= shortest) this.#values.add(value);
    else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) this.add(item);
  }

  redact(text: string): string {
    let result = text;
    for (const value of [...this.#values].sort((a, b) => b.length - a.length))
      result = result.replaceAll(value, hidden);
    return result;
  }

  redactError(error: ErrorBody): ErrorBody {
    return {
      ...error,
      message: this.redact(error.message),
      ...(error.details ? { details: error.details.map((each) => this.redactError(each)) } : {}),
    };
  }

  redactJson<T extends JsonValue>(value: T): T;
  redactJson(value: JsonValue): JsonValue {
    if (typeof value === 'string') return this.redact(value);
    if (Array.isArray(value)) return value.map((item) => this.redactJson(item));
    if (typeof value !== 'object' || value === null) return value;
    const copy: JsonObject = Object.create(null);
    for (const [key, item] of Object.entries(value)) copy[key] = this.redactJson(item);
    return copy;
  }
}
