/** What can be wrong with a policy document: codes of the problems that are found when it is loaded. */
export const documentErrors = {
  PolicySyntax: 'The text is not XML, or an expression in it does not end.',
  PolicyTooLarge: 'A document of more than 256 KiB, a fragment of more than 512 KiB, or elements nested too deep.',
  PolicyNamedValue: '`{{name}}` names no named value.',
  PolicyStructure: 'A section, `<base />`, a fragment or a policy stands where it may not.',
  PolicyUnknown: 'There is no policy or child element of this name.',
  PolicyNotSupported: 'Azure knows the policy; this version of Lazuli does not run it.',
  PolicySchema: 'An attribute, a value, a child element or text does not fit the policy.',
  PolicyExpression: 'An expression does not compile.',
  PolicyReference: 'There is no fragment of this name.',
} as const;

export type DocumentErrorCode = keyof typeof documentErrors;

export interface RuntimeError {
  /** What the caller gets unless on-error changes it; null: nothing. `set`: the policy's own attributes say it. */
  readonly status: number | null | 'set';
  readonly when: string;
}

/** Errors of a running pipeline: values of `context.LastError.Reason` that policies and the pipeline give. */
export const runtimeErrors = {
  ExpressionValueEvaluationFailure: {
    status: 500,
    when: 'An expression threw, ran too long, or gave a value that its place cannot use.',
  },
  RequestBodyTooLarge: { status: 413, when: 'A policy reads a request body that is larger than policies may read.' },
  ResponseBodyTooLarge: { status: 500, when: 'A policy reads a response body that is larger than policies may read.' },
  Timeout: { status: 500, when: 'The backend did not answer in time.' },
  BackendConnectionFailure: { status: 500, when: 'The backend cannot be reached, or ended the connection.' },
  BackendNotFound: { status: 500, when: 'An expression of `set-backend-service` names a backend that does not exist.' },
  ErrorStatusCode: { status: 'set', when: 'The backend answered 400 to 599, with `fail-on-error-status-code`.' },
  ClientConnectionFailure: { status: null, when: 'The caller went away; on-error does not run.' },
  InternalServerError: { status: 500, when: 'A defect of Lazuli; the log has the details.' },
  RateLimitExceeded: { status: 429, when: '`rate-limit`, `rate-limit-by-key`: no call is left in the period.' },
  HeaderNotFound: { status: 'set', when: '`check-header`: the header is missing.' },
  HeaderValueNotAllowed: { status: 'set', when: '`check-header`: the header has none of the values.' },
  FailedToParseCallerIP: { status: 403, when: "`ip-filter`: the caller's address is no IP address." },
  CallerIpNotAllowed: { status: 403, when: '`ip-filter`: the address is not among the allowed ones.' },
  CallerIpBlocked: { status: 403, when: '`ip-filter`: the address is among the forbidden ones.' },
  TokenNotPresent: { status: 'set', when: '`validate-jwt`: there is no token.' },
  TokenSignatureInvalid: { status: 'set', when: '`validate-jwt`: no key fits the signature, or it is missing.' },
  TokenSignatureKeyNotFound: {
    status: 'set',
    when: '`validate-jwt`: the token names an unknown key, or the keys of the issuer cannot be obtained.',
  },
  TokenAudienceNotAllowed: {
    status: 'set',
    when: '`validate-jwt`: no audience of the token is among the allowed ones.',
  },
  TokenIssuerNotAllowed: { status: 'set', when: '`validate-jwt`: the issuer is not among the allowed ones.' },
  TokenExpired: { status: 'set', when: '`validate-jwt`: the token is over, or says no end although it must.' },
  TokenClaimNotFound: { status: 'set', when: '`validate-jwt`: a required claim is missing.' },
  TokenClaimValueNotAllowed: { status: 'set', when: '`validate-jwt`: a claim does not have the required values.' },
  JwtInvalid: { status: 'set', when: '`validate-jwt`: the token cannot be read or decrypted, or is not valid yet.' },
  CertificateNotFound: {
    status: 500,
    when: 'A policy names a certificate that does not exist, or has no private key where one is needed.',
  },
  QuotaExceeded: { status: 403, when: '`quota`, `quota-by-key`: the calls or kilobytes of the period are used up.' },
  ConcurrencyLimitExceeded: { status: 429, when: '`limit-concurrency`: as many requests as may are inside.' },
  CacheRemovalFailed: {
    status: 500,
    when: '`cache-remove-value` with `fail-on-cache-removal-error`: the cache cannot be reached.',
  },
  IdentityTokenUnavailable: { status: 500, when: '`authentication-managed-identity`: no token was obtained.' },
  ClientCertificateNotFound: {
    status: 401,
    when: '`validate-client-certificate`: the caller presented no certificate.',
  },
  ClientCertificateNotYetValid: {
    status: 401,
    when: '`validate-client-certificate`: the validity of the certificate has not begun.',
  },
  ClientCertificateExpired: {
    status: 401,
    when: '`validate-client-certificate`: the validity of the certificate is over.',
  },
  ClientCertificateNotTrusted: {
    status: 401,
    when: '`validate-client-certificate`: the certificate leads to no trusted certificate authority.',
  },
  ClientCertificateRevoked: {
    status: 401,
    when: '`validate-client-certificate`: the certificate is revoked, or neither a responder nor a revocation list says whether it is.',
  },
  ClientCertificateIdentityNotMatched: {
    status: 401,
    when: '`validate-client-certificate`: the certificate is none of the identities.',
  },
  TransformationFailure: {
    status: 500,
    when: 'A body is not what a transformation reads: no XML, no JSON, wrongly compressed.',
  },
  CallbackParameterInvalid: { status: 400, when: '`jsonp`: the callback is not a JavaScript name.' },
  ValidationFailed: {
    status: 400,
    when: "`validate-content`, `validate-parameters`: the request is not as the API's specification says.",
  },
  ResponseValidationFailed: {
    status: 500,
    when: "`validate-content`, `validate-headers`, `validate-status-code`: the response is not as the API's specification says.",
  },
  ContentSafetyCheckFailed: {
    status: 403,
    when: '`llm-content-safety`: a prompt or an answer did not pass, or could not be checked.',
  },
  TokenLimitExceeded: {
    status: 429,
    when: '`llm-token-limit`: no tokens are left in the minute.',
  },
  TokenQuotaExceeded: {
    status: 403,
    when: '`llm-token-limit`: the tokens of the period are used up.',
  },
} as const satisfies Readonly<Record<string, RuntimeError>>;
