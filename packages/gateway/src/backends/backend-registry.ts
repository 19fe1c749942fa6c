import type { CertificatePort, ClientCertificate } from '@lazuli/policies';
import type { Backend } from '@lazuli/resources';
import { BackendPool } from './backend-pool.ts';
import type { CircuitState } from './circuit-breaker.ts';
import { SingleBackend } from './single-backend.ts';

/** One backend on the health page. No URL with credentials, no header. */
export interface BackendHealth {
  readonly name: string;
  readonly type: 'Single' | 'Pool';
  readonly available: boolean;
  readonly circuits?: readonly CircuitState[];
  readonly members?: readonly { readonly name: string; readonly available: boolean }[];
}

/** The backend entities of one snapshot. */
export class BackendRegistry {
  readonly #singles = new Map<string, SingleBackend>();
  readonly #pools = new Map<string, BackendPool>();

  constructor(backends: readonly Backend[], certificates: CertificatePort, previous?: BackendRegistry) {
    for (const backend of backends) {
      if (backend.type === 'Pool') continue;
      const certificate = certificateOf(backend, certificates);
      this.#singles.set(backend.name, new SingleBackend(backend, certificate, previous?.single(backend.name)));
    }
    for (const backend of backends)
      if (backend.type === 'Pool')
        this.#pools.set(backend.name, new BackendPool(backend, (name) => this.#singles.get(name)));
  }

  has(name: string): boolean {
    return this.#singles.has(name) || this.#pools.has(name);
  }

  single(name: string): SingleBackend | undefined {
    return this.#singles.get(name);
  }

  pool(name: string): BackendPool | undefined {
    return this.#pools.get(name);
  }

  health(now: number): readonly BackendHealth[] {
    const singles = [...this.#singles.values()].map((backend) => ({
      name: backend.entity.name,
      type: 'Single' as const,
      available: !backend.isOpen(now),
      circuits: backend.states(now),
    }));
    const pools = [...this.#pools.values()].map((pool) => {
      const members = pool.members.map((member) => ({ name: member.entity.name, available: !member.isOpen(now) }));
      return {
        name: pool.entity.name,
        type: 'Pool' as const,
        available: members.some(({ available }) => available),
        members,
      };
    });
    return [...singles, ...pools];
  }
}

function certificateOf(backend: Backend, certificates: CertificatePort): ClientCertificate | null {
  for (const id of backend.credentials?.certificateIds ?? []) {
    const found = certificates.find(id);
    if (found?.privateKeyPem) return { certificatePem: found.certificatePem, privateKeyPem: found.privateKeyPem };
  }
  return null;
}
