import type { JsonObject, JsonValue } from '@lazuli/store';

/**
 * What a member of a request body may be. Made with the functions below; `normalise` (`normalise.ts`) applies it.
 *
 * Members are found without regard to case and stored in the spelling of the schema, enumerated values likewise: Azure's
 * providers read JSON so. Members that the schema does not name are kept as they are, unless an object says otherwise.
 */
export type Schema = StringSchema | BooleanSchema | NumberSchema | ArraySchema | ObjectSchema | AnySchema;

export interface MemberOptions<T> {
  /** Missing: "The field is required." */
  readonly required?: boolean;
  /** Taken from the stored document (or from the default), whatever the request says. */
  readonly readOnly?: boolean;
  /** Fixed at creation: a different value later is a problem, a missing one means the stored one. */
  readonly createOnly?: boolean;
  /** Filled in where the request has none. */
  readonly default?: T;
  /** Where the request has none, the stored value stays (PUT replaces the rest). */
  readonly sticky?: boolean;
  /** `null` is kept as a value; otherwise it counts as missing. */
  readonly nullable?: boolean;
}

export interface StringSchema extends MemberOptions<string> {
  readonly kind: 'string';
  /** UTF-16 code units. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: RegExp;
  /** What `pattern` wants, for the message. */
  readonly says?: string;
  /** The only values; compared without regard to case. */
  readonly values?: readonly string[];
  readonly format?: 'date-time' | 'duration' | 'uri' | 'guid' | 'armId';
  /** Kept beside the document, encrypted; never answered. A function decides by the whole body as it was sent. */
  readonly secret?: boolean | ((body: JsonObject) => boolean);
}

export interface BooleanSchema extends MemberOptions<boolean> {
  readonly kind: 'boolean';
}

export interface NumberSchema extends MemberOptions<number> {
  readonly kind: 'number';
  readonly integer: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface ArraySchema extends MemberOptions<readonly JsonValue[]> {
  readonly kind: 'array';
  readonly items: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly unique?: boolean;
}

export interface ObjectSchema extends MemberOptions<{ readonly [name: string]: JsonValue }> {
  readonly kind: 'object';
  readonly members: Readonly<Record<string, Schema>>;
  /** Members that are not named: kept (default), dropped, refused, or each of this schema (a map). */
  readonly additional?: 'keep' | 'drop' | 'refuse' | Schema;
}

export interface AnySchema extends MemberOptions<JsonValue> {
  readonly kind: 'any';
}

type Options<S extends Schema> = Omit<S, 'kind'>;

export const string = (options: Options<StringSchema> = {}): StringSchema => ({ kind: 'string', ...options });
export const boolean = (options: Options<BooleanSchema> = {}): BooleanSchema => ({ kind: 'boolean', ...options });
export const integer = (options: Omit<Options<NumberSchema>, 'integer'> = {}): NumberSchema => ({
  kind: 'number',
  integer: true,
  ...options,
});
export const number = (options: Omit<Options<NumberSchema>, 'integer'> = {}): NumberSchema => ({
  kind: 'number',
  integer: false,
  ...options,
});
export const array = (items: Schema, options: Omit<Options<ArraySchema>, 'items'> = {}): ArraySchema => ({
  kind: 'array',
  items,
  ...options,
});
export const object = (
  members: Readonly<Record<string, Schema>>,
  options: Omit<Options<ObjectSchema>, 'members'> = {},
): ObjectSchema => ({ kind: 'object', members, ...options });
/** An object whose members all have the same schema. */
export const map = (
  values: Schema,
  options: Omit<Options<ObjectSchema>, 'members' | 'additional'> = {},
): ObjectSchema => ({
  kind: 'object',
  members: {},
  additional: values,
  ...options,
});
export const any = (options: Options<AnySchema> = {}): AnySchema => ({ kind: 'any', ...options });
