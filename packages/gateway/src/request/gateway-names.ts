import type { GatewayIdentity } from '@lazuli/policies';

/** The gateway as the callers of its different addresses know it. Most requests come to the same one. */
export class GatewayNames {
  readonly #identity: Omit<GatewayIdentity, 'gatewayUrl'>;
  #scheme = '';
  #authority = '';
  #last: GatewayIdentity;

  constructor(identity: Omit<GatewayIdentity, 'gatewayUrl'>) {
    this.#identity = identity;
    this.#last = { ...identity, gatewayUrl: '' };
  }

  at(scheme: string, authority: string): GatewayIdentity {
    if (scheme !== this.#scheme || authority !== this.#authority) {
      this.#scheme = scheme;
      this.#authority = authority;
      this.#last = { ...this.#identity, gatewayUrl: `${scheme}://${authority}` };
    }
    return this.#last;
  }
}
