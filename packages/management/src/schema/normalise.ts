import type { JsonObject, JsonValue } from '@lazuli/store';
import type { BodyProblem } from '../contract.ts';
import { defined, isJsonObject, keyOf, sameJson } from '../json/json.ts';
import { formatProblem } from './formats.ts';
import type { ArraySchema, NumberSchema, ObjectSchema, Schema, StringSchema } from './schema.ts';

export interface NormaliseInput {
  readonly raw: JsonObject;
  /** The document as it is stored; undefined when the resource is created. */
  readonly stored?: JsonObject;
  /** Paths of secrets that are stored. */
  readonly storedSecrets?: readonly string[];
  /** True for a PATCH: `raw` is the merged document, so a missing member was removed or never there. */
  readonly isMerged?: boolean;
}

export interface Normalised {
  readonly body: JsonObject;
  /** By path: `properties/value`. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Paths of secrets that the body sets to null. */
  readonly removedSecrets: readonly string[];
  readonly problems: readonly BodyProblem[];
}

/** Checks a body against the schemas of its members and brings it into the form that is stored; see `schema.ts`. */
export function normalise(members: Readonly<Record<string, Schema>>, input: NormaliseInput): Normalised {
  const walk = new Walk(input);
  const body = walk.object({ kind: 'object', members }, input.raw, input.stored, []);
  return { body, secrets: walk.secrets, removedSecrets: walk.removedSecrets, problems: walk.problems };
}

/** Problems beyond this many are not listed. */
const mostProblems = 100;

class Walk {
  readonly secrets = new Map<string, string>();
  readonly removedSecrets: string[] = [];
  readonly problems: BodyProblem[] = [];
  readonly #input: NormaliseInput;

  constructor(input: NormaliseInput) {
    this.#input = input;
  }

  object(schema: ObjectSchema, raw: JsonObject, stored: JsonObject | undefined, path: readonly Step[]): JsonObject {
    const out: [string, JsonValue | undefined][] = [];
    const taken = new Set<string>();
    for (const [name, member] of Object.entries(schema.members)) {
      const key = keyOf(raw, name);
      if (key !== undefined) taken.add(key);
      const given = key === undefined ? undefined : raw[key];
      out.push([name, this.#member(member, given, stored?.[name], [...path, name])]);
    }
    const additional = schema.additional ?? 'keep';
    const named = new Set(Object.keys(schema.members).map((name) => name.toLowerCase()));
    for (const [key, value] of Object.entries(raw)) {
      // A second spelling of a member that the schema names would become that member when it is read again.
      if (taken.has(key) || named.has(key.toLowerCase()) || value === undefined || additional === 'drop') continue;
      const here = [...path, key];
      if (additional === 'refuse') this.#problem(here, `The member '${key}' is not known here.`, 'UnknownProperty');
      else if (additional === 'keep') out.push([key, value]);
      else out.push([key, this.#member(additional, value, stored?.[key], here)]);
    }
    return Object.fromEntries(out.filter(([, value]) => value !== undefined));
  }

  #member(schema: Schema, given: JsonValue | undefined, stored: JsonValue | undefined, path: readonly Step[]) {
    if (schema.readOnly) return stored ?? schema.default;
    if (schema.kind === 'string' && this.#isSecret(schema)) return this.#secret(schema, given, path);
    const isMissing = given === undefined || (given === null && schema.nullable !== true);
    if (isMissing) {
      const kept = schema.createOnly || (schema.sticky && !this.#input.isMerged) ? stored : undefined;
      const value = kept ?? schema.default;
      if (value === undefined && schema.required) this.#problem(path, 'The member is required.', 'MissingProperty');
      // An object that is not given may have defaults and required members in it only when it is required itself.
      return value;
    }
    if (given === null) return null;
    const value = this.#value(schema, given, stored, path);
    if (schema.createOnly && stored !== undefined && stored !== null && !sameValue(value, stored))
      this.#problem(
        path,
        `The member cannot be changed from '${show(stored)}' to '${show(value)}' after creation.`,
        'PropertyChangeNotAllowed',
      );
    return value;
  }

  #value(schema: Schema, given: JsonValue, stored: JsonValue | undefined, path: readonly Step[]): JsonValue {
    switch (schema.kind) {
      case 'any':
        return given;
      case 'boolean':
        if (typeof given === 'boolean') return given;
        if (typeof given === 'string' && /^(true|false)$/i.test(given)) return given.toLowerCase() === 'true';
        return this.#wrongType(path, given, 'a boolean');
      case 'number':
        return this.#number(schema, given, path);
      case 'string':
        return this.#string(schema, given, path);
      case 'array':
        return this.#array(schema, given, stored, path);
      case 'object':
        if (!isJsonObject(given)) return this.#wrongType(path, given, 'an object');
        return defined(this.object(schema, given, isJsonObject(stored) ? stored : undefined, path));
    }
  }

  #number(schema: NumberSchema, given: JsonValue, path: readonly Step[]): JsonValue {
    const value = typeof given === 'string' && /^-?\d+(\.\d+)?$/.test(given) ? Number(given) : given;
    if (typeof value !== 'number' || (schema.integer && !Number.isSafeInteger(value)))
      return this.#wrongType(path, given, schema.integer ? 'an integer' : 'a number');
    const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
    if (value < minimum || value > maximum)
      this.#problem(path, `The value ${value} is out of range: expected ${minimum} to ${maximum}.`);
    return value;
  }

  #string(schema: StringSchema, given: JsonValue, path: readonly Step[]): JsonValue {
    const value = typeof given === 'number' ? String(given) : given;
    if (typeof value !== 'string') return this.#wrongType(path, given, 'a string');
    if (schema.values !== undefined) {
      const known = schema.values.find((one) => one.toLowerCase() === value.toLowerCase());
      if (known === undefined)
        this.#problem(path, `The value '${show(value)}' is not valid: expected one of ${schema.values.join(', ')}.`);
      return known ?? value;
    }
    const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema;
    if (value.length < minLength || value.length > maxLength)
      this.#problem(path, `The value has ${value.length} characters: expected ${minLength} to ${maxLength}.`);
    else if (schema.pattern !== undefined && !schema.pattern.test(value))
      this.#problem(
        path,
        `The value '${show(value)}' is not valid: expected ${schema.says ?? String(schema.pattern)}.`,
      );
    else if (schema.format !== undefined) {
      const expected = formatProblem(schema.format, value);
      if (expected !== undefined) this.#problem(path, `The value '${show(value)}' is not valid: expected ${expected}.`);
    }
    return value;
  }

  #array(schema: ArraySchema, given: JsonValue, stored: JsonValue | undefined, path: readonly Step[]): JsonValue {
    if (!Array.isArray(given)) return this.#wrongType(path, given, 'an array');
    const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema;
    if (given.length < minItems || given.length > maxItems)
      this.#problem(path, `The array has ${given.length} items: expected ${minItems} to ${maxItems}.`);
    const before = Array.isArray(stored) ? stored : [];
    const items = given.map((item, index) => this.#value(schema.items, item, before[index], [...path, index]));
    if (schema.unique && new Set(items.map((item) => JSON.stringify(item).toLowerCase())).size < items.length)
      this.#problem(path, 'The array holds the same value more than once.');
    return items;
  }

  #isSecret(schema: StringSchema): boolean {
    return typeof schema.secret === 'function' ? schema.secret(this.#input.raw) : schema.secret === true;
  }

  #secret(schema: StringSchema, given: JsonValue | undefined, path: readonly Step[]): undefined {
    const field = path.join('/');
    if (given === null) this.removedSecrets.push(field);
    else if (given !== undefined) {
      const value = this.#string(schema, given, path);
      if (typeof value === 'string') this.secrets.set(field, value);
    }
    const isKept = given === undefined && (this.#input.storedSecrets?.includes(field) ?? false);
    if (schema.required && !isKept && typeof given !== 'string')
      this.#problem(path, 'The member is required.', 'MissingProperty');
    return undefined;
  }

  #wrongType(path: readonly Step[], given: JsonValue, expected: string): JsonValue {
    this.#problem(path, `The value is ${typeWord(given)}: expected ${expected}.`);
    return given;
  }

  #problem(path: readonly Step[], message: string, code = 'InvalidValue'): void {
    if (this.problems.length >= mostProblems) return;
    this.problems.push({ target: targetOf(path), message, code });
  }
}

type Step = string | number;

/** `['properties', 'protocols', 0]` as `properties.protocols[0]`. */
function targetOf(path: readonly Step[]): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}

function sameValue(a: JsonValue, b: JsonValue): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a.toLowerCase() === b.toLowerCase();
  return sameJson(a, b);
}

function show(value: JsonValue): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

function typeWord(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return `a ${typeof value}`;
}
