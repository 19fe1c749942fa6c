import type { Snapshot } from '@lazuli/gateway';
import type { Logger } from 'pino';
import type { ConfigurationBackup } from './configuration-backup.ts';
import { type ConfigurationClient, ConfigurationRefusedError } from './configuration-client.ts';
import { type GatewayConfiguration, readConfiguration } from './gateway-configuration.ts';
import type { ServedConfiguration } from './served-configuration.ts';

/** What the health page says of where the configuration is from. */
export interface ConfigurationState {
  readonly source: 'none' | 'backup' | 'endpoint';
  /** `connected`; `unreachable`: it is tried again; `refused`: the token does not count any more. */
  readonly endpoint: 'connecting' | 'connected' | 'unreachable' | 'refused';
  /** Entity tag of what is served. */
  readonly version: string | null;
  /** ISO 8601. */
  readonly lastContact: string | null;
  readonly problem: string | null;
}

export interface ConfigurationSourceOptions {
  readonly client: Pick<ConfigurationClient, 'fetch' | 'post' | 'close'>;
  readonly backup: Pick<ConfigurationBackup, 'read' | 'write'>;
  readonly served: ServedConfiguration;
  readonly instanceId: string;
  readonly logger: Logger;
  readonly now: () => number;
  /** A configuration that can be served. */
  readonly onSnapshot: (configuration: GatewayConfiguration, snapshot: Snapshot) => void;
}

/** Polled as often as Azure's gateway does; a change comes before that, since the endpoint answers at once. */
const pollSeconds = 10;
const heartbeatMs = 60_000;
const shortestPauseMs = 500;
const longestPauseMs = 10_000;

/** Follows the endpoint for as long as the process runs. */
export class ConfigurationSource {
  readonly #options: ConfigurationSourceOptions;
  #state: ConfigurationState = {
    source: 'none',
    endpoint: 'connecting',
    version: null,
    lastContact: null,
    problem: null,
  };
  /** What the endpoint last sent, good or not: it is not asked for again. */
  #known: string | null = null;
  #isClosed = false;
  #endPause: (() => void) | null = null;
  #following: Promise<void> = Promise.resolve();
  #heartbeat: NodeJS.Timeout | null = null;

  constructor(options: ConfigurationSourceOptions) {
    this.#options = options;
  }

  get state(): ConfigurationState {
    return this.#state;
  }

  /**
   * Begins with what the endpoint gives or, while it cannot be reached, with the backup, and follows it from then on.
   * @throws {ConfigurationRefusedError} the token is not accepted: nothing is served then
   */
  async start(): Promise<void> {
    const { logger } = this.#options;
    try {
      await this.#poll(0);
    } catch (error) {
      if (error instanceof ConfigurationRefusedError) throw error;
      this.#failed(error);
      await this.#restore();
    }
    this.#following = this.#follow();
    this.#heartbeat = setInterval(() => void this.#beat(), heartbeatMs).unref();
    if (this.#state.source === 'none')
      logger.warn(
        {},
        'there is no configuration to serve yet, neither from the endpoint nor a backup: requests get 503',
      );
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#heartbeat) clearInterval(this.#heartbeat);
    this.#options.client.close();
    this.#endPause?.();
    await this.#following;
  }

  async #follow(): Promise<void> {
    let pauseMs = shortestPauseMs;
    while (!this.#isClosed) {
      const started = performance.now();
      try {
        const changed = await this.#poll(pollSeconds);
        pauseMs = shortestPauseMs;
        // An endpoint that does not let it wait is polled.
        const rest = changed ? 0 : pollSeconds * 1000 - (performance.now() - started);
        if (rest > 2000) await this.#pause(rest);
      } catch (error) {
        if (this.#isClosed) return;
        this.#failed(error);
        await this.#pause(pauseMs * (0.75 + Math.random() / 2));
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      }
    }
  }

  async #poll(waitSeconds: number): Promise<boolean> {
    const { client, logger } = this.#options;
    const fetched = await client.fetch(this.#known, waitSeconds);
    const wasAway = this.#state.endpoint === 'unreachable' || this.#state.endpoint === 'refused';
    const problem = this.#state.endpoint === 'connected' ? this.#state.problem : null;
    this.#set({ endpoint: 'connected', lastContact: new Date(this.#options.now()).toISOString(), problem });
    if (wasAway) logger.info({}, 'the configuration endpoint is reached again');
    if (fetched.kind === 'unchanged') {
      // A backup that is still the newest version is the endpoint's from now on.
      if (this.#state.source === 'backup' && this.#known === this.#state.version) this.#set({ source: 'endpoint' });
      if (wasAway) await this.#beat();
      return false;
    }
    this.#known = fetched.etag;
    const isGood = await this.#serve(fetched.text, fetched.etag, 'endpoint');
    if (isGood) await this.#keep(fetched.text, fetched.etag);
    await this.#beat();
    return true;
  }

  /** Errors of what arrived are the problem of the configuration, not of the connection. */
  async #serve(text: string, etag: string, source: 'backup' | 'endpoint'): Promise<boolean> {
    const { served, logger, onSnapshot } = this.#options;
    try {
      const configuration = readConfiguration(text);
      const { snapshot, errors } = await served.take(configuration);
      if (!snapshot) {
        const problems = errors.slice(0, 10).map(({ file, message }) => ({ file, message }));
        logger.error({ problems, etag }, 'the configuration cannot be served: the last good one stays');
        this.#set({ problem: errors[0]?.message ?? 'The configuration cannot be served.' });
        return false;
      }
      onSnapshot(configuration, snapshot);
      this.#set({ source, version: etag, problem: null });
      logger.info({ etag, source, apis: snapshot.model.apis.length }, 'a configuration is live');
      return true;
    } catch (error) {
      logger.error({ error: String(error), etag, source }, 'the configuration cannot be read: the last good one stays');
      this.#set({ problem: String(error) });
      return false;
    }
  }

  async #restore(): Promise<void> {
    const { backup, logger } = this.#options;
    try {
      const kept = await backup.read();
      if (!kept || !(await this.#serve(kept.text, kept.etag, 'backup'))) return;
      this.#known = kept.etag;
      logger.warn({ etag: kept.etag }, 'the configuration endpoint cannot be reached: started from the backup');
    } catch (error) {
      logger.error({ error: String(error) }, 'the backup of the configuration cannot be read');
    }
  }

  async #keep(text: string, etag: string): Promise<void> {
    const { backup, logger } = this.#options;
    try {
      await backup.write({ text, etag });
    } catch (error) {
      logger.error({ error: String(error) }, 'the backup of the configuration cannot be written');
    }
  }

  /** Best effort: the next one comes in a minute. */
  async #beat(): Promise<void> {
    const { client, instanceId, logger } = this.#options;
    const { version, problem } = this.#state;
    try {
      await client.post('/heartbeat', { instanceId, configuration: version, status: problem ?? 'Healthy' });
    } catch (error) {
      logger.debug({ error: String(error) }, 'the heartbeat was not taken');
    }
  }

  /** Said once for each outage. */
  #failed(error: unknown): void {
    const { logger } = this.#options;
    const isRefused = error instanceof ConfigurationRefusedError;
    const endpoint = isRefused ? 'refused' : 'unreachable';
    const message = error instanceof Error ? error.message : String(error);
    if (this.#state.endpoint !== endpoint) {
      if (isRefused)
        logger.error(
          { reason: message },
          'the configuration endpoint refuses the token: changes do not arrive any more',
        );
      else logger.warn({ reason: message }, 'the configuration endpoint cannot be reached: it is tried again');
    }
    this.#set({ endpoint, problem: message });
  }

  #set(change: Partial<ConfigurationState>): void {
    this.#state = { ...this.#state, ...change };
  }

  #pause(milliseconds: number): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#endPause = null;
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      this.#endPause = end;
    });
  }
}
