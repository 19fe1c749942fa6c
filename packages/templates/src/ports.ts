import type { JsonObject, JsonValue } from './json/values.ts';

/** What a resource provider answers: an ARM resource document (`id`, `name`, `type`, `location`, `properties` ...). */
export type ResourceDocument = JsonObject;

export interface GetRequest {
  /** Fully qualified ARM id, in the casing of the template. */
  readonly id: string;
  readonly apiVersion: string;
}

export interface PutRequest {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly apiVersion: string;
  /** The request body: what the template says of the resource without type, name, apiVersion, dependsOn, copy, condition ... */
  readonly body: JsonObject;
}

export interface ValidateRequest extends PutRequest {
  /** Paths of `body` that still hold the text of an expression, for only the run time can evaluate it. */
  readonly late: readonly string[];
}

export interface ListRequest {
  readonly id: string;
  /** `listKeys`, `listSecrets` ...: the POST action of the resource. */
  readonly functionName: string;
  readonly apiVersion: string;
  readonly body?: JsonValue;
}

export interface SecretReference {
  /** ARM id of the vault. */
  readonly vaultId: string;
  readonly secretName: string;
  readonly secretVersion?: string;
}

/** Where the templates package reaches the world. Every port may throw a `ResourceError`; other errors become code InternalServerError. */
export interface TemplatePorts {
  /** GET of one resource (or resource group, subscription, deployment); undefined when there is none. */
  get(request: GetRequest, signal?: AbortSignal): Promise<ResourceDocument | undefined>;
  /** POST of a `list*` action. Undefined: the resource does not exist. */
  list(request: ListRequest, signal?: AbortSignal): Promise<JsonValue | undefined>;
  /**
   * Text of a linked template or parameter file. Undefined: it cannot be read before the deployment runs, which is when its
   * plan is made then. Absent: `templateLink` is refused by name.
   */
  fetchTemplate?(link: { readonly uri?: string; readonly id?: string }): Promise<string | undefined>;
  /** Value of a Key Vault secret that a parameter refers to. Absent: such parameters are refused by name. */
  secret?(reference: SecretReference): Promise<string>;
  /** Facts for `providers()` and for choosing API versions; undefined: the provider or type is unknown. */
  provider?(namespace: string, resourceType?: string): JsonObject | undefined;
}

export interface DeployPorts extends TemplatePorts {
  /** PUT of one resource; resolves when the provider is done (terminal state), with its document. */
  put(request: PutRequest, signal?: AbortSignal): Promise<ResourceDocument>;
  /** Complete mode: DELETE of one resource. */
  delete?(request: { readonly id: string }, signal?: AbortSignal): Promise<void>;
  /** Complete mode and what-if: ids and documents of the resources that are in the scope of the deployment now. */
  listExisting?(scopeId: string): Promise<readonly ResourceDocument[]>;
  /** Called whenever an operation or a deployment (nested ones too) changes state. */
  progress?(event: ProgressEvent): void;
}

export interface ValidatePorts extends TemplatePorts {
  /**
   * Dry run of a PUT: resolves when the provider would take it, throws a `ResourceError` when not. It may answer the
   * document that the PUT would give, which makes what-if exact.
   */
  validate?(request: ValidateRequest): Promise<ResourceDocument | undefined>;
  listExisting?(scopeId: string): Promise<readonly ResourceDocument[]>;
}

export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
  readonly details?: readonly ErrorBody[];
  readonly additionalInfo?: readonly { readonly type: string; readonly info: JsonValue }[];
}

export type ProvisioningState = 'Accepted' | 'Running' | 'Succeeded' | 'Failed' | 'Canceled' | 'Skipped';

/** One row of `deployments/{name}/operations`. */
export interface DeploymentOperation {
  /** Upper-case hexadecimal, stable for a resource of a deployment. */
  readonly operationId: string;
  /** Id of the deployment that ran it. */
  readonly deploymentId: string;
  readonly provisioningOperation: 'Create' | 'Read' | 'Delete' | 'Action' | 'EvaluateDeploymentOutput';
  readonly provisioningState: ProvisioningState;
  readonly targetResource?: { readonly id: string; readonly resourceType: string; readonly resourceName: string };
  readonly statusCode: string;
  /** The error body of a failed operation. */
  readonly error?: ErrorBody;
  /** ISO 8601. */
  readonly timestamp: string;
  /** Milliseconds. */
  readonly duration: number;
}

export type ProgressEvent =
  | { readonly kind: 'operation'; readonly operation: DeploymentOperation }
  | { readonly kind: 'deployment'; readonly deployment: DeploymentRecord };

/** A deployment as `Microsoft.Resources/deployments` shows it: no secure value appears in it. */
export interface DeploymentRecord {
  readonly id: string;
  readonly name: string;
  readonly location?: string;
  /** Id of the deployment that contains this one. */
  readonly parentId?: string;
  readonly properties: JsonObject;
}
