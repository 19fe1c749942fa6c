import type { UpstreamOrigin } from '@lazuli/http';
import { type BaseUrl, type ClientCertificate, parseBaseUrl } from '@lazuli/policies';
import type { Backend } from '@lazuli/resources';
import { type BackendOutcome, CircuitBreaker, type CircuitState } from './circuit-breaker.ts';

/** A backend entity that requests can be sent to, with the circuits of its rules. */
export class SingleBackend {
  readonly entity: Backend;
  readonly base: BaseUrl | null;
  readonly circuits: readonly CircuitBreaker[];
  readonly certificate: ClientCertificate | null;
  #origin: UpstreamOrigin | null = null;

  /** Circuits of `previous` go on when the rules are the same: a change elsewhere must not close what is open. */
  constructor(entity: Backend, certificate: ClientCertificate | null, previous?: SingleBackend) {
    this.entity = entity;
    this.certificate = certificate;
    this.base = entity.url === null ? null : parseBaseUrl(entity.url);
    const rules = entity.circuitBreaker?.rules ?? [];
    const isSame =
      previous !== undefined &&
      previous.entity.url === entity.url &&
      JSON.stringify(previous.entity.circuitBreaker) === JSON.stringify(entity.circuitBreaker);
    this.circuits = isSame ? previous.circuits : rules.map((rule) => new CircuitBreaker(rule));
  }

  isOpen(now: number): boolean {
    return this.circuits.some((circuit) => circuit.isOpen(now));
  }

  /** Milliseconds until no circuit is open; 0 when none is. */
  closesIn(now: number): number {
    return Math.max(0, ...this.circuits.map((circuit) => circuit.openUntil - now));
  }

  record(outcome: BackendOutcome, now: number): void {
    for (const circuit of this.circuits) circuit.record(outcome, now);
  }

  states(now: number): readonly CircuitState[] {
    return this.circuits.map((circuit) => circuit.state(now));
  }

  /** The same object for every request: connection pools are found by it. */
  origin(base: BaseUrl): UpstreamOrigin {
    this.#origin ??= {
      scheme: base.scheme === 'https' || base.scheme === 'wss' ? 'https' : 'http',
      host: base.host,
      port: base.port,
      validateCertificateChain: this.entity.tls.validateCertificateChain,
      validateCertificateName: this.entity.tls.validateCertificateName,
      certificate: this.certificate,
      proxy: this.entity.proxy,
    };
    return this.#origin;
  }
}
