import type { RequestHandler } from '@lazuli/http';
import type { ChangeNotice, LogVerification, Store } from '@lazuli/store';
import { Authorizer } from './authorization/authorizer.ts';
import { assignRole, type FirstPrincipal, makeFirstPrincipal } from './bootstrap.ts';
import { clearHolds, holdPublishing } from './caching/publish-hold.ts';
import type { RecordCache } from './caching/record-cache.ts';
import type { ResourceProvider } from './contract.ts';
import { interruptedDeployment } from './deployments/run-deployment.ts';
import { directoryRoutes } from './directory/directory-routes.ts';
import { dispatch } from './engine/dispatch.ts';
import { resumeWork } from './engine/resume.ts';
import { createFront, type OpenRequest } from './http/front.ts';
import { defaultRateLimits, type RateLimitOptions, RateLimits } from './http/rate-limits.ts';
import { Applications } from './identity/applications.ts';
import { Authenticator, type TrustedIssuer } from './identity/authenticator.ts';
import { createAuthority } from './identity/authority.ts';
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
  /** Checks the hash chain of the audit log. */
  verifyAudit(): Promise<LogVerification>;
  readonly services: Services;
  /** Waits for work that runs, at most until it notices that it should stop. */
  close(): Promise<void>;
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
  const identity = { store, keys, tenantId: settings.tenantId, issuers: options.issuers ?? [], publicUrls, now };
  const authenticator = new Authenticator(identity);
  const applications = new Applications(store, now, () => authenticator.cache.invalidate());
  const caches: readonly RecordCache<unknown>[] = [authorizer.cache, locks.cache, keys.cache, authenticator.cache];

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
