/** What decides whether a certificate is trusted; of the context host. */
export interface Trust {
  isTrustedCertificate(der: Uint8Array): boolean;
}

/**
 * The trust of the evaluation that runs: evaluation is synchronous and does not nest, as with the budget, so that a
 * certificate which the expression reads itself needs no way to the host.
 */
let current: Trust | null = null;

export function useTrust(trust: Trust): void {
  current = trust;
}

export function isTrustedCertificate(der: Uint8Array): boolean {
  return current?.isTrustedCertificate(der) ?? false;
}
