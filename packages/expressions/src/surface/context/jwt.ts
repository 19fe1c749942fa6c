import { charge } from '../../runtime/budget.ts';
import { DateTime } from '../../runtime/datetime.ts';
import { argumentNull, NetException } from '../../runtime/exceptions.ts';
import { parseJson } from '../../runtime/json/reader.ts';
import { JArray, JObject, type JToken, JValue } from '../../runtime/json/token.ts';
import { toStringMember, toStringOf } from '../../runtime/object.ts';
import { netArray, netType, type Uniform, unbox } from '../../runtime/values.ts';
import { declareType, type Implementation, type Out, type TypeDeclaration } from '../declare.ts';
import { ValuesDictionary } from './dictionaries.ts';

/** A JSON Web Token, read but not validated: the `Jwt` of AsJwt(), TryParseJwt() and validate-jwt's output variable. */
export class Jwt {
  get [netType](): string {
    return 'Microsoft.Azure.ApiManagement.Jwt';
  }
  readonly header: JObject;
  readonly payload: JObject;
  readonly text: string;
  constructor(header: JObject, payload: JObject, text: string) {
    this.header = header;
    this.payload = payload;
    this.text = text;
  }
  [toStringMember](): string {
    return this.text;
  }
}

const longest = 1_000_000;

/**
 * Reads a token in compact form, with or without `Bearer ` before it, without validating anything. Null when it is none:
 * three parts of base64url whose first two are JSON objects.
 */
export function parseJwt(text: string): Jwt | null {
  const token = text.replace(/^\s*Bearer\s+/i, '').trim();
  if (token.length > longest) return null;
  charge(token.length / 16);
  const parts = token.split('.');
  const [header, payload] = parts.map(jsonPart);
  if (parts.length !== 3 || !header || !payload || !/^[\w-]*$/.test(parts[2] ?? '')) return null;
  return new Jwt(header, payload, token);
}

/** The UNIFORM `Jwt` of a token whose parts are known, for validate-jwt. The texts are JSON objects. */
export function jwtValue(parts: { readonly header: string; readonly payload: string; readonly text: string }): Jwt {
  return new Jwt(object(parts.header) ?? new JObject(), object(parts.payload) ?? new JObject(), parts.text);
}

function jsonPart(part: string): JObject | undefined {
  return /^[\w-]+$/.test(part) ? object(Buffer.from(part, 'base64url').toString('utf8')) : undefined;
}

function object(text: string): JObject | undefined {
  try {
    const token = parseJson(text, 'JObject', { keepDates: true });
    return token instanceof JObject ? token : undefined;
  } catch (error) {
    if (error instanceof NetException) return undefined;
    throw error;
  }
}

function text(object: JObject, name: string): string | null {
  const token = object.get(name);
  return token instanceof JValue && token.value !== null ? toStringOf(token.value) : null;
}

/** NumericDate: seconds since 1970. */
function time(payload: JObject, name: string): DateTime | null {
  const token = payload.get(name);
  const seconds = token instanceof JValue ? Number(unbox(token.value)) : Number.NaN;
  if (!(Math.abs(seconds) < 253_402_300_799) || (token instanceof JValue && token.value === null)) return null;
  return DateTime.fromUnixMilliseconds(Math.floor(seconds) * 1000);
}

function claimTexts(token: JToken): string[] {
  if (token instanceof JArray) return token.items.map(claimText);
  return [claimText(token)];
}
function claimText(token: JToken): string {
  if (!(token instanceof JValue)) return token.toJson(false);
  return typeof token.value === 'boolean' ? String(token.value) : toStringOf(token.value);
}

function* claims(payload: JObject): Iterable<readonly [string, string]> {
  for (const { name, value } of payload.properties) for (const item of claimTexts(value)) yield [name, item];
}

function required(input: string | null): string {
  if (input === null) throw argumentNull('input');
  return input;
}

export const jwtTypes: readonly TypeDeclaration[] = [
  declareType({
    name: 'Microsoft.Azure.ApiManagement.Jwt',
    kind: 'class',
    test: (value) => value instanceof Jwt,
    members: {
      'string Algorithm { get; }': ({ header }: Jwt) => text(header, 'alg'),
      'string Type { get; }': ({ header }: Jwt) => text(header, 'typ'),
      'IEnumerable<string> Audiences { get; }': ({ payload }: Jwt) => {
        const audience = payload.get('aud');
        return netArray('System.String', audience ? claimTexts(audience) : []);
      },
      'IReadOnlyDictionary<string, string[]> Claims { get; }': ({ payload }: Jwt) =>
        new ValuesDictionary(claims(payload), false),
      'DateTime? ExpirationTime { get; }': ({ payload }: Jwt) => time(payload, 'exp'),
      'DateTime? NotBefore { get; }': ({ payload }: Jwt) => time(payload, 'nbf'),
      'DateTime? IssuedAt { get; }': ({ payload }: Jwt) => time(payload, 'iat'),
      'string Id { get; }': ({ payload }: Jwt) => text(payload, 'jti'),
      'string Issuer { get; }': ({ payload }: Jwt) => text(payload, 'iss'),
      'string Subject { get; }': ({ payload }: Jwt) => text(payload, 'sub'),
      'override string ToString()': (self: Jwt) => self.text,
    },
  }),
];

/** Of ExpressionSyntaxExtensions. */
export const jwtExtensions: Readonly<Record<string, Implementation>> = {
  'static Jwt AsJwt(this string input)': (input: string | null) => parseJwt(required(input)),
  'static bool TryParseJwt(this string input, out Jwt token)': (input: string | null, token: Out<Uniform>) => {
    token.value = parseJwt(input ?? '');
    return token.value !== null;
  },
};
