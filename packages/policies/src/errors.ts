/** Problems of policy documents (found when they are loaded) and errors of the pipeline (reasons of `context.LastError`). */
export const policyErrors = {
  PolicySyntax: { when: 'loading', text: 'The text of the document is not XML, or an expression in it does not end.' },
  PolicyTooLarge: {
    when: 'loading',
    text: 'The document is larger than 256 KiB, a fragment than 512 KiB, or nested too deep.',
  },
  PolicyNamedValue: { when: 'loading', text: '`{{name}}` names no named value.' },
  PolicyStructure: { when: 'loading', text: 'Sections, `<base />`, fragments: something stands where it may not.' },
  PolicyUnknown: { when: 'loading', text: 'No policy or child element has this name.' },
  PolicyNotSupported: { when: 'loading', text: 'Azure knows the policy, this version of Lazuli does not run it yet.' },
  PolicySchema: { when: 'loading', text: 'An attribute, a value, a child element or text does not fit the policy.' },
  PolicyExpression: { when: 'loading', text: 'An expression does not compile.' },
  PolicyReference: { when: 'loading', text: 'A fragment, backend, logger or certificate of that name does not exist.' },
  ExpressionValueEvaluationFailure: {
    when: 'running',
    text: 'An expression threw, ran too long, or gave a value that its place cannot use. 500.',
  },
  RequestBodyTooLarge: {
    when: 'running',
    text: 'A policy reads a request body that is larger than policies may read. 413.',
  },
  ResponseBodyTooLarge: {
    when: 'running',
    text: 'A policy reads a response body that is larger than policies may read. 500.',
  },
  BackendConnectionFailure: {
    when: 'running',
    text: 'The backend ended the connection while its response was read. 500.',
  },
  ClientConnectionFailure: {
    when: 'running',
    text: 'The caller went away. Nothing is answered; on-error does not run.',
  },
  InternalServerError: { when: 'running', text: 'A defect of Lazuli; details are in the log. 500.' },
} as const;

export type PolicyErrorCode = keyof typeof policyErrors;
