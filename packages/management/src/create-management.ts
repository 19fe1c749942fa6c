import type { RequestHandler } from '@lazuli/http';
import type { ChangeNotice, LogVerification, Store } from '@lazuli/store';
import { Authorizer } from './authorization/authorizer.ts';
import { assignRole, type FirstPrincipal, makeFirstPrincipal } from './bootstrap.ts';
import { clearHolds, holdPublishing } from './caching/publish-hold.ts';
import type { RecordCache } from './caching/record-cache.ts';
import type { Principal, ResourceProvider } from './contract.ts';
import { interruptedDeployment } from './deployments/run-deployment.ts';
import { directoryRoutes } from './directory/directory-routes.ts';
import { dispatch } from './engine/dispatch.ts';
import { resumeWork } from './engine/resume.ts';
import { createFront, type OpenRequest } from './http/front.ts';
import { defaultRateLimits, type RateLimitOptions, RateLimits } from './http/rate-limits.ts';
import { accessTokenSeconds, signAccessToken } from './identity/access-token.ts';
import { Applications } from './identity/applications.ts';
import { Authenticator, type TrustedIssuer } from './identity/authenticator.ts';
import { createAuthority } from './identity/authority.ts';
import { ManagedIdentities } from './identity/managed-identities.ts';
import { SigningKeys } from './identity/signing-keys.ts';
import { TokenEndpoint } from './identity/token-endpoint.ts';
import { defaultLocations } from './locations.ts';
import { Locks } from './locks/locks.ts';
import { microsoftAuthorization } from './microsoft-authorization/index.ts';
import { microsoftResources } from './microsoft-resources/index.ts';
import { OperationStore, operationType } from './operations/operation-store.ts';
import { Registry } from './registry/registry.ts';
import { routes } from './routes/index.ts';
import { type CloudMetadata, createMetadata } from './routes/metadata.ts';
import type { Location, ManagementLog, Services } from './services.ts';
import { openSettings } from './settings.ts';

export interface ManagementOptions {
  readonly store: Store;
  /** Beside Microsoft.Resources and Microsoft.Authorization, which are part of the frame. */
  readonly providers: readonly ResourceProvider[];
  /** GUIDs; default: made at the first start and kept in the store. */
  readonly tenantId?: string;
  readonly subscriptionId?: string;
  /** Default `Lazuli`. */
  readonly subscriptionName?: string;
  readonly locations?: readonly Location[];
  /** Issuers outside whose tokens are accepted beside the built-in authority's. */
  readonly issuers?: readonly TrustedIssuer[];
  /** Base URLs under which clients reach the front, without a slash at the end: tokens for them are accepted. */
  readonly publicUrls?: () => readonly string[];
  readonly metadata?: CloudMetadata;
  readonly rateLimits?: Partial<RateLimitOptions>;
  /** Bytes of a request body at most; default 4 MiB, Azure's limit of a template. */
  readonly bodyBytes?: number;
  /** Resources of types that nobody declares are kept and answered, and do nothing; default: refused. */
  readonly recordUnknownResources?: boolean;
  readonly log?: ManagementLog;
  /** Milliseconds since 1970; default `Date.now`. */
  readonly now?: () => number;
}

export interface Management extends AsyncDisposable {
  /** For the listener. Serves Resource Manager, the built-in authority and `/metadata/endpoints`. */
  readonly handler: RequestHandler;
  readonly tenantId: string;
  readonly subscriptionId: string;
  /** Made by this start: print it, since its secret is kept nowhere. */
  readonly firstPrincipal: FirstPrincipal | undefined;
  /** App registrations, for the command line. */
  readonly applications: Applications;
  /** Assigns a role on behalf of the operator of this machine; `role` is a GUID. Returns the id of the assignment. */
  assignRole(assignment: {
    readonly principalId: string;
    readonly role: string;
    readonly scope: string;
  }): Promise<string>;
  /** Identities and data actions, for data planes beside the gateway. */
  readonly tokens: ManagementTokens;
  /** Checks the hash chain of the audit log. */
  verifyAudit(): Promise<LogVerification>;
  readonly services: Services;
  /** Waits for work that runs, at most until it notices that it should stop. */
  close(): Promise<void>;
}

export interface ManagementTokens {
  /** A token as a resource's managed identity (its system-assigned one without `clientId`); undefined where it has none. */
  issue(
    resourceId: string,
    clientId: string | null,
    audience: string,
  ): Promise<{ readonly token: string; readonly expiresAt: number } | undefined>;
  /** Whose token it is, given for one of these audiences. Rejects where it is nobody's. */
  verify(token: string, audiences: readonly string[]): Promise<Principal>;
  /** Whether a role gives the principal a data action over a resource, as far as this process has heard. */
  allowsData(principal: Principal, dataAction: string, scope: string): Promise<boolean>;
  /** Calls back whenever role assignments or definitions may have changed. */
  onRolesChanged(call: () => void): void;
}

const silent: ManagementLog = { error() {}, info() {} };
const recoverEveryMilliseconds = 30_000;

/** Opens the management plane on a store. */
export async function createManagement(options: ManagementOptions): Promise<Management> {
  const { store, log = silent, now = Date.now } = options;
  const settings = await openSettings(store, { tenantId: options.tenantId, subscriptionId: options.subscriptionId });
  const subscription = { ...settings, displayName: options.subscriptionName ?? 'Lazuli' };
  const keys = new SigningKeys(store, now);
  const authorizer = new Authorizer(store);
  const locks = new Locks(store);
  const operations = new OperationStore(store, log, now);
  const publicUrls = options.publicUrls ?? (() => []);
  const managedIdentities = new ManagedIdentities(store);
  const identity = {
    store,
    keys,
    managedIdentities,
    tenantId: settings.tenantId,
    issuers: options.issuers ?? [],
    publicUrls,
    now,
  };
  const authenticator = new Authenticator(identity);
  const applications = new Applications(store, now, () => authenticator.cache.invalidate());
  const caches: readonly RecordCache<unknown>[] = [
    authorizer.cache,
    locks.cache,
    keys.cache,
    authenticator.cache,
    managedIdentities.cache,
  ];

  const allRoutes = [...routes, ...directoryRoutes(applications)];
  const services: Services = {
    store,
    registry: new Registry(
      [microsoftResources(() => services), microsoftAuthorization(() => services), ...options.providers],
      { recordUnknown: options.recordUnknownResources ?? false },
    ),
    authorizer,
    locks,
    operations,
    subscription,
    locations: options.locations ?? defaultLocations,
    log,
    now,
    dispatch: (call) => dispatch(services, allRoutes, call),
    wrote: (types) => invalidate(caches, types),
    holdPublishing: (reason) => holdPublishing(store, reason, now),
  };

  const from = await store.sequence();
  const isAlone = store.kind === 'sqlite';
  await clearHolds(store, now(), isAlone);
  await keys.rotate();
  const firstPrincipal = await makeFirstPrincipal(store, applications, now());
  for (const cache of caches) cache.invalidate();
  const subscribed = store.subscribe(from, (notice) => follow(notice, caches, operations), {
    onError: (error) => log.error({ error: String(error) }, 'The change feed cannot be followed.'),
  });
  const recover = (alone: boolean) =>
    operations.recover(
      alone,
      (operation) => interruptedDeployment(services, operation) ?? resumeWork(services, operation),
    );
  await recover(isAlone);
  const timer = setInterval(() => {
    recover(false).catch((error: unknown) =>
      log.error({ error: String(error) }, 'Operations cannot be looked through.'),
    );
    keys
      .rotate()
      .catch((error: unknown) => log.error({ error: String(error) }, 'Signing keys cannot be looked through.'));
  }, recoverEveryMilliseconds);
  timer.unref();

  const close = async () => {
    clearInterval(timer);
    await operations.close();
    await subscribed.close();
  };
  return {
    handler: createFront({
      open: [
        createMetadata(options.metadata ?? {}),
        createAuthority({
          tenantId: settings.tenantId,
          keys,
          tokens: new TokenEndpoint({ ...identity, applications }),
        }),
        ...options.providers.flatMap(({ open = [] }) =>
          open.map((handler) => (request: OpenRequest) => handler(request, store)),
        ),
      ],
      authenticate: (request, baseUrl) => authenticator.authenticate(request, baseUrl),
      dispatch: services.dispatch,
      rateLimits: new RateLimits({ ...defaultRateLimits, ...options.rateLimits }, now),
      log,
      now,
      bodyBytes: options.bodyBytes ?? 4 * 1024 * 1024,
    }),
    ...settings,
    firstPrincipal,
    applications,
    async assignRole(assignment) {
      const id = await assignRole(store, { ...assignment, now: now() });
      authorizer.cache.invalidate();
      return id;
    },
    tokens: {
      async issue(resourceId, clientId, audience) {
        const principal = await managedIdentities.find(resourceId, clientId);
        if (principal === undefined) return undefined;
        const issuedAt = Math.floor(now() / 1000);
        const issuer = `${publicUrls()[0] ?? 'https://localhost'}/${settings.tenantId}/`;
        const facts = { principal, tenantId: settings.tenantId, audience, issuer, version: '1.0', issuedAt } as const;
        return { token: await signAccessToken(keys, facts), expiresAt: (issuedAt + accessTokenSeconds) * 1000 };
      },
      verify: (token, audiences) => authenticator.verify(token, audiences),
      allowsData: async (principal, dataAction, scope) =>
        (await authorizer.decide(principal, dataAction, scope, true)) !== undefined,
      onRolesChanged: (call) => authorizer.cache.onInvalidated(call),
    },
    verifyAudit: () => store.verifyAudit(),
    services,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function invalidate(caches: readonly RecordCache<unknown>[], types: Iterable<string>): void {
  const lower = new Set([...types].map((type) => type.toLowerCase()));
  for (const cache of caches) if (lower.has('*') || cache.types.some((type) => lower.has(type))) cache.invalidate();
}

async function follow(
  notice: ChangeNotice,
  caches: readonly RecordCache<unknown>[],
  operations: OperationStore,
): Promise<void> {
  if (notice.kind === 'reload') {
    invalidate(caches, ['*']);
    return;
  }
  invalidate(caches, new Set(notice.changes.map((change) => change.type)));
  for (const change of notice.changes)
    if (change.operation === 'put' && change.type === operationType) await operations.changed(change.key);
}
