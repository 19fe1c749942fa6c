import type { JsonValue } from '@lazuli/store';

/**
 * Every error that the management plane answers: status, code, message. `{name}` marks what is filled in. The texts are
 * Azure's where Azure's are known. `docs/errors.md`, section "Management", lists the same codes; a test compares the two.
 */
export const managementErrors = {
  // The request
  MissingApiVersionParameter: [400, 'The api-version query parameter (?api-version=) is required for all requests.'],
  InvalidApiVersionParameter: [
    400,
    "The api-version '{apiVersion}' is invalid. The supported versions are '{supported}'.",
  ],
  NoRegisteredProviderFound: [
    400,
    "No registered resource provider found for location '{location}' and API version '{apiVersion}' for type '{type}'. The supported api-versions are '{supported}'.",
  ],
  InvalidResourceType: [
    404,
    "The resource type '{type}' could not be found in the namespace '{namespace}' for api version '{apiVersion}'. The supported api-versions are '{supported}'.",
  ],
  InvalidResourceNamespace: [404, "The resource namespace '{namespace}' is invalid."],
  HttpResourceNotFound: [404, 'The request url {path} is not found.'],
  MethodNotAllowed: [405, "The requested resource does not support http method '{method}'."],
  InvalidRequestUri: [400, "The request path '{path}' is not valid: {reason}."],
  InvalidRequestContent: [400, 'The request content was invalid and could not be deserialized: {reason}'],
  InvalidRequestBody: [400, 'The request body is not valid: {reason}.'],
  RequestContentTooLarge: [413, 'The request content exceeds the allowed {limit} bytes.'],
  UnsupportedMediaType: [
    415,
    "The content media type '{mediaType}' is not supported. Only 'application/json' is supported.",
  ],
  InvalidResourceName: [400, "The resource name '{name}' is not valid for type '{type}': expected {expected}."],
  LocationRequired: [400, 'The location property is required for this definition.'],
  LocationNotAvailableForResourceType: [
    400,
    "The provided location '{location}' is not available for resource type '{type}'. List of available regions for the resource type is '{supported}'.",
  ],
  InvalidResourceLocation: [
    409,
    "The resource '{name}' already exists in location '{existing}' in resource group '{resourceGroup}'. A resource with the same name cannot be created in location '{location}'. Please select a new resource name.",
  ],
  InvalidResourceGroupLocation: [
    409,
    "Invalid resource group location '{location}'. The Resource group already exists in location '{existing}'.",
  ],
  InvalidTagNameOrValue: [400, 'The tags are not valid: {reason}.'],
  InvalidFilterInQueryString: [400, "Invalid $filter '{filter}' specified in the query string: {reason}."],
  InvalidOrderByInQueryString: [400, "Invalid $orderby '{orderBy}' specified in the query string: {reason}."],
  InvalidQueryParameter: [
    400,
    "The value '{value}' of query parameter '{parameter}' is not valid: expected {expected}.",
  ],
  InvalidSkipToken: [400, 'The $skipToken in the query string is not valid.'],
  InvalidETag: [400, "The value of '{header}' is not valid: expected entity tags in quotes, or '*'."],
  PreconditionFailed: [412, "The condition '{condition}' set in the request does not hold for '{id}'."],
  PreconditionRequired: [428, "The header 'If-Match' is required for this request; '*' matches every state."],

  // What is not there, or in the way
  SubscriptionNotFound: [404, "The subscription '{subscription}' could not be found."],
  InvalidSubscriptionId: [400, "The provided subscription identifier '{subscription}' is malformed or invalid."],
  ResourceGroupNotFound: [404, "Resource group '{name}' could not be found."],
  ResourceNotFound: [
    404,
    "The Resource '{resource}' under resource group '{resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
  ],
  NotFound: [404, "'{id}' was not found."],
  ParentResourceNotFound: [
    404,
    "Failed to perform '{operation}' on resource(s) of type '{type}', because the parent resource '{parent}' could not be found.",
  ],
  ResourceGroupBeingDeleted: [
    409,
    "The resource group '{name}' is in deprovisioning state and cannot perform this operation.",
  ],
  ScopeLocked: [
    409,
    "The scope '{scope}' cannot perform {operation} operation because following scope(s) are locked: '{locked}'. Please remove the lock and try again.",
  ],
  ChangeSetRefused: [400, 'Nothing was changed: problems in {count} of the requests of the change set.'],
  Conflict: [409, "The resource '{id}' was changed by another request at the same time. Please try again."],
  OperationNotFound: [404, "The operation '{operationId}' could not be found."],
  OperationInterrupted: [
    500,
    'The operation was running when the service stopped, and cannot be continued. Please start it again.',
  ],
  ServiceUnavailable: [503, 'The service is busy or its store cannot be reached. Please try again.'],
  InternalServerError: [
    500,
    'The server could not complete the request; its log names the reason under {correlationId}.',
  ],

  // Who may
  AuthenticationFailed: [401, "Authentication failed. The 'Authorization' header is missing."],
  AuthenticationFailedInvalidHeader: [
    401,
    "Authentication failed. The 'Authorization' header is provided in an invalid format.",
  ],
  InvalidAuthenticationToken: [401, 'The access token is invalid: {reason}.'],
  InvalidAuthenticationTokenAudience: [
    401,
    "The access token has been obtained for wrong audience or resource '{audience}'. It should exactly match with one of the allowed audiences '{allowed}'.",
  ],
  InvalidAuthenticationTokenTenant: [
    401,
    "The access token is from the wrong issuer '{issuer}'. It must match the tenant '{tenant}' of this service.",
  ],
  ExpiredAuthenticationToken: [401, 'The access token expiry UTC time is earlier than current UTC time.'],
  AuthorizationFailed: [
    403,
    "The client '{client}' with object id '{objectId}' does not have authorization to perform action '{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.",
  ],
  TooManyRequests: [429, 'The request is throttled: more than {limit} {kind} in {seconds} seconds.'],

  // Roles
  RoleDefinitionDoesNotExist: [400, "The specified role definition with ID '{id}' does not exist."],
  RoleDefinitionHasAssignments: [
    400,
    'There are existing role assignments referencing role (code: RoleDefinitionHasAssignments).',
  ],
  RoleDefinitionCannotBeChanged: [403, "The built-in role '{name}' cannot be changed or deleted."],
  RoleDefinitionWithSameNameExists: [409, "A custom role with the name '{name}' already exists in this directory."],
  InvalidRoleDefinition: [400, 'The role definition is not valid: {reason}.'],
  RoleAssignmentExists: [409, "The role assignment already exists. The ID of the existing role assignment is '{id}'."],
  RoleAssignmentUpdateNotPermitted: [
    409,
    'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.',
  ],
  InvalidRoleAssignment: [400, 'The role assignment is not valid: {reason}.'],
  InvalidRoleAssignmentId: [
    400,
    "The role assignment ID '{name}' is not valid. The role assignment ID must be a GUID.",
  ],
  UnsupportedCondition: [400, 'Conditions of role assignments are not supported; remove the property {property}.'],

  // Deployments
  InvalidDeployment: [400, 'The deployment is not valid: {reason}.'],
  DeploymentNotFound: [404, "Deployment '{name}' could not be found."],
  DeploymentActive: [
    409,
    "Unable to edit or replace deployment '{name}': previous deployment from '{started}' is still active. Please see https://aka.ms/arm-deploy for usage details.",
  ],
  DeploymentNotCancellable: [409, "The deployment '{name}' cannot be canceled: its state is '{state}'."],
  DeploymentOperationNotFound: [404, "Deployment operation '{operationId}' could not be found."],
  DeploymentNameInvalidCharacters: [
    400,
    "The deployment name '{name}' is not valid: expected 1 to 64 letters, digits, '-', '.', '_', '(' or ')'.",
  ],
  TooManyDeployments: [
    409,
    "Creating the deployment '{name}' would exceed the quota of '{limit}'. The current deployment count is '{count}'. Please delete some deployments before creating a new one.",
  ],

  // What is not served
  UnsupportedFeature: [400, 'Not supported by Lazuli: {feature}.'],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;

export type ManagementErrorCode = keyof typeof managementErrors;

export interface ErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
  readonly details?: readonly ErrorDetail[];
  readonly additionalInfo?: readonly { readonly type: string; readonly info: JsonValue }[];
}

export interface ArmErrorInit extends ErrorDetail {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that is an error: throw it anywhere in a hook, and it is what the client reads. Providers have tables of their own. */
export class ArmError extends Error {
  override readonly name = 'ArmError';
  readonly status: number;
  readonly body: ErrorDetail;
  readonly headers: Readonly<Record<string, string>>;

  constructor(init: ArmErrorInit, options?: ErrorOptions) {
    super(init.message, options);
    const { status, headers, ...body } = init;
    this.status = status;
    this.headers = headers ?? {};
    this.body = body;
  }

  get code(): string {
    return this.body.code;
  }
}

/** Extras of an error of the table. */
export interface ErrorExtras {
  readonly target?: string;
  readonly details?: readonly ErrorDetail[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** Codes that several entries of the table share on the wire. */
const wireCodes: Partial<Record<ManagementErrorCode, string>> = {
  AuthenticationFailedInvalidHeader: 'AuthenticationFailed',
};

/** An error of the table above. */
export function armError(
  code: ManagementErrorCode,
  values: Readonly<Record<string, string | number>> = {},
  extras: ErrorExtras = {},
): ArmError {
  const [status, template] = managementErrors[code];
  const { cause, ...rest } = extras;
  const init = { status, code: wireCodes[code] ?? code, message: fillIn(template, values), ...rest };
  return new ArmError(init, cause === undefined ? {} : { cause });
}

/** For an address that takes one method. */
export function methodNotAllowed(method: string, allowed: string): ArmError {
  return armError('MethodNotAllowed', { method }, { headers: { Allow: allowed } });
}

/** Fills `{name}` in; values are cut at 500 characters, since clients print messages as they are. */
export function fillIn(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    const text = String(value);
    return text.length > 500 ? `${text.slice(0, 500)}…` : text;
  });
}
