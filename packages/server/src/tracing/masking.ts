export type Masker = (text: string) => string;

export const mask = '****';

/** Puts asterisks in the place of secrets, as they are and as they stand in URLs and base64. Shorter than 3 they cannot be told from anything else. */
export function createMasker(secrets: Iterable<string>): Masker {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < 3) continue;
    forms.add(secret);
    forms.add(encodeURIComponent(toWellFormed(secret)));
    forms.add(JSON.stringify(secret).slice(1, -1));
    // Inside longer texts the last characters depend on what follows.
    const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
    if (base64.length >= 8) forms.add(base64);
  }
  // Longest first: a secret may contain another.
  const ordered = [...forms].sort((a, b) => b.length - a.length);
  return (text) =>
    ordered.reduce((masked, form) => (masked.includes(form) ? masked.replaceAll(form, mask) : masked), text);
}

function toWellFormed(text: string): string {
  return text.toWellFormed();
}

const credentialHeaders = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'apim-debug-authorization',
  'ocp-apim-subscription-key',
  'x-functions-key',
  'api-key',
]);

/** The value of a header without credentials: of `Authorization` the scheme is left. */
export function maskHeader(name: string, value: string): string {
  if (!credentialHeaders.has(name.toLowerCase())) return value;
  const scheme = /^[A-Za-z][\w-]{0,20}(?= )/.exec(value)?.[0];
  return scheme === undefined ? mask : `${scheme} ${mask}`;
}
