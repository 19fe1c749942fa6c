import { argumentNull } from '../../runtime/exceptions.ts';
import { netType, type Uniform } from '../../runtime/values.ts';
import { declareType, type Implementation, type Out, type TypeDeclaration } from '../declare.ts';

export class BasicAuthCredentials {
  get [netType](): string {
    return 'Microsoft.Azure.ApiManagement.BasicAuthCredentials';
  }
  readonly userId: string;
  readonly password: string;
  constructor(userId: string, password: string) {
    this.userId = userId;
    this.password = password;
  }
}

/** Reads the value of an Authorization header (RFC 7617); null when it is no Basic one. */
function parseBasic(input: string): BasicAuthCredentials | null {
  const encoded = /^\s*Basic\s+([A-Za-z0-9+/]+={0,2})\s*$/i.exec(input)?.[1];
  if (encoded === undefined) return null;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 0 ? null : new BasicAuthCredentials(pair.slice(0, colon), pair.slice(colon + 1));
}

export const basicTypes: readonly TypeDeclaration[] = [
  declareType({
    name: 'Microsoft.Azure.ApiManagement.BasicAuthCredentials',
    kind: 'class',
    test: (value) => value instanceof BasicAuthCredentials,
    members: {
      'string UserId { get; }': (self: BasicAuthCredentials) => self.userId,
      'string Username { get; }': (self: BasicAuthCredentials) => self.userId,
      'string Password { get; }': (self: BasicAuthCredentials) => self.password,
    },
  }),
];

/** Of ExpressionSyntaxExtensions. */
export const basicExtensions: Readonly<Record<string, Implementation>> = {
  'static BasicAuthCredentials AsBasic(this string input)': (input: string | null) => {
    if (input === null) throw argumentNull('input');
    return parseBasic(input);
  },
  'static bool TryParseBasic(this string input, out BasicAuthCredentials credentials)': (
    input: string | null,
    credentials: Out<Uniform>,
  ) => {
    credentials.value = parseBasic(input ?? '');
    return credentials.value !== null;
  },
};
