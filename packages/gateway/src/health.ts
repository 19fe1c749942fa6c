import type { ServiceModel } from '@lazuli/resources';
import type { BackendHealth } from './backends/backend-registry.ts';

/** Azure's own health path of a managed gateway: 200 without content. */
export const statusPath = '/status-0123456789abcdef';
/** Lazuli's health page: the same status with what is behind it, as JSON. */
export const healthPath = '/internal-status-0123456789abcdef';

export interface HealthReport {
  readonly status: 'healthy' | 'draining';
  readonly configuration: { readonly liveSince: string; readonly apis: number; readonly products: number };
  readonly backends: readonly BackendHealth[];
}

/** An unavailable backend does not make the gateway unhealthy: another gateway would not reach it either. */
export function healthReport(
  model: ServiceModel,
  backends: readonly BackendHealth[],
  isDraining: boolean,
  since: number,
): HealthReport {
  return {
    status: isDraining ? 'draining' : 'healthy',
    configuration: {
      liveSince: new Date(since).toISOString(),
      apis: model.apis.length,
      products: model.products.length,
    },
    backends,
  };
}
