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
import type { Cancellation } from '../http/cancellation.ts';
import type { Section, StepInfo } from '../pipeline/step.ts';
import type { Ports } from '../ports/ports.ts';
import { ExchangeContext } from './exchange-context.ts';

export interface ExchangeInit {
  /** A GUID. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly match: RouteMatch;
  readonly request: ExchangeRequest;
  readonly ports: Ports;
  readonly gateway: GatewayIdentity;
  readonly limits: ExchangeLimits;
  /** Happens when the client is gone. */
  readonly cancellation: Cancellation;
  /** Takes trace entries; absent: the request is not traced. */
  readonly onTrace?: ((info: StepInfo | null, message: string, data: unknown) => void) | null;
  /** Display name of a group by its resource name; the name itself when absent. */
  readonly groupName?: (name: string) => string;
}

/** The state of one request. Cheap: everything that most requests do not use is made when first asked for. */
export function createExchange(init: ExchangeInit): Exchange {
  return new RequestExchange(init);
}

class RequestExchange implements Exchange {
  readonly request: ExchangeRequest;
  response: ExchangeResponse | null = null;
  backend: BackendChoice = null;
  backendId: string | null = null;
  lastError: LastError | null = null;
  section: Section = 'inbound';
  readonly #init: ExchangeInit;
  #variables: Map<string, unknown> | null = null;
  #notes: Map<symbol, unknown> | null = null;
  #atEnd: (() => void | Promise<void>)[] | null = null;
  #onClose: (() => void)[] | null = null;
  #connection: OutgoingConnection | null = null;
  #context: ContextHost | null = null;

  constructor(init: ExchangeInit) {
    this.#init = init;
    this.request = init.request;
  }

  get id(): string {
    return this.#init.id;
  }

  get startedAt(): number {
    return this.#init.startedAt;
  }

  get match(): RouteMatch {
    return this.#init.match;
  }

  get ports(): Ports {
    return this.#init.ports;
  }

  get gateway(): GatewayIdentity {
    return this.#init.gateway;
  }

  get limits(): ExchangeLimits {
    return this.#init.limits;
  }

  get cancellation(): Cancellation {
    return this.#init.cancellation;
  }

  get signal(): AbortSignal {
    return this.#init.cancellation.signal;
  }

  get variables(): Map<string, unknown> {
    this.#variables ??= new Map();
    return this.#variables;
  }

  get connection(): OutgoingConnection {
    this.#connection ??= { certificate: null, proxy: null };
    return this.#connection;
  }

  get notes(): Map<symbol, unknown> {
    this.#notes ??= new Map();
    return this.#notes;
  }

  get atEnd(): (() => void | Promise<void>)[] {
    this.#atEnd ??= [];
    return this.#atEnd;
  }

  get onClose(): (() => void)[] {
    this.#onClose ??= [];
    return this.#onClose;
  }

  get context(): ContextHost {
    this.#context ??= new ExchangeContext(this, {
      tracing: Boolean(this.#init.onTrace),
      groupName: this.#init.groupName ?? ((name) => name),
    });
    return this.#context;
  }

  trace(info: StepInfo | null, message: string, data?: unknown): void {
    this.#init.onTrace?.(info, message, data);
  }
}
