/**
 * Every error of this package: the code that a client sees, the HTTP status, and the message; `{name}` marks what is
 * filled in. Codes and, where they are known, wordings are Azure's ("Troubleshoot common Azure deployment errors").
 * `docs/templates.md` lists the same rows; a test compares the two.
 */
export const templateErrors = {
  // Reading
  TemplateSyntax: {
    code: 'InvalidRequestContent',
    status: 400,
    message: 'The content is not valid JSON at line {line}, position {column}: {reason}.',
  },
  TemplateIsBicep: {
    code: 'InvalidTemplate',
    status: 400,
    message:
      "The content is a Bicep file, not an ARM template (JSON). Compile it first: 'az bicep build --file main.bicep' or 'bicep build main.bicep'.",
  },
  TemplateTooLarge: {
    code: 'JobSizeExceeded',
    status: 413,
    message: 'The template has {actual} bytes; the limit is {limit}.',
  },
  NestedTooDeep: {
    code: 'InvalidRequestContent',
    status: 400,
    message: 'The content is nested more than {limit} levels deep.',
  },
  NotATemplate: { code: 'InvalidTemplate', status: 400, message: '{what} is {actual}; expected {expected}.' },
  MissingTemplateProperty: {
    code: 'InvalidTemplate',
    status: 400,
    message: "The required property '{property}' was not found in {what}.",
  },
  UnsupportedTemplateFeature: {
    code: 'InvalidTemplate',
    status: 400,
    message: "The template uses '{feature}', which is not supported{reason}.",
  },
  LimitExceeded: {
    code: 'InvalidTemplate',
    status: 400,
    message: "The number of template {what} limit exceeded. Limit: '{limit}' and actual: '{actual}'.",
  },

  // Expressions
  ExpressionTooLong: {
    code: 'InvalidTemplate',
    status: 400,
    message: "The language expression length limit exceeded. Limit: '{limit}' and actual: '{actual}'.",
  },
  ExpressionTooDeep: {
    code: 'InvalidTemplate',
    status: 400,
    message: "The language expression is nested more than '{limit}' levels deep.",
  },
  ExpressionSyntax: {
    code: 'InvalidTemplate',
    status: 400,
    message: "Unable to parse language expression '{expression}' at position {at}: {reason}.",
  },
  UnknownFunction: {
    code: 'InvalidTemplate',
    status: 400,
    message:
      "The template function '{function}' is not valid. Please see https://aka.ms/arm-functions for usage details.",
  },
  FunctionNotHere: {
    code: 'InvalidTemplate',
    status: 400,
    message: "The template function '{function}' is not expected at this location{reason}.",
  },
  FunctionArguments: {
    code: 'InvalidTemplate',
    status: 400,
    message: "Unable to evaluate template language function '{function}': {reason}.",
  },
  PropertyNotFound: {
    code: 'InvalidTemplate',
    status: 400,
    message: "The language expression property '{property}' doesn't exist, available properties are '{available}'.",
  },
  PropertyOfNonObject: {
    code: 'InvalidTemplate',
    status: 400,
    message: "The language expression property '{property}' can't be evaluated: the value is of type '{actual}'.",
  },
  IndexOutOfBounds: {
    code: 'InvalidTemplate',
    status: 400,
    message: "The language expression property array index '{index}' is out of bounds.",
  },
  ExpressionBudget: {
    code: 'InvalidTemplate',
    status: 400,
    message: 'Evaluating the template takes more than {limit} {unit}.',
  },
  UserFailure: { code: 'InvalidTemplate', status: 400, message: '{message}' },

  // Parameters, variables, functions
  ParameterNotFound: {
    code: 'InvalidTemplate',
    status: 400,
    message:
      "The template parameter '{name}' is not found. Please see https://aka.ms/arm-syntax-parameters for usage details.",
  },
  ParameterValueMissing: {
    code: 'InvalidTemplate',
    status: 400,
    message:
      "The value for the template parameter '{name}' at line '{line}' and column '{column}' is not provided. Please see https://aka.ms/arm-create-parameter-file for usage details.",
  },
  ParametersUnknown: {
    code: 'InvalidTemplate',
    status: 400,
    message:
      "The template parameters '{names}' in the parameters file are not valid; they are not present in the original template and can therefore not be provided at deployment time. The only supported parameters for this template are '{supported}'. Please see https://aka.ms/arm-pass-parameter-values for usage details.",
  },
  ParameterKeyInvalid: {
    code: 'InvalidDeploymentParameterKey',
    status: 400,
    message:
      'One of the deployment parameters has an empty key. Please see https://aka.ms/arm-create-parameter-file for usage details.',
  },
  ParameterValueInvalid: {
    code: 'InvalidDeploymentParameterValue',
    status: 400,
    message:
      "The value of deployment parameter '{name}' is null or not valid: {reason}. Please see https://aka.ms/arm-create-parameter-file for usage details.",
  },
  ParameterInvalid: {
    code: 'InvalidTemplate',
    status: 400,
    message: "The provided value for the template parameter '{name}' is not valid. {reason}.",
  },
  ParameterTypeInvalid: {
    code: 'InvalidTemplate',
    status: 400,
    message: "The template {what} '{name}' has the type '{type}'; expected one of '{expected}'.",
  },
  OutputInvalid: {
    code: 'InvalidTemplate',
    status: 400,
    message:
      "The template output '{name}' is not valid: {reason}. Please see https://aka.ms/arm-syntax-outputs for usage details.",
  },
  TypeReference: {
    code: 'InvalidTemplate',
    status: 400,
    message: "The type reference '{ref}' is not valid: {reason}.",
  },
  VariableNotFound: {
    code: 'InvalidTemplate',
    status: 400,
    message:
      "The template variable '{name}' is not found. Please see https://aka.ms/arm-syntax-variables for usage details.",
  },
  CircularReference: {
    code: 'InvalidTemplate',
    status: 400,
    message: "The template {what} '{name}' cannot reference itself: {path}.",
  },
  EvaluationTooDeep: {
    code: 'InvalidTemplate',
    status: 400,
    message: "Variables, parameters and functions lead to each other more than '{limit}' levels deep.",
  },
  RuntimeFunctionNotHere: {
    code: 'InvalidTemplate',
    status: 400,
    message:
      "The template function '{function}' is not expected at this location: {what} must be known before the deployment starts. Please see https://aka.ms/arm-functions for usage details.",
  },
  AssertFailed: { code: 'InvalidTemplate', status: 400, message: "The template assertion '{name}' failed." },

  // Resources
  ResourceExpression: {
    code: 'InvalidTemplate',
    status: 400,
    message:
      "Unable to process template language expressions for resource '{id}' at line '{line}' and column '{column}'. '{reason}'",
  },
  ResourceNameInvalid: {
    code: 'InvalidTemplate',
    status: 400,
    message:
      "The template resource '{name}' for type '{type}' at line '{line}' and column '{column}' has incorrect segment lengths. A nested resource type must have identical number of segments as its resource name. A root resource type must have segment length one greater than its resource name. Please see https://aka.ms/arm-syntax-resources for usage details.",
  },
  ResourceDuplicate: {
    code: 'InvalidTemplate',
    status: 400,
    message:
      "The resource '{id}' is defined multiple times in a template. Please see https://aka.ms/arm-syntax-resources for usage details.",
  },
  ResourceNotDefined: {
    code: 'InvalidTemplate',
    status: 400,
    message:
      "The resource '{name}' is not defined in the template. Please see https://aka.ms/arm-syntax for usage details.",
  },
  ResourceAmbiguous: {
    code: 'InvalidTemplate',
    status: 400,
    message: "The template resource reference '{name}' is ambiguous: it matches '{matches}'. Use the resource id.",
  },
  CircularDependency: {
    code: 'InvalidTemplate',
    status: 400,
    message:
      "Circular dependency detected on resource: '{id}'. The cycle is '{path}'. Please see https://aka.ms/arm-syntax-resources for usage details.",
  },
  CopyInvalid: { code: 'InvalidTemplate', status: 400, message: "The copy loop '{name}' is not valid: {reason}." },
  ScopeInvalid: {
    code: 'InvalidTemplate',
    status: 400,
    message: "The scope of the resource '{name}' is not valid: {reason}.",
  },
  LocationRequired: {
    code: 'LocationRequired',
    status: 400,
    message: "The 'location' property is required for the deployment '{name}'.",
  },
  ScopeNotAllowed: {
    code: 'InvalidTemplate',
    status: 400,
    message: "The template function '{function}' is not available in a deployment at the scope '{scope}'.",
  },
  ResourceNotFound: { code: 'ResourceNotFound', status: 404, message: "The Resource '{resource}' was not found." },
  ResourceGroupNotFound: {
    code: 'ResourceGroupNotFound',
    status: 404,
    message: "Resource group '{name}' could not be found.",
  },

  // Links and secrets
  LinkedTemplatesUnavailable: {
    code: 'InvalidTemplateLink',
    status: 400,
    message: "The deployment '{name}' links the template '{uri}', and this server fetches no linked templates.",
  },
  InvalidTemplateLink: {
    code: 'InvalidContentLink',
    status: 400,
    message: "Unable to download deployment content from '{uri}': {reason}.",
  },
  ContentVersionMismatch: {
    code: 'InvalidContentVersion',
    status: 400,
    message: "The content version '{actual}' of '{uri}' does not match the version '{expected}' of the link.",
  },
  SecretsUnavailable: {
    code: 'KeyVaultParameterReferenceNotSupported',
    status: 400,
    message: "The parameter '{name}' refers to the secret '{secret}' of a Key Vault, and this server reads no vaults.",
  },
  SecretNotFound: {
    code: 'KeyVaultParameterReferenceSecretRetrieveFailed',
    status: 400,
    message: "The secret '{secret}' of the Key Vault parameter '{name}' cannot be retrieved: {reason}.",
  },

  // Deployments
  InvalidTemplateDeployment: {
    code: 'InvalidTemplateDeployment',
    status: 400,
    message:
      "The template deployment '{name}' is not valid according to the validation procedure. See inner errors for details.",
  },
  DeploymentFailed: {
    code: 'DeploymentFailed',
    status: 409,
    message:
      'At least one resource deployment operation failed. Please list deployment operations for details. Please see https://aka.ms/arm-deployment-operations for usage details.',
  },
  ResourceDeploymentFailure: {
    code: 'ResourceDeploymentFailure',
    status: 409,
    message:
      "The resource write operation failed to complete successfully, because it reached terminal provisioning state '{state}'.",
  },
  DeploymentOutputEvaluationFailed: {
    code: 'DeploymentOutputEvaluationFailed',
    status: 400,
    message:
      "Unable to evaluate template outputs: '{names}'. Please see error details and deployment operations. Please see https://aka.ms/arm-common-errors for usage details.",
  },
  DeploymentCanceled: { code: 'DeploymentCanceled', status: 409, message: "The deployment '{name}' was canceled." },
  InternalServerError: { code: 'InternalServerError', status: 500, message: 'Encountered internal server error.' },
} as const satisfies Readonly<Record<string, { code: string; status: number; message: string }>>;

export type TemplateErrorName = keyof typeof templateErrors;
