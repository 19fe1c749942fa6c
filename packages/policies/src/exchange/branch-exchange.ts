import type { ContextHost } from '@lazuli/expressions';
import type {
  BackendChoice,
  Exchange,
  ExchangeLimits,
  ExchangeRequest,
  ExchangeResponse,
  GatewayIdentity,
  LastError,
  OutgoingConnection,
  RouteMatch,
} from '../exchange.ts';
import { type Cancellation, cancellationOf } from '../http/cancellation.ts';
import type { Section, StepInfo } from '../pipeline/step.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * The same exchange under another signal: one of several branches that run at once and can be cancelled (`wait`). What a
 * cancelled branch still writes goes nowhere.
 */
export class BranchExchange implements Exchange {
  readonly #whole: Exchange;
  readonly signal: AbortSignal;
  readonly cancellation: Cancellation;

  constructor(whole: Exchange, signal: AbortSignal) {
    this.#whole = whole;
    this.signal = signal;
    this.cancellation = cancellationOf(signal);
  }

  get id(): string {
    return this.#whole.id;
  }

  get startedAt(): number {
    return this.#whole.startedAt;
  }

  get match(): RouteMatch {
    return this.#whole.match;
  }

  get request(): ExchangeRequest {
    return this.#whole.request;
  }

  get response(): ExchangeResponse | null {
    return this.#whole.response;
  }

  set response(response: ExchangeResponse | null) {
    if (this.signal.aborted) response?.body?.discard();
    else this.#whole.response = response;
  }

  get variables(): Map<string, unknown> {
    return this.signal.aborted ? new Map(this.#whole.variables) : this.#whole.variables;
  }

  get backend(): BackendChoice {
    return this.#whole.backend;
  }

  set backend(backend: BackendChoice) {
    this.#whole.backend = backend;
  }

  get backendId(): string | null {
    return this.#whole.backendId;
  }

  set backendId(backendId: string | null) {
    this.#whole.backendId = backendId;
  }

  get connection(): OutgoingConnection {
    return this.#whole.connection;
  }

  get lastError(): LastError | null {
    return this.#whole.lastError;
  }

  set lastError(error: LastError | null) {
    this.#whole.lastError = error;
  }

  get section(): Section {
    return this.#whole.section;
  }

  set section(section: Section) {
    this.#whole.section = section;
  }

  get ports(): Ports {
    return this.#whole.ports;
  }

  get gateway(): GatewayIdentity {
    return this.#whole.gateway;
  }

  get limits(): ExchangeLimits {
    return this.#whole.limits;
  }

  get context(): ContextHost {
    return this.#whole.context;
  }

  get atEnd(): (() => void | Promise<void>)[] {
    return this.#whole.atEnd;
  }

  get onClose(): (() => void)[] {
    return this.#whole.onClose;
  }

  get notes(): Map<symbol, unknown> {
    return this.signal.aborted ? new Map(this.#whole.notes) : this.#whole.notes;
  }

  trace(info: StepInfo | null, message: string, data?: unknown): void {
    this.#whole.trace(info, message, data);
  }
}
