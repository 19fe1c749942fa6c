/** Limits of templates. Azure's are from "Azure subscription and service limits", section "Template limits". */
export const limits = {
  /** Bytes of a template as it is sent. */
  templateBytes: 4 * 1024 * 1024,
  parameters: 256,
  variables: 512,
  /** Resources, the instances of copy loops included. */
  resources: 800,
  outputs: 64,
  copyCount: 800,
  /** Characters of one expression. */
  expressionLength: 24_576,
  /** Azure's limit for `range()` and its sort. */
  rangeCount: 10_000,

  // Ours: Azure does not publish its own.
  /** Levels of objects and arrays in a document. */
  jsonDepth: 200,
  /** Calls, property accesses and array indexes inside each other in one expression. */
  expressionDepth: 100,
  /** Variables, parameters and user functions that lead to each other. */
  evaluationDepth: 200,
  /** Characters of a string that an expression produces. */
  stringLength: 4 * 1024 * 1024,
  /** Steps of the evaluation of one template: one for a call, one for an element, key or 64 characters that it makes. */
  evaluationSteps: 2_000_000,
  /** Deployments inside deployments. */
  nestedDeployments: 10,
  /** Resources that are deployed at the same time. */
  concurrency: 20,
} as const;
