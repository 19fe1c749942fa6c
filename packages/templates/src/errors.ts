import { type TemplateErrorName, templateErrors } from './error-table.ts';
import type { Position } from './json/positions.ts';
import type { JsonValue } from './json/values.ts';
import type { ErrorBody } from './ports.ts';

/** A template, its parameters or its deployment is at fault. `toBody()` is the `error` of the response. */
export class TemplateError extends Error {
  override readonly name: string = 'TemplateError';
  /** Row of `templateErrors`. */
  readonly problem: TemplateErrorName;
  readonly code: string;
  readonly status: number;
  readonly target: string | undefined;
  readonly details: readonly ErrorBody[];
  readonly position: Position | undefined;
  /** JSON path of the place, `properties.template.resources[0].name` without the beginning. */
  readonly path: string;
  readonly #values: Values;

  constructor(problem: TemplateErrorName, values: Values = {}, place: Place = {}) {
    super(fill(templateErrors[problem].message, values));
    this.problem = problem;
    this.#values = values;
    this.code = templateErrors[problem].code;
    this.status = templateErrors[problem].status;
    this.position = place.position;
    this.path = place.path ?? '';
    this.target = place.target;
    this.details = place.details ?? [];
  }

  /** The same error with a place, for one that was thrown where the place is not known. */
  at(position: Position, path = this.path): TemplateError {
    const place: Place = {
      position,
      path,
      details: this.details,
      ...(this.target === undefined ? {} : { target: this.target }),
    };
    return new TemplateError(this.problem, this.#values, place);
  }

  /** The same error with what `hide` hides in its texts. */
  redacted(hide: (text: string) => string): TemplateError {
    if (hide(this.message) === this.message) return this;
    const values = Object.fromEntries(Object.entries(this.#values).map(([name, value]) => [name, hide(String(value))]));
    const place: Place = {
      position: this.position,
      path: this.path,
      details: this.details,
      ...(this.target === undefined ? {} : { target: this.target }),
    };
    return new TemplateError(this.problem, values, place);
  }

  toBody(): ErrorBody {
    const validation = this.code === 'InvalidTemplate';
    return {
      code: this.code,
      message: validation ? `Deployment template validation failed: '${this.message}'.` : this.message,
      ...(this.target === undefined ? {} : { target: this.target }),
      ...(this.details.length === 0 ? {} : { details: this.details }),
      ...(validation ? { additionalInfo: [{ type: 'TemplateViolation', info: this.#violation() }] } : {}),
    };
  }

  #violation(): JsonValue {
    return {
      lineNumber: this.position?.line ?? 0,
      linePosition: this.position?.column ?? 0,
      path: this.path,
    };
  }
}

/** What a port throws when the provider refuses: the error body that the provider answered, and its HTTP status. */
export class ResourceError extends Error {
  override readonly name = 'ResourceError';
  readonly status: number;
  readonly body: ErrorBody;

  constructor(status: number, body: ErrorBody) {
    super(body.message);
    this.status = status;
    this.body = body;
  }
}

/** The `error` object for anything that was thrown; what is not ours shows no detail. */
export function errorBody(error: unknown): ErrorBody {
  if (error instanceof TemplateError) return error.toBody();
  if (error instanceof ResourceError) return error.body;
  return { code: templateErrors.InternalServerError.code, message: templateErrors.InternalServerError.message };
}

export function errorStatus(error: unknown): number {
  return error instanceof TemplateError || error instanceof ResourceError ? error.status : 500;
}

type Values = Readonly<Record<string, string | number>>;

interface Place {
  readonly position?: Position | undefined;
  readonly path?: string;
  readonly target?: string;
  readonly details?: readonly ErrorBody[];
}

/** Longest piece of a template that a message repeats. */
const quoted = 500;

function fill(message: string, values: Values): string {
  return message.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(values[name] ?? '');
    return value.length > quoted ? `${value.slice(0, quoted)}...` : value;
  });
}
