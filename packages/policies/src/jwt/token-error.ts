/** Azure's reasons for refusing a token (`context.LastError.Reason`). */
export type TokenReason =
  | 'TokenNotPresent'
  | 'TokenSignatureInvalid'
  | 'TokenSignatureKeyNotFound'
  | 'TokenAudienceNotAllowed'
  | 'TokenIssuerNotAllowed'
  | 'TokenExpired'
  | 'TokenClaimNotFound'
  | 'TokenClaimValueNotAllowed'
  | 'JwtInvalid';

/** A token is refused. The message is for `context.LastError`: it never holds the token. */
export class TokenError extends Error {
  readonly reason: TokenReason;
  constructor(reason: TokenReason, message: string, cause?: unknown) {
    // As the error page has it: the library's message, then what follows from it.
    super(reason === 'TokenNotPresent' || reason === 'JwtInvalid' ? message : `${message} Access denied.`, { cause });
    this.name = 'TokenError';
    this.reason = reason;
  }
}
