import type { JsonValue } from '@lazuli/store';
import { armError } from '../errors.ts';

/** Nothing would keep the network out of a namespace that should be closed to it. @throws {ArmError} `UnsupportedFeature` */
export function refuseClosed(publicNetworkAccess: JsonValue | undefined): void {
  if (publicNetworkAccess === 'Disabled' || publicNetworkAccess === 'SecuredByPerimeter')
    throw armError('UnsupportedFeature', {
      feature: `Public network access '${publicNetworkAccess}' (restrict the port with a firewall)`,
    });
}
