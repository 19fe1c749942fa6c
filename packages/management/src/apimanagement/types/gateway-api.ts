import { linkType } from '../link-type.ts';

/** An API that a self-hosted gateway serves. */
export const gatewayApi = linkType('gateways/apis', { target: 'apis', headStatus: 200 });
