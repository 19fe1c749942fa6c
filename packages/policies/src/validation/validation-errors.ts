import { fromPortable } from '@lazuli/expressions';
import type { Exchange } from '../exchange.ts';
import { PolicyError } from '../policy-error.ts';
import type { AttributeSchema } from '../schema/definition.ts';

export type ValidationAction = 'ignore' | 'prevent' | 'detect';

/** An attribute that says what happens to what is not as the specification has it. */
export const actionAttribute: AttributeSchema = {
  type: 'enum',
  values: ['ignore', 'prevent', 'detect'],
  required: true,
  expression: true,
};

export const asAction = (text: string): ValidationAction => (text === 'prevent' || text === 'detect' ? text : 'ignore');

/** One thing that is not as the API's specification says. Names are those of the validation policies' page. */
export interface ValidationError {
  /** The parameter, header, content type or status code; may be empty. */
  readonly name: string;
  readonly type:
    | 'RequestBody'
    | 'ResponseBody'
    | 'ApiSchema'
    | 'PathParameter'
    | 'QueryParameter'
    | 'RequestHeader'
    | 'ResponseHeader'
    | 'StatusCode';
  readonly rule:
    | 'SizeLimit'
    | 'Unspecified'
    | 'MissingDefinition'
    | 'IncorrectMessage'
    | 'ValidationException'
    | 'Required';
  readonly details: string;
}

/** Callers learn nothing about a response that is wrong, nor about a specification. */
const internal = 'The request could not be processed due to an internal error. Contact the API owner.';
const mostErrors = 20;

/**
 * Collects what one policy finds. With `detect` it only goes to the errors variable; with `prevent`, {@link finish}
 * throws. At most 20 errors are kept.
 */
export class ValidationErrors {
  readonly #exchange: Exchange;
  readonly #variable: string | null;
  readonly #found: (ValidationError & { readonly action: 'prevent' | 'detect' })[] = [];

  constructor(exchange: Exchange, variable: string | null) {
    this.#exchange = exchange;
    this.#variable = variable;
  }

  add(action: ValidationAction, error: ValidationError): void {
    if (action !== 'ignore' && this.#found.length < mostErrors) this.#found.push({ ...error, action });
  }

  /** Ends a set of checks: writes the errors variable. @throws {PolicyError} when one of the errors prevents. */
  finish(): void {
    if (this.#found.length === 0) return;
    if (this.#variable !== null) this.#exchange.variables.set(this.#variable, variableOf(this.#found));
    this.#exchange.trace(null, 'The message is not as the specification of the API says.', this.#found);
    const preventing = this.#found.filter(({ action }) => action === 'prevent');
    if (preventing.length === 0) return;
    const details = preventing.map((error) => error.details).join(' ');
    const isRequest = preventing.every(({ type }) => requestTypes.has(type));
    if (isRequest) throw new PolicyError('ValidationFailed', details, { status: 400, message: details });
    throw new PolicyError('ResponseValidationFailed', details, { status: 500, message: internal });
  }
}

const requestTypes = new Set(['RequestBody', 'PathParameter', 'QueryParameter', 'RequestHeader']);

/** A JArray: readable by ToString(), as JSON, and by index. */
function variableOf(errors: readonly (ValidationError & { readonly action: string })[]): unknown {
  const list = errors.map(({ name, type, rule, details, action }) => ({
    Name: name,
    Type: type,
    ValidationRule: rule,
    Details: details,
    Action: action,
  }));
  return fromPortable({ type: 'Newtonsoft.Json.Linq.JToken', value: JSON.stringify(list) });
}
