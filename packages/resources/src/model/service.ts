/**
 * One API Management service as plain, immutable data: what a folder, an ARM deployment or the store describe.
 * Property names are those on the wire (api-version 2024-05-01). References between
 * resources are resource names (not ARM ids), already checked to exist.
 */
export interface ServiceModel {
  readonly apis: readonly Api[];
  readonly versionSets: readonly VersionSet[];
  readonly products: readonly Product[];
  readonly subscriptions: readonly Subscription[];
  readonly namedValues: readonly NamedValue[];
  readonly backends: readonly Backend[];
  readonly policyFragments: readonly PolicyFragment[];
  readonly tags: readonly Tag[];
  readonly groups: readonly Group[];
  readonly loggers: readonly Logger[];
  readonly diagnostics: readonly DiagnosticSettings[];
  readonly certificates: readonly Certificate[];
  readonly users: readonly User[];
  readonly schemas: readonly ServiceSchema[];
  /** The global (service) policy document, if any. */
  readonly policy: PolicyDocument | null;
}

/** A policy document exactly as it was given. */
export interface PolicyDocument {
  /** `rawxml` unless the resource says `xml` (expressions escaped). */
  readonly format: 'rawxml' | 'xml';
  readonly text: string;
  /** Where it came from, relative to the folder; used in messages. */
  readonly file: string;
}

export interface Api {
  /** Resource name without the revision, e.g. `orders-api`. */
  readonly name: string;
  /** `1`, `2` ... */
  readonly revision: string;
  readonly isCurrent: boolean;
  /** Revisions can be taken offline. */
  readonly isOnline: boolean;
  readonly displayName: string;
  readonly description: string | null;
  /** URL path below the gateway host, without slashes at the ends; may be empty and may hold several segments. */
  readonly path: string;
  readonly protocols: readonly ('http' | 'https' | 'ws' | 'wss')[];
  readonly type: 'http' | 'soap' | 'websocket' | 'graphql' | 'odata' | 'grpc';
  readonly serviceUrl: string | null;
  readonly subscriptionRequired: boolean;
  readonly subscriptionKeyParameterNames: { readonly header: string; readonly query: string };
  /** Empty when the API is not versioned or is the "Original" version. */
  readonly apiVersion: string;
  /** Name of the version set, or null. */
  readonly apiVersionSet: string | null;
  readonly apiRevisionDescription: string | null;
  readonly operations: readonly Operation[];
  readonly policy: PolicyDocument | null;
  readonly diagnostics: readonly DiagnosticSettings[];
  readonly tags: readonly string[];
  /** Named JSON Schemas of the specification (components.schemas / definitions), `$ref`s inside the folder resolved. */
  readonly schemas: ReadonlyMap<string, unknown>;
  /** XML schemas of the API's schema resources by their ids: one `xs:schema`, several after each other, or a WSDL document. */
  readonly xmlSchemas: ReadonlyMap<string, string>;
}

export interface Operation {
  /** operationId, or a name derived as Azure's import does. */
  readonly name: string;
  readonly displayName: string;
  readonly description: string | null;
  /** Upper case; `*` matches any. */
  readonly method: string;
  /** `/orders/{id}?expand={expand}`, `/files/*`. */
  readonly urlTemplate: string;
  readonly templateParameters: readonly Parameter[];
  readonly request: {
    readonly queryParameters: readonly Parameter[];
    readonly headers: readonly Parameter[];
    readonly representations: readonly Representation[];
  };
  readonly responses: readonly OperationResponse[];
  readonly policy: PolicyDocument | null;
}

export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly values: readonly string[];
  readonly defaultValue: string | null;
  /** What it is for; absent where nothing says. */
  readonly description?: string;
  /** JSON Schema, when the specification has one. */
  readonly schema: unknown;
}

export interface OperationResponse {
  readonly statusCode: number;
  readonly description: string | null;
  readonly headers: readonly Parameter[];
  readonly representations: readonly Representation[];
}

export interface Representation {
  readonly contentType: string;
  /** Example values by name, in document order; strings are as written, others are JSON values. */
  readonly examples: readonly { readonly name: string; readonly value: unknown }[];
  /** JSON Schema with every `$ref` resolved or pointing into {@link Api.schemas} as `#/schemas/{name}`; null when absent. */
  readonly schema: unknown;
}

export interface VersionSet {
  readonly name: string;
  readonly displayName: string;
  readonly versioningScheme: 'Segment' | 'Query' | 'Header';
  readonly versionHeaderName: string | null;
  readonly versionQueryName: string | null;
}

export interface Product {
  readonly name: string;
  readonly displayName: string;
  readonly description: string | null;
  readonly subscriptionRequired: boolean;
  readonly approvalRequired: boolean;
  readonly subscriptionsLimit: number | null;
  readonly state: 'notPublished' | 'published';
  /** Names of APIs (all revisions of them). */
  readonly apis: readonly string[];
  readonly groups: readonly string[];
  readonly tags: readonly string[];
  readonly policy: PolicyDocument | null;
}

export interface Subscription {
  readonly name: string;
  readonly displayName: string;
  readonly scope:
    | { readonly kind: 'service' }
    | { readonly kind: 'allApis' }
    | { readonly kind: 'api'; readonly api: string }
    | { readonly kind: 'product'; readonly product: string };
  /** Name of the user that owns it, or null. */
  readonly owner: string | null;
  readonly state: 'suspended' | 'active' | 'expired' | 'submitted' | 'rejected' | 'cancelled';
  readonly primaryKey: string;
  readonly secondaryKey: string;
  readonly allowTracing: boolean;
  /** Milliseconds since 1970, or null. */
  readonly createdDate: number | null;
  readonly startDate: number | null;
  readonly expirationDate: number | null;
}

export interface NamedValue {
  readonly name: string;
  /** What `{{...}}` in a policy document names. */
  readonly displayName: string;
  readonly value: string;
  readonly secret: boolean;
  readonly tags: readonly string[];
}

export interface Backend {
  readonly name: string;
  readonly title: string | null;
  readonly description: string | null;
  readonly type: 'Single' | 'Pool';
  /** Absolute http(s) or ws(s) URL; null for a pool. */
  readonly url: string | null;
  readonly protocol: 'http' | 'soap';
  readonly credentials: {
    readonly authorization: { readonly scheme: string; readonly parameter: string } | null;
    readonly header: ReadonlyMap<string, readonly string[]>;
    readonly query: ReadonlyMap<string, readonly string[]>;
    /** Names of certificates, or thumbprints. */
    readonly certificateIds: readonly string[];
    readonly managedIdentity: { readonly resource: string; readonly clientId: string | null } | null;
  } | null;
  readonly tls: { readonly validateCertificateChain: boolean; readonly validateCertificateName: boolean };
  readonly proxy: { readonly url: string; readonly username: string | null; readonly password: string | null } | null;
  readonly circuitBreaker: { readonly rules: readonly CircuitBreakerRule[] } | null;
  readonly pool: {
    readonly services: readonly { readonly backend: string; readonly priority: number; readonly weight: number }[];
    readonly sessionAffinity: { readonly source: 'Cookie'; readonly name: string } | null;
  } | null;
}

export interface CircuitBreakerRule {
  readonly name: string;
  /** Milliseconds. */
  readonly tripDuration: number;
  readonly acceptRetryAfter: boolean;
  readonly failureCondition: {
    readonly count: number | null;
    readonly percentage: number | null;
    /** Milliseconds. */
    readonly interval: number;
    readonly errorReasons: readonly string[];
    readonly statusCodeRanges: readonly { readonly min: number; readonly max: number }[];
  };
}

export interface PolicyFragment {
  readonly name: string;
  readonly description: string | null;
  readonly document: PolicyDocument;
}

export interface Tag {
  readonly name: string;
  readonly displayName: string;
}

export interface Group {
  readonly name: string;
  readonly displayName: string;
  readonly description: string | null;
  readonly type: 'custom' | 'system' | 'external';
}

export interface Logger {
  readonly name: string;
  readonly loggerType: 'applicationInsights' | 'azureEventHub' | 'azureMonitor';
  readonly description: string | null;
  readonly credentials: ReadonlyMap<string, string>;
  readonly isBuffered: boolean;
  readonly resourceId: string | null;
}

/** A `diagnostic` resource (logging of an API or the service). Not to be taken for a `Diagnostic`, a problem in a file. */
export interface DiagnosticSettings {
  readonly name: string;
  readonly logger: string | null;
  readonly alwaysLog: 'allErrors' | null;
  /** 0 to 100. */
  readonly samplingPercentage: number;
  readonly verbosity: 'verbose' | 'information' | 'error';
  readonly httpCorrelationProtocol: 'None' | 'Legacy' | 'W3C';
  readonly logClientIp: boolean;
  readonly metrics: boolean;
  /** The rest as given (frontend, backend, largeLanguageModel). */
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface Certificate {
  readonly name: string;
  /** Upper-case hexadecimal SHA-1 of the DER bytes. */
  readonly thumbprint: string;
  /** PEM, or PFX bytes with their password. */
  readonly certificatePem: string;
  readonly privateKeyPem: string | null;
}

export interface User {
  readonly name: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly note: string | null;
  readonly state: 'active' | 'blocked' | 'pending' | 'deleted';
  readonly registrationDate: number | null;
  readonly groups: readonly string[];
}

/** A schema of the service (`Microsoft.ApiManagement/service/schemas`), which policies name by `schema-id`. */
export type ServiceSchema =
  | { readonly name: string; readonly schemaType: 'xml'; readonly value: string }
  /** JSON Schema as it was given: references (`#/…`) lead into itself, `/schemas/{name}` into another one. */
  | { readonly name: string; readonly schemaType: 'json'; readonly document: unknown };
