import type { Snapshot } from '@lazuli/gateway';
import type { Diagnostic } from '@lazuli/resources';
import type { LoadResult } from './live-configuration.ts';

/** What came of a change in the folder. */
export interface ReloadReport {
  /** False: there were errors, the last good configuration stays. */
  readonly live: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** From the change being noticed to the swap. */
  readonly milliseconds: number;
}

/** What can be loaded again and again. */
export interface Loadable {
  load(): Promise<LoadResult>;
}

/**
 * Reloads one at a time: changes that come while a load runs are read by one more load after it.
 * A load that throws (the folder is being replaced) is reported as an error and tried again at the next change.
 */
export class Reloader {
  readonly #configuration: Loadable;
  readonly #swap: (snapshot: Snapshot) => void;
  readonly #report: (report: ReloadReport) => void;
  #running: Promise<void> | null = null;
  #again = false;

  constructor(configuration: Loadable, swap: (snapshot: Snapshot) => void, report: (report: ReloadReport) => void) {
    this.#configuration = configuration;
    this.#swap = swap;
    this.#report = report;
  }

  /** Resolves when everything that had changed by now is live or reported. */
  reload(): Promise<void> {
    if (this.#running) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    do {
      this.#again = false;
      const started = performance.now();
      const { snapshot, diagnostics } = await this.#load();
      this.#report({ live: snapshot !== null, diagnostics, milliseconds: performance.now() - started });
    } while (this.#again);
  }

  async #load() {
    try {
      const result = await this.#configuration.load();
      if (result.snapshot) this.#swap(result.snapshot);
      return result;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const diagnostic: Diagnostic = {
        code: 'FolderUnavailable',
        severity: 'error',
        file: '.',
        line: 0,
        column: 0,
        message,
      };
      return { snapshot: null, diagnostics: [diagnostic] };
    }
  }
}
