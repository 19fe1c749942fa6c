import { X509Certificate } from 'node:crypto';
import type {
  ApiView,
  BackendView,
  ContextHost,
  DeploymentView,
  LastErrorView,
  OperationView,
  ProductView,
  RequestView,
  ResponseView,
  SubscriptionView,
  UserView,
} from '@lazuli/expressions';
import { buildChain, isValidAt } from '../certificates/certificate-chain.ts';
import type { Exchange } from '../exchange.ts';
import { RequestMessageView, ResponseMessageView } from './message-views.ts';

export interface ContextOptions {
  readonly tracing: boolean;
  readonly groupName: (name: string) => string;
}

/** `context` of one exchange: views over its state, made when an expression asks for them. */
export class ExchangeContext implements ContextHost {
  readonly #exchange: Exchange;
  readonly #options: ContextOptions;
  #request: RequestView | null = null;
  #api: ApiView | null = null;

  constructor(exchange: Exchange, options: ContextOptions) {
    this.#exchange = exchange;
    this.#options = options;
  }

  get requestId(): string {
    return this.#exchange.id;
  }

  get timestamp(): number {
    return this.#exchange.startedAt;
  }

  elapsed(): number {
    return this.#exchange.ports.clock.now() - this.#exchange.startedAt;
  }

  get tracing(): boolean {
    return this.#options.tracing;
  }

  get api(): ApiView {
    if (this.#api) return this.#api;
    const { api } = this.#exchange.match;
    this.#api = {
      id: api.name,
      name: api.displayName,
      path: api.path,
      revision: api.revision,
      isCurrentRevision: api.isCurrent,
      version: api.apiVersion,
      serviceUrl: api.serviceUrl,
      protocols: api.protocols,
      subscriptionKeyParameterNames: api.subscriptionKeyParameterNames,
    };
    return this.#api;
  }

  get operation(): OperationView {
    const { name, method, displayName, urlTemplate } = this.#exchange.match.operation;
    return { id: name, method, name: displayName, urlTemplate };
  }

  get product(): ProductView | null {
    const { product } = this.#exchange.match;
    if (!product) return null;
    return {
      id: product.name,
      name: product.displayName,
      state: product.state === 'published' ? 'Published' : 'NotPublished',
      approvalRequired: product.approvalRequired,
      subscriptionRequired: product.subscriptionRequired,
      subscriptionsLimit: product.subscriptionsLimit,
      groups: this.#groups(product.groups),
    };
  }

  get subscription(): SubscriptionView | null {
    const { subscription, subscriptionKey } = this.#exchange.match;
    if (!subscription) return null;
    return {
      id: subscription.name,
      name: subscription.displayName,
      key: subscriptionKey,
      primaryKey: subscription.primaryKey,
      secondaryKey: subscription.secondaryKey,
      // A folder does not say when a subscription was made.
      createdDate: subscription.createdDate ?? 0,
      startDate: subscription.startDate,
      endDate: subscription.expirationDate,
    };
  }

  get user(): UserView | null {
    const { user } = this.#exchange.match;
    if (!user) return null;
    const { name: id, email, firstName, lastName, note } = user;
    const registrationDate = user.registrationDate ?? 0;
    return {
      id,
      email,
      firstName,
      lastName,
      note,
      registrationDate,
      groups: this.#groups(user.groups),
      identities: [],
    };
  }

  /** No workspaces: the resource model has none. */
  get workspace(): null {
    return null;
  }

  get deployment(): DeploymentView {
    const { gateway, ports } = this.#exchange;
    return {
      region: gateway.region,
      serviceId: gateway.serviceId,
      serviceName: gateway.serviceName,
      gatewayId: gateway.gatewayId,
      gatewayInstanceId: gateway.instanceId,
      isManaged: gateway.isManaged,
      get certificates() {
        const found = ports.certificates.names().map((name) => [name, ports.certificates.find(name)] as const);
        return new Map(found.flatMap(([name, one]) => (one ? [[name, certificateView(one)] as const] : [])));
      },
    };
  }

  get backend(): BackendView | null {
    const { backend, backendId } = this.#exchange;
    const id = backendId ?? (backend?.kind === 'entity' ? backend.backendId : null);
    if (id === null) return null;
    const isPool = backend?.kind === 'entity' && backendId !== null && backend.backendId !== backendId;
    return { id, type: isPool ? 'Pool' : 'Single', azureRegion: null };
  }

  get request(): RequestView {
    this.#request ??= new RequestMessageView(this.#exchange);
    return this.#request;
  }

  get response(): ResponseView | null {
    const { response } = this.#exchange;
    return response && new ResponseMessageView(response);
  }

  get lastError(): LastErrorView | null {
    return this.#exchange.lastError;
  }

  get variables(): ReadonlyMap<string, unknown> {
    return this.#exchange.variables;
  }

  trace(message: string): void {
    this.#exchange.trace(null, message);
  }

  isTrustedCertificate(der: Uint8Array): boolean {
    const { certificates, clock } = this.#exchange.ports;
    const certificate = new X509Certificate(der);
    const now = clock.now();
    return isValidAt(certificate, now) && buildChain(certificate, certificates, now) !== null;
  }

  #groups(names: readonly string[]): { readonly id: string; readonly name: string }[] {
    return names.map((id) => ({ id, name: this.#options.groupName(id) }));
  }
}

/** Read when an expression asks for it: there may be many. */
function certificateView(one: { readonly certificatePem: string; readonly privateKeyPem: string | null }) {
  return {
    get der() {
      return new X509Certificate(one.certificatePem).raw;
    },
    privateKeyPem: one.privateKeyPem,
  };
}
