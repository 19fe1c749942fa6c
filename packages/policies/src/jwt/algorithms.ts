/** The kind of key that a signature algorithm needs (RFC 7518, section 3.1). */
export type KeyKind = 'symmetric' | 'rsa' | 'P-256' | 'P-384' | 'P-521';

/** The algorithms that are accepted; `none` is not among them. */
export const signatureAlgorithms: ReadonlyMap<string, KeyKind> = new Map([
  ['HS256', 'symmetric'],
  ['HS384', 'symmetric'],
  ['HS512', 'symmetric'],
  ['RS256', 'rsa'],
  ['RS384', 'rsa'],
  ['RS512', 'rsa'],
  ['PS256', 'rsa'],
  ['PS384', 'rsa'],
  ['PS512', 'rsa'],
  ['ES256', 'P-256'],
  ['ES384', 'P-384'],
  ['ES512', 'P-521'],
]);

/** How the content key of a JWE may be given. Password-based ones are not among them: they let a caller burn CPU. */
export const keyManagementAlgorithms: readonly string[] = [
  'dir',
  'A128KW',
  'A192KW',
  'A256KW',
  'A128GCMKW',
  'A192GCMKW',
  'A256GCMKW',
  'RSA-OAEP',
  'RSA-OAEP-256',
  'RSA-OAEP-384',
  'RSA-OAEP-512',
];
