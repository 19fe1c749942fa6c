import { buildSnapshot, type Snapshot } from '@lazuli/gateway';
import { publishHoldType, ServiceFolder } from '@lazuli/management';
import { createFolderReader, type Diagnostic, type FolderInMemory, type FolderReader } from '@lazuli/resources';
import type { Change, ChangeNotice, Store, Subscription } from '@lazuli/store';

export interface PublisherOptions {
  readonly store: Store;
  readonly allowUnsupported: boolean;
  readonly now: () => number;
  /** A service has a new configuration; `folder` is what it was made of, until the function returns. */
  readonly onSnapshot: (service: PublishedService, snapshot: Snapshot, folder: FolderInMemory) => void;
  readonly onRemoved: (service: PublishedService) => void;
  /** The store has a configuration that cannot be served; the last good one stays. */
  readonly onProblems: (service: PublishedService, diagnostics: readonly Diagnostic[]) => void;
  readonly onError: (error: unknown) => void;
}

export interface PublishedService {
  readonly name: string;
  /** ARM id. */
  readonly id: string;
}

const serviceType = 'microsoft.apimanagement/service';

interface Served {
  readonly service: PublishedService;
  readonly folder: ServiceFolder;
  readonly reader: FolderReader;
  last: Snapshot | undefined;
}

/**
 * Brings what stands in the store to the gateways: follows the change feed and publishes every batch as one snapshot. While
 * a deployment holds publishing back, its changes are collected and become visible together.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #served = new Map<string, Served>();
  readonly #dirty = new Set<string>();
  /** Holds by id, with the time at which each counts for nothing. */
  readonly #holds = new Map<string, number>();
  #lastBuild = { took: 0, ended: 0 };
  #subscription: Subscription | null = null;
  #expiry: NodeJS.Timeout | null = null;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** Resolves when every service is published as it stands now. */
  async start(): Promise<void> {
    const { store, onError } = this.#options;
    const sequence = await this.#reload();
    this.#subscription = store.subscribe(sequence, (notice) => this.#take(notice), { epoch: store.epoch, onError });
  }

  async close(): Promise<void> {
    if (this.#expiry) clearTimeout(this.#expiry);
    await this.#subscription?.close();
  }

  async #take(notice: ChangeNotice): Promise<void> {
    if (notice.kind === 'reload') {
      await this.#reload();
      return;
    }
    for (const change of notice.changes) await this.#note(change);
    for (const { service, folder } of this.#served.values())
      if (await folder.apply(notice.changes, this.#options.store)) this.#dirty.add(service.id.toLowerCase());
    if (isStream(notice.changes)) await this.#rest();
    await this.#publish();
  }

  /**
   * In a stream of changes, building takes at most half of the time: what comes meanwhile is published with the next one.
   */
  async #rest(): Promise<void> {
    const pause = Math.min(this.#lastBuild.took, longestRestMs) - (performance.now() - this.#lastBuild.ended);
    if (pause > 1) await new Promise((resolve) => setTimeout(resolve, pause));
  }

  /** Services that come and go, and holds. */
  async #note(change: Change): Promise<void> {
    const type = change.type.toLowerCase();
    if (type === publishHoldType.toLowerCase()) await this.#hold(change);
    if (type !== serviceType) return;
    const served = this.#served.get(change.key);
    if (change.operation === 'delete') {
      if (!served) return;
      this.#served.delete(change.key);
      this.#options.onRemoved(served.service);
    } else if (!served && (await this.#options.store.get(change.id))) {
      await this.#add(change.id);
    }
  }

  async #hold(change: Change): Promise<void> {
    const record = change.operation === 'put' ? await this.#options.store.get(change.id) : undefined;
    if (!record) {
      this.#holds.delete(change.key);
      return;
    }
    const properties = record.body.properties as { readonly until?: unknown } | undefined;
    this.#holds.set(change.key, Date.parse(String(properties?.until)));
  }

  async #reload(): Promise<number> {
    const { store, onRemoved } = this.#options;
    for (const { service } of this.#served.values()) onRemoved(service);
    this.#served.clear();
    const sequence = await store.sequence();
    for (const { id } of (await store.list({ type: serviceType, limit: 10_000 })).items) await this.#add(id);
    await this.#publish();
    return sequence;
  }

  async #add(id: string): Promise<void> {
    const { folder } = await ServiceFolder.load(this.#options.store, id);
    const service = { id, name: id.slice(id.lastIndexOf('/') + 1) };
    const key = id.toLowerCase();
    this.#served.set(key, { service, folder, reader: createFolderReader(folder.folder), last: undefined });
    this.#dirty.add(key);
  }

  async #publish(): Promise<void> {
    if (this.#isHeld()) return;
    for (const key of [...this.#dirty]) {
      this.#dirty.delete(key);
      const served = this.#served.get(key);
      if (served) await this.#build(served);
    }
  }

  async #build(served: Served): Promise<void> {
    const { allowUnsupported, onProblems, onSnapshot } = this.#options;
    const started = performance.now();
    const { model, diagnostics: found } = await served.reader.read();
    const built = buildSnapshot(model, { allowUnsupported }, served.last);
    this.#lastBuild = { took: performance.now() - started, ended: performance.now() };
    const errors = [...found, ...built.diagnostics].filter(({ severity }) => severity === 'error');
    if (errors.length > 0) {
      onProblems(served.service, errors);
      return;
    }
    served.last = built.snapshot;
    onSnapshot(served.service, built.snapshot, served.folder.folder);
  }

  /** A hold whose time is over counts for nothing: its process is gone. */
  #isHeld(): boolean {
    const now = this.#options.now();
    for (const [id, until] of this.#holds) if (!(until > now)) this.#holds.delete(id);
    if (this.#holds.size === 0) return false;
    const soonest = Math.min(...this.#holds.values());
    if (this.#expiry) clearTimeout(this.#expiry);
    this.#expiry = setTimeout(() => void this.#publish().catch(this.#options.onError), soonest - now + 10).unref();
    return true;
  }
}

const longestRestMs = 500;

/** Several batches that came together: more are likely to follow. A change that comes alone waits for nothing. */
function isStream(changes: readonly Change[]): boolean {
  return changes.some(({ batch }) => batch !== changes[0]?.batch);
}
