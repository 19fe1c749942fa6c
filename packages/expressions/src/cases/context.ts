import type { BodyView, ContextHost, HeadersView, ResponseView, UrlView } from '../context-host.ts';

/** What a case wants to differ from the ordinary request. */
export interface TestContext {
  readonly body?: string | Uint8Array;
  readonly responseBody?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly path?: string;
  readonly query?: string;
  readonly port?: number;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly certificate?: Uint8Array;
  /** Of the certificate, in `context.Deployment.Certificates`. */
  readonly privateKeyPem?: string;
  readonly trustsCertificates?: boolean;
  readonly anonymous?: boolean;
  readonly lastError?: { readonly reason: string; readonly message: string };
  readonly charset?: string;
  readonly graphQL?: { readonly arguments: string; readonly parent: string | null };
}

/** A context host for tests: a GET of an API with a subscription, a product and a user. */
export function testContext(given: TestContext = {}): ContextHost {
  const headers = headersView(given.headers ?? [['Host', 'contoso.azure-api.net']]);
  const url: UrlView = {
    scheme: 'https',
    host: 'contoso.azure-api.net',
    port: given.port ?? 443,
    path: given.path ?? '/echo/resource',
    queryString: given.query ?? '',
  };
  const body = given.body === undefined ? null : bodyView(given.body, given.charset ?? null);
  const response: ResponseView = {
    statusCode: 200,
    statusReason: 'OK',
    headers: headersView([['Content-Type', 'application/json']]),
    body: given.responseBody === undefined ? null : bodyView(given.responseBody, null),
  };
  const group = { id: 'developers', name: 'Developers' };
  return {
    requestId: '7d9c4bd7-6d0b-4bd5-9d25-5cb5a3f4f0a1',
    timestamp: Date.UTC(2024, 1, 29, 12, 30, 15),
    elapsed: () => 1.5,
    tracing: false,
    api: {
      id: 'echo-api',
      name: 'Echo API',
      path: 'echo',
      revision: '1',
      isCurrentRevision: true,
      version: '',
      serviceUrl: 'http://echoapi.example.com/api',
      protocols: ['https'],
      subscriptionKeyParameterNames: { header: 'Ocp-Apim-Subscription-Key', query: 'subscription-key' },
    },
    operation: { id: 'get-resource', method: 'GET', name: 'Get resource', urlTemplate: '/resource/{id}' },
    product: given.anonymous
      ? null
      : {
          id: 'starter',
          name: 'Starter',
          state: 'Published',
          approvalRequired: false,
          subscriptionRequired: true,
          subscriptionsLimit: 1,
          groups: [group],
        },
    subscription: given.anonymous
      ? null
      : {
          id: 'sub1',
          name: 'First',
          key: 'primary',
          primaryKey: 'primary',
          secondaryKey: 'secondary',
          createdDate: Date.UTC(2024, 0, 1),
          startDate: null,
          endDate: null,
        },
    user: given.anonymous
      ? null
      : {
          id: 'user1',
          email: 'ada@contoso.example',
          firstName: 'Ada',
          lastName: 'Lovelace',
          note: null,
          registrationDate: Date.UTC(2024, 0, 1),
          groups: [group, { id: 'admins', name: 'Administrators' }],
          identities: [{ id: 'ada', provider: 'Basic' }],
        },
    workspace: null,
    deployment: {
      region: 'West Europe',
      serviceId: 'contoso',
      serviceName: 'contoso.azure-api.net',
      gatewayId: 'managed',
      gatewayInstanceId: 'instance-0',
      isManaged: true,
      certificates: new Map(
        given.certificate ? [['client', { der: given.certificate, privateKeyPem: given.privateKeyPem ?? null }]] : [],
      ),
    },
    backend: null,
    request: {
      method: 'GET',
      originalUrl: url,
      url,
      headers,
      body,
      ipAddress: '192.0.2.7',
      certificate: given.certificate ?? null,
      matchedParameters: new Map([['id', '42']]),
    },
    response,
    lastError: given.lastError
      ? {
          source: 'validate-jwt',
          scope: 'api',
          section: 'inbound',
          path: 'validate-jwt[1]',
          policyId: 'jwt',
          httpErrorCode: 401,
          ...given.lastError,
        }
      : null,
    graphQL: given.graphQL ?? null,
    variables: new Map(Object.entries(given.variables ?? {})),
    trace: () => {},
    isTrustedCertificate: () => given.trustsCertificates ?? false,
  };
}

export function headersView(entries: readonly (readonly [string, string])[]): HeadersView {
  return {
    entries: () => entries,
    getAll(name) {
      const values = entries.filter(([known]) => known.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
      return values.length > 0 ? values : undefined;
    },
    clone: () => headersView(entries),
  };
}

export function bodyView(content: string | Uint8Array, charset: string | null): BodyView {
  let bytes: Uint8Array = typeof content === 'string' ? new Uint8Array(Buffer.from(content)) : content;
  return {
    charset,
    bytes: () => bytes,
    consume() {
      bytes = new Uint8Array();
    },
  };
}
