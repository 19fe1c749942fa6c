/**
 * Somebody who may stop caring for an answer: the client of a request. Lighter than an AbortSignal, whose listeners cost
 * more than routing a request does; who needs a signal asks for it.
 */
export interface Cancellation {
  readonly isCancelled: boolean;
  /** The same as an AbortSignal, made when first asked for. */
  readonly signal: AbortSignal;
  /** Tells `listener` once when it happens; at once (before this returns) when it already has. */
  addListener(listener: CancelListener): void;
  removeListener(listener: CancelListener): void;
}

export interface CancelListener {
  cancelled(): void;
}

/** A {@link Cancellation} and the means to make it happen. Almost always it has one listener or none. */
export class CancelSource implements Cancellation {
  isCancelled = false;
  #controller: AbortController | null = null;
  #first: CancelListener | null = null;
  #others: Set<CancelListener> | null = null;

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.isCancelled) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  addListener(listener: CancelListener): void {
    if (this.isCancelled) {
      listener.cancelled();
    } else if (this.#first === null) {
      this.#first = listener;
    } else {
      this.#others ??= new Set();
      this.#others.add(listener);
    }
  }

  removeListener(listener: CancelListener): void {
    if (this.#first === listener) this.#first = null;
    else this.#others?.delete(listener);
  }

  /** Tells everybody, once. */
  cancel(): void {
    if (this.isCancelled) return;
    this.isCancelled = true;
    const first = this.#first;
    const others = this.#others;
    this.#first = null;
    this.#others = null;
    first?.cancelled();
    if (others) for (const listener of others) listener.cancelled();
    this.#controller?.abort();
  }
}

/** An AbortSignal as a {@link Cancellation}. */
export function cancellationOf(signal: AbortSignal): Cancellation {
  return new SignalCancellation(signal);
}

class SignalCancellation implements Cancellation {
  readonly signal: AbortSignal;
  readonly #handlers = new Map<CancelListener, () => void>();

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  get isCancelled(): boolean {
    return this.signal.aborted;
  }

  addListener(listener: CancelListener): void {
    if (this.signal.aborted) {
      listener.cancelled();
      return;
    }
    const handler = (): void => {
      this.#handlers.delete(listener);
      listener.cancelled();
    };
    this.#handlers.set(listener, handler);
    this.signal.addEventListener('abort', handler, { once: true });
  }

  removeListener(listener: CancelListener): void {
    const handler = this.#handlers.get(listener);
    if (!handler) return;
    this.#handlers.delete(listener);
    this.signal.removeEventListener('abort', handler);
  }
}
