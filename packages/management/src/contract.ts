/**
 * # What a resource provider declares
 *
 * The management plane serves resource types; it knows none of them. A provider declares each of its types in one file, and
 * lists them in one visible list:
 *
 *     // providers/microsoft-cache/redis.ts
 *     export const redis: ResourceType = {
 *       type: 'Microsoft.Cache/redis',
 *       tracked: true,
 *       name: { pattern: /^[A-Za-z0-9-]{1,63}$/, says: '1 to 63 letters, digits and hyphens' },
 *       body: { properties: object({ enableNonSslPort: boolean({ default: false }), hostName: string({ readOnly: true }) }) },
 *       put: {},
 *       patch: {},
 *       delete: {},
 *       actions: [{ name: 'listKeys', run: (context) => … }],
 *     };
 *
 *     // providers/microsoft-cache/index.ts
 *     export const microsoftCache: ResourceProvider = {
 *       namespace: 'Microsoft.Cache',
 *       displayName: 'Microsoft Cache',
 *       apiVersions: ['2024-11-01', '2023-08-01'],
 *       types: [redis, redisFirewallRules],
 *     };
 *
 *     createManagement({ …, providers: [microsoftCache] })
 *
 * ## What the frame does for every type, before a hook of the type is called
 *
 * 1. path and query are parsed (`ArmId`, `Query`): names decoded, compared without regard to case, kept as first written;
 * 2. `api-version` is checked against the type; the caller is authenticated; RBAC is asked for `{type}/read|write|delete` or
 *    `{type}/{action}/action`; locks are asked; the subscription, the resource group and the parent resource must exist;
 * 3. a body is read (JSON, limited in bytes and depth); `id`, `name`, `type` and `systemData` in it are dropped; members
 *    that the schema calls read-only are replaced by what is stored; defaults are filled in; secrets are taken out of it;
 *    all problems of the body are reported at once;
 * 4. `If-Match` and `If-None-Match` become preconditions of the batch;
 * 5. one batch is written: the resource, the type's own operations (`Prepared.operations`), and the audit entry. It becomes
 *    visible whole or not at all, and the change feed carries it to the gateway;
 * 6. the resource is answered as `present` shows it, with its etag, in the status that the type declares.
 *
 * ## How a resource is stored
 *
 * `ResourceRecord.id` is the ARM id, `type` the type, and `body` the ARM document without `id`, `name` and `type`:
 * `{ location?, tags?, properties, sku?, …, systemData }`. Secrets are beside it, by the path of the field
 * (`properties/value`). A type that needs more than this says so in its hooks; nothing else is kept anywhere.
 */

import type { HeaderList } from '@lazuli/policies';
import type { JsonObject, JsonValue, Operation, ResourceRecord, StoreReader } from '@lazuli/store';
import type { OpenRequest, OpenResponse } from './http/front.ts';
import type { ArmId } from './ids/arm-id.ts';
import type { ObjectSchema, Schema } from './schema/schema.ts';
import type { Call } from './services.ts';

export interface ResourceProvider {
  /** `Microsoft.ApiManagement` */
  readonly namespace: string;
  /** For `providers/{ns}/operations`: `Microsoft API Management`. */
  readonly displayName: string;
  /** Newest first; those of every type that does not have its own. */
  readonly apiVersions: readonly string[];
  /** Parents before children is the custom; the order does not matter otherwise. */
  readonly types: readonly ResourceType[];
  /** POSTs that belong to no resource: `checkNameAvailability`. */
  readonly actions?: readonly ProviderAction[];
  /** Paths outside of Resource Manager that it serves to callers without a token, who show a right of another kind (signed links). */
  readonly open?: readonly ProviderOpenHandler[];
  /** Permissions that no type or action shows by itself, data actions above all. */
  readonly operations?: readonly ProviderOperation[];
  /**
   * How the provider words problems of a body. Default: 400 `InvalidRequestContent` with one detail for each problem.
   * API Management answers `ValidationError`.
   */
  validationError?(problems: readonly BodyProblem[]): Error;
}

/** Where a top-level type lives; `extension`: below any other resource, `{resource}/providers/{type}/{name}`. */
export type ScopeKind = 'tenant' | 'subscription' | 'resourceGroup' | 'extension';

export interface ResourceType {
  /** Full type in Azure's spelling: `Microsoft.ApiManagement/service/apis/operations`. The path follows from it. */
  readonly type: string;
  /** Names that the type had in older versions of the API, in full. They are found, never answered. */
  readonly formerTypes?: readonly string[];
  /** Every request is refused with the name of what is not there; see `ManagementOptions.recordUnknownResources`. */
  readonly isRefused?: boolean;
  /** Newest first; default: the provider's. `*`: any. */
  readonly apiVersions?: readonly string[];
  /** Only for types with one segment (and for nested ones without a parent of their own); default `['resourceGroup']`. */
  readonly scopes?: readonly ScopeKind[];
  /** Has `location` (required, fixed at creation) and `tags`, and appears in lists of resources. */
  readonly tracked?: boolean;
  readonly name: NameRule;
  /** Prefix of its permissions where it is not `type`. */
  readonly permission?: string;
  /**
   * `required` (default): a PUT needs the parent resource (404 `ParentResourceNotFound`), as does a list. `none`: the parents in
   * the path are only names (`locations/{location}/deletedservices`).
   */
  readonly parent?: 'required' | 'none';
  /** Schema of the members of the document; `location` and `tags` of tracked types are the frame's. Default: anything goes. */
  readonly body?: Readonly<Record<string, Schema>>;

  /** GET and HEAD of one resource; `false`: 405. Default: served. */
  readonly get?: GetBehaviour | false;
  /** GET of the collection below a parent (or a scope); `false`: 405. Default: served. */
  readonly list?: ListBehaviour | false;
  /** Also served over a wider scope than the parent: all of a subscription or a tenant. Default for tracked types. */
  readonly listBySubscription?: boolean;
  /** PUT. Absent: 405. */
  readonly put?: PutBehaviour;
  /** PATCH: RFC 7396 merge-patch over the stored document, `tags` replaced as a whole. Absent: 405. */
  readonly patch?: PatchBehaviour;
  /** DELETE. Absent: 405. */
  readonly delete?: DeleteBehaviour;
  readonly actions?: readonly ResourceAction[];

  /**
   * The document that callers see; `document` is the default one (`id`, `name`, `type`, then the stored body). Must not
   * contain secrets: it is also what lists, templates and exports see.
   */
  present?(document: JsonObject, record: ResourceRecord, context: ReadContext): JsonObject | Promise<JsonObject>;
  /**
   * Name under which the resource that is addressed as `name` is stored; asked for every resource of the path, parents
   * first. For aliases: `echo;rev=1` is stored as `echo` while revision 1 is the current one. `parentId` is resolved already.
   */
  resolveName?(name: string, parentId: string, reader: StoreReader): string | Promise<string>;
  /** A body as older versions of the API have it, in the form of the newest; called before anything is checked. */
  upgradeBody?(raw: JsonObject, name: string): JsonObject;
  /** Reads request bodies instead of the strict JSON reader. @throws {ArmError} */
  readBody?(bytes: Uint8Array): JsonObject;
  /**
   * Takes the whole handling of a method over; the frame's steps 1 to 3 (without the schema) have been done. GET may answer
   * undefined: the frame serves the request as usual.
   */
  readonly handlers?: {
    readonly [method in 'GET' | 'HEAD' | 'LIST' | 'PUT' | 'PATCH' | 'DELETE']?: ResourceHandler;
  };
  /** Called after a write of this process is on disk; failures are logged. For what must follow everywhere, read the change feed. */
  onChange?(change: ResourceChange): void | Promise<void>;
}

export interface NameRule {
  /** Tested against the decoded name. */
  readonly pattern?: RegExp;
  /** Beyond a pattern: whether the decoded name is one. */
  readonly isName?: (name: string) => boolean;
  /** The only names there are (`policy`, `default`); compared without regard to case, answered in this spelling. */
  readonly only?: readonly string[];
  /** Ends the message "The name '…' is not valid: expected …". */
  readonly says: string;
}

export interface GetBehaviour {
  /** Status of HEAD where the resource exists; default 204 for ARM, API Management answers 200. */
  readonly headStatus?: 200 | 204;
  /** Send the `ETag` header; default true. */
  readonly etag?: boolean;
}

export interface ListBehaviour {
  /**
   * Fields that `$filter` and `$orderby` may name: path in the presented document, e.g. `{ displayName: 'properties/displayName' }`.
   * Absent: every member of the document and of its `properties`.
   */
  readonly fields?: Readonly<Record<string, string>>;
  /** Functions in `$filter` that `items` evaluates itself (`atScope()`), in lower case; the frame takes them as true. */
  readonly functions?: readonly string[];
  /** Answer `count` beside `value` (API Management does): number of items that the filter selects. */
  readonly count?: boolean;
  /** Items a page at most, and default of `$top`; default 1,000. */
  readonly pageSize?: number;
  /** Read by the type itself, in the order in which they are answered; the frame filters, sorts and pages. */
  items?(context: ListContext): Promise<readonly JsonObject[]>;
}

export interface PutBehaviour {
  /** Status when the resource did not exist; default 201. The clients of some types accept nothing but 200. */
  readonly created?: 200 | 201 | 202;
  /** Status when it did; default 200. */
  readonly replaced?: 200 | 201 | 202;
  /** `If-Match` is required to replace (not to create); default `optional`. Missing: 412 `PreconditionFailed`… see `errors.ts`. */
  readonly ifMatch?: 'optional' | 'required';
  /** Checks across resources, computed members, further writes of the same batch. */
  prepare?(write: WriteContext): Prepared | Promise<Prepared>;
  readonly longRunning?: LongRunning;
}

export interface PatchBehaviour {
  /** Default 200. */
  readonly status?: 200 | 202 | 204;
  readonly ifMatch?: 'optional' | 'required';
  /** Default: RFC 7396, `tags` replaced. */
  merge?(stored: JsonObject, patch: JsonObject): JsonObject;
  /** Default: the `prepare` of PUT. */
  prepare?(write: WriteContext): Prepared | Promise<Prepared>;
  readonly longRunning?: LongRunning;
}

export interface DeleteBehaviour {
  /** Status where it existed; default 200. Where it did not: `absent`, default 204. */
  readonly deleted?: 200 | 202 | 204;
  readonly absent?: 200 | 204 | 404;
  readonly ifMatch?: 'optional' | 'required';
  /** Checks and further writes. Resources below the deleted one go with it anyway. */
  prepare?(
    context: DeleteContext,
  ): Pick<Prepared, 'operations' | 'problems'> | Promise<Pick<Prepared, 'operations' | 'problems'>>;
  readonly longRunning?: LongRunning;
}

export interface Prepared {
  /** Replaces the normalised body. */
  readonly body?: JsonObject;
  /** Secrets to set (`null`: to remove) by path, over those that the schema found. */
  readonly secrets?: Readonly<Record<string, string | null>>;
  /** Written in the same batch, before (`operations`) or after (`operationsAfter`) the resource itself. */
  readonly operations?: readonly Operation[];
  readonly operationsAfter?: readonly Operation[];
  /** Reported like problems of the schema; nothing is written then. */
  readonly problems?: readonly BodyProblem[];
  /** Instead of the declared status. */
  readonly status?: number;
}

/** Something wrong with a request body. */
export interface BodyProblem {
  /** Path of the member as clients write it: `properties.displayName`, `properties.protocols[0]`. */
  readonly target: string;
  readonly message: string;
  /** Default `InvalidValue`. */
  readonly code?: string;
  /** What the body refers to is not there: no problem in a preflight, for it may come from somewhere else until then. */
  readonly isReference?: boolean;
}

/** Work that outlives the request. */
export interface LongRunning {
  /** Headers of the answer; default `both`. */
  readonly via?: 'Azure-AsyncOperation' | 'Location' | 'both';
  /** Default 1. */
  readonly retryAfterSeconds?: number;
  /** What becomes of it when the process ends first: started anew (then it must be repeatable), or failed. */
  readonly onRestart: 'repeat' | 'fail';
  /**
   * Does it. While it runs, `properties.provisioningState` of a PUT is `Creating` or `Updating`, then `Succeeded` or `Failed`.
   * What it returns is the answer of the operation where it is not the resource itself.
   */
  work(context: WorkContext): Promise<ActionResult | undefined>;
}

/** A POST on a resource: `…/service/x/subscriptions/y/listSecrets`. */
export interface ResourceAction {
  /** Last segment(s) of the path, in Azure's spelling: `listSecrets`, `policies/validate`. */
  readonly name: string;
  readonly method?: 'POST' | 'GET';
  /** `resource` (default): of one resource. `collection`: `…/service/x/reports/byApi` as action `byApi` of `reports`. */
  readonly on?: 'resource' | 'collection';
  /** Default `{type}/{name}/action` (`/read` for GET). */
  readonly permission?: string;
  /** Runs under a ReadOnly lock; default false, as with `listKeys`. */
  readonly readOnly?: boolean;
  /** The resource must exist; default true. */
  readonly needsResource?: boolean;
  readonly body?: ObjectSchema;
  run(context: ActionContext): ActionResult | Promise<ActionResult>;
  /** Answer 202 and run this afterwards; `run` is called first and may refuse. */
  readonly longRunning?: LongRunning;
}

/** A POST or GET at a scope: `/subscriptions/{s}/providers/{ns}/checkNameAvailability`. */
export interface ProviderAction {
  /** `checkNameAvailability`, `locations/{location}/checkNameAvailability`: segments in braces match anything. */
  readonly name: string;
  readonly method?: 'POST' | 'GET';
  readonly scopes: readonly ScopeKind[];
  readonly apiVersions?: readonly string[];
  /** Default `{ns}/{name}/action` (`/read` for GET). */
  readonly permission?: string;
  /** Every authenticated caller may; default false. */
  readonly open?: boolean;
  readonly body?: ObjectSchema;
  run(context: ProviderActionContext): ActionResult | Promise<ActionResult>;
}

export interface ProviderOperation {
  readonly name: string;
  readonly isDataAction?: boolean;
  readonly display: { readonly resource: string; readonly operation: string; readonly description: string };
}

export interface ActionResult {
  /** Default 200, or 204 without a body. */
  readonly status?: number;
  readonly body?: JsonValue | JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
  /** Written, with the audit entry, before the answer is sent. */
  readonly operations?: readonly Operation[];
}

/** Who asks. */
export interface Principal {
  readonly objectId: string;
  readonly tenantId: string;
  readonly kind: 'User' | 'Group' | 'ServicePrincipal';
  /** Client (application) id of the token. */
  readonly applicationId?: string;
  /** For `systemData.createdBy` and logs: user principal name, else the application id. */
  readonly name: string;
  /** Groups that it is in: assignments to them count. */
  readonly groups: readonly string[];
  /** Claims of the token as the activity log shows them. */
  readonly claims: Readonly<Record<string, string>>;
}

/** Query parameters, names without regard to case. */
export interface Query {
  get(name: string): string | undefined;
  readonly entries: readonly (readonly [string, string])[];
}

/** What every hook can ask. */
export interface ReadContext {
  /** The resource, collection or action that is addressed; aliases are resolved. */
  readonly id: ArmId;
  readonly apiVersion: string;
  readonly query: Query;
  readonly headers: HeaderList;
  readonly principal: Principal;
  readonly reader: StoreReader;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** `https://localhost:8443`, as the caller wrote it. */
  readonly baseUrl: string;
  readonly tenantId: string;
  readonly correlationId: string;
  /** The call itself, for types that make further ones (deployments). */
  readonly call: Call;
}

export interface ListContext extends ReadContext {
  /** Id of the parent resource, resource group, subscription, or `/`. */
  readonly parentId: string;
}

export interface WriteContext extends ReadContext {
  readonly kind: 'create' | 'replace' | 'update';
  /** Last name of the id. */
  readonly name: string;
  /** Checked and normalised; without secrets. */
  readonly body: JsonObject;
  /** As it was sent. */
  readonly raw: JsonObject;
  /** Secrets that the body carried, by path. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly existing?: ResourceRecord;
  /** Absent for types without a parent resource. */
  readonly parent?: ResourceRecord;
  /** True for template validation and what-if: nothing will be written, and nothing may be done outside. */
  readonly dryRun: boolean;
}

export interface DeleteContext extends ReadContext {
  readonly name: string;
  readonly existing: ResourceRecord;
}

export interface ActionContext extends ReadContext {
  /** The resource that the action is of; for collections its parent. */
  readonly resource?: ResourceRecord;
  readonly body: JsonObject;
}

export interface ProviderActionContext extends ReadContext {
  readonly body: JsonObject;
  /** What matched the segments in braces, by their names. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface WorkContext {
  readonly resourceId: string;
  readonly operationId: string;
  readonly reader: StoreReader;
  readonly now: number;
  /** Body of the action, or normalised body of the write. */
  readonly body: JsonObject;
  /** Aborted when the process drains. */
  readonly signal: AbortSignal;
  /** Writes a batch with an audit entry in the name of who started it. */
  change(operations: readonly Operation[]): Promise<void>;
}

export type ResourceHandler = (context: HandlerContext) => Promise<ArmResponse | undefined>;

/** Undefined: the path is not its own. */
export type ProviderOpenHandler = (request: OpenRequest, reader: StoreReader) => Promise<OpenResponse | undefined>;

export interface HandlerContext extends ReadContext {
  readonly method: 'GET' | 'HEAD' | 'LIST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly name: string;
  /** `{}` where there is none. */
  readonly body: JsonObject;
  readonly existing?: ResourceRecord;
  readonly parent?: ResourceRecord;
  /** Writes a batch with the audit entry of this request. */
  change(operations: readonly Operation[]): Promise<void>;
}

export interface ArmResponse {
  readonly status: number;
  /** Undefined: no body. */
  readonly body?: JsonValue | JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ResourceChange {
  readonly kind: 'put' | 'delete';
  readonly id: string;
  readonly record?: ResourceRecord;
}
