/**
 * What the gateway gives an expression as `context`. Everything is read when an expression asks for it: a host makes
 * its views lazily. Types of the C# surface (IRequest, IUrl, IMessageBody ...) are declared over these in `surface/context/`.
 */
export interface ContextHost {
  /** A GUID in its usual form. */
  readonly requestId: string;
  /** When the request arrived: milliseconds since 1970, UTC. */
  readonly timestamp: number;
  /** Milliseconds since then, with fractions. */
  elapsed(): number;
  readonly tracing: boolean;
  readonly api: ApiView;
  readonly operation: OperationView;
  readonly product: ProductView | null;
  readonly subscription: SubscriptionView | null;
  readonly user: UserView | null;
  readonly workspace: { readonly id: string; readonly name: string } | null;
  readonly deployment: DeploymentView;
  readonly backend: BackendView | null;
  readonly request: RequestView;
  /** Null until there is a response. */
  readonly response: ResponseView | null;
  readonly lastError: LastErrorView | null;
  /** Of a GraphQL resolver; absent or null elsewhere. */
  readonly graphQL?: GraphQLView | null;
  /** UNIFORM values (see `runtime/values.ts`). */
  readonly variables: ReadonlyMap<string, unknown>;
  trace(message: string): void;
  /**
   * `X509Certificate2.Verify()`: is the certificate valid now, with a chain to a root that is trusted? Revocation is not
   * asked for.
   */
  isTrustedCertificate(der: Uint8Array): boolean;
}

export interface ApiView {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly revision: string;
  readonly isCurrentRevision: boolean;
  readonly version: string;
  /** Absolute URL, or null. */
  readonly serviceUrl: string | null;
  readonly protocols: readonly string[];
  readonly subscriptionKeyParameterNames: { readonly header: string; readonly query: string };
}

export interface OperationView {
  readonly id: string;
  readonly method: string;
  readonly name: string;
  readonly urlTemplate: string;
}

export interface ProductView {
  readonly id: string;
  readonly name: string;
  readonly state: 'NotPublished' | 'Published';
  readonly approvalRequired: boolean;
  readonly subscriptionRequired: boolean;
  readonly subscriptionsLimit: number | null;
  readonly groups: readonly { readonly id: string; readonly name: string }[];
}

export interface SubscriptionView {
  readonly id: string;
  readonly name: string;
  /** The key that the caller used. */
  readonly key: string;
  readonly primaryKey: string;
  readonly secondaryKey: string;
  /** Milliseconds since 1970, UTC. */
  readonly createdDate: number;
  readonly startDate: number | null;
  readonly endDate: number | null;
}

export interface UserView {
  readonly id: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly note: string | null;
  readonly registrationDate: number;
  readonly groups: readonly { readonly id: string; readonly name: string }[];
  readonly identities: readonly { readonly id: string; readonly provider: string }[];
}

export interface DeploymentView {
  readonly region: string;
  readonly serviceId: string;
  readonly serviceName: string;
  readonly gatewayId: string;
  readonly gatewayInstanceId: string;
  readonly isManaged: boolean;
  /** By id. */
  readonly certificates: ReadonlyMap<string, CertificateView>;
}

export interface CertificateView {
  readonly der: Uint8Array;
  /** PKCS #8, or null when there is no key. */
  readonly privateKeyPem: string | null;
}

export interface BackendView {
  readonly id: string;
  readonly type: 'Single' | 'Pool';
  readonly azureRegion: string | null;
}

export interface RequestView {
  readonly method: string;
  /** As the caller sent it. */
  readonly originalUrl: UrlView;
  /** As it will be sent to the backend. */
  readonly url: UrlView;
  readonly headers: HeadersView;
  /** Null when the request has no body. */
  readonly body: BodyView | null;
  readonly ipAddress: string;
  /** The client's certificate in DER, or null. */
  readonly certificate: Uint8Array | null;
  readonly matchedParameters: ReadonlyMap<string, string>;
}

export interface ResponseView {
  readonly statusCode: number;
  readonly statusReason: string;
  readonly headers: HeadersView;
  readonly body: BodyView | null;
}

export interface UrlView {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  /** Percent-encoded as sent, with the leading `/`. */
  readonly path: string;
  /** With the leading `?`, or empty. */
  readonly queryString: string;
}

/** Case-insensitive names; order kept. */
export interface HeadersView {
  /** All values of the name, or undefined. */
  getAll(name: string): readonly string[] | undefined;
  /** Name and value, one entry a value. */
  entries(): Iterable<readonly [string, string]>;
  /** The headers as they are now: later edits do not change the copy. */
  clone(): HeadersView;
}

/**
 * A body that has been buffered: the host buffers what {@link CompiledExpression.reads} names before it evaluates.
 * A body that was consumed (read without `preserveContent`) reads as empty afterwards.
 */
export interface BodyView {
  /** The bytes; throws when the body was not buffered (a defect of the host). */
  bytes(): Uint8Array;
  /** After a read without `preserveContent`. */
  consume(): void;
  /** Charset of the Content-Type, if any. */
  readonly charset: string | null;
}

/** JSON texts. */
export interface GraphQLView {
  readonly arguments: string;
  /** The object whose field is resolved; null at the root. */
  readonly parent: string | null;
}

export interface LastErrorView {
  readonly source: string;
  readonly reason: string;
  readonly message: string;
  readonly scope: string;
  readonly section: string;
  readonly path: string;
  readonly policyId: string;
  readonly httpErrorCode: number;
}

/** An `IResponse` in `context.Variables` (send-request, return-response). */
export const responseVariable: unique symbol = Symbol('responseVariable');
