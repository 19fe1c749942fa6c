import type { ChangeNotice, ChangePage, SubscribeOptions, Subscription } from '../contract.ts';
import { ChangesCompactedError } from '../errors.ts';

/** What a subscription needs of its store. */
export interface ChangeSource {
  readonly epoch: string;
  readonly pollMilliseconds: number;
  /** As the database has it now. */
  state(): Promise<{ readonly epoch: string; readonly sequence: number }>;
  changesAfter(sequence: number, limit?: number): Promise<ChangePage>;
}

/** Hands changes to a handler, one page at a time: see `Store.subscribe`. */
export class FeedSubscription implements Subscription {
  position: number;
  private readonly source: ChangeSource;
  private readonly handler: (notice: ChangeNotice) => void | Promise<void>;
  private readonly options: SubscribeOptions;
  private readonly onClose: (self: FeedSubscription) => void;
  private readonly running: Promise<void>;
  private closed = false;
  private hinted = false;
  private wakeUp: (() => void) | undefined;
  private epoch: string;

  constructor(
    source: ChangeSource,
    fromSequence: number,
    handler: (notice: ChangeNotice) => void | Promise<void>,
    options: SubscribeOptions,
    onClose: (self: FeedSubscription) => void,
  ) {
    this.source = source;
    this.position = fromSequence;
    this.handler = handler;
    this.options = options;
    this.onClose = onClose;
    this.epoch = options.epoch ?? source.epoch;
    this.running = this.run();
  }

  /** Something has probably changed. */
  hint(): void {
    this.hinted = true;
    this.wakeUp?.();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.wakeUp?.();
    this.onClose(this);
    await this.running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private async run(): Promise<void> {
    await Promise.resolve();
    while (!this.closed) {
      this.hinted = false;
      try {
        if (await this.step()) continue;
      } catch (error) {
        this.report(error);
        // A failure waits for its time: a hint would only make it fail again.
        this.hinted = false;
      }
      await this.pause();
    }
  }

  /** Resolves with whether there may be more at once. */
  private async step(): Promise<boolean> {
    const { source, options } = this;
    try {
      const page = await source.changesAfter(this.position, options.limit);
      if (this.closed) return false;
      if (page.epoch !== this.epoch) return await this.reload();
      if (page.changes.length === 0) return false;
      await this.handler({ kind: 'changes', ...page });
      this.position = page.sequence;
      return page.more;
    } catch (error) {
      if (!(error instanceof ChangesCompactedError)) throw error;
      return this.reload();
    }
  }

  private async reload(): Promise<boolean> {
    // Read before the reader reloads: what changes meanwhile comes again, rather than not at all.
    const { epoch, sequence } = await this.source.state();
    if (this.closed) return false;
    await this.handler({ kind: 'reload', sequence, epoch });
    this.position = sequence;
    this.epoch = epoch;
    return true;
  }

  private pause(): Promise<void> {
    if (this.hinted || this.closed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(done, this.source.pollMilliseconds);
      timer.unref();
      const self = this;
      this.wakeUp = done;
      function done(): void {
        clearTimeout(timer);
        self.wakeUp = undefined;
        resolve();
      }
    });
  }

  private report(error: unknown): void {
    try {
      this.options.onError?.(error);
    } catch {
      // A listener that fails has had its chance.
    }
  }
}
