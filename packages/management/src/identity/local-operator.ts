import type { Principal } from '../contract.ts';

/** Who has the machine: the command line acts in this name, without a token. */
export const localOperator: Principal = {
  objectId: '00000000-0000-0000-0000-000000000000',
  tenantId: '',
  kind: 'User',
  name: 'operator',
  groups: [],
  claims: {},
};
