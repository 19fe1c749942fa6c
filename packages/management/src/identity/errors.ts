import { fillIn } from '../errors.ts';

/** What functions of the directory refuse; `docs/errors.md` lists the codes beside those of the management plane. */
export const identityErrors = {
  ApplicationNotFound: "There is no application with the id '{appId}'.",
  CredentialNotFound: "The application has no credential with the id '{keyId}'.",
  TooManyCredentials: 'An application has at most {limit} credentials of a kind.',
  InvalidCertificate: 'The certificate cannot be used: {reason}.',
} as const;

export class IdentityError extends Error {
  override readonly name = 'IdentityError';
  readonly code: keyof typeof identityErrors;

  constructor(code: keyof typeof identityErrors, values: Readonly<Record<string, string | number>> = {}) {
    super(fillIn(identityErrors[code], values));
    this.code = code;
  }
}
