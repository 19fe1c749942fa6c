import type { Store } from '@lazuli/store';
import { assignRole } from '../bootstrap.ts';
import { armError } from '../errors.ts';
import { allRoles } from '../microsoft-authorization/roles.ts';
import { openSettings } from '../settings.ts';
import { type Application, Applications } from './applications.ts';

export interface NewPrincipal {
  readonly application: Application;
  /** Kept nowhere else. */
  readonly secretText: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
}

/**
 * Makes a service principal with a secret and a role, on behalf of who has the machine; the management plane may run on the same
 * store meanwhile. `role` is a name (`Owner`) or a GUID; `scope` an ARM id, `/` for everything.
 * @throws {ArmError} `RoleDefinitionDoesNotExist`
 */
export async function createPrincipal(
  store: Store,
  given: { readonly name: string; readonly role: string; readonly scope: string; readonly now: () => number },
): Promise<NewPrincipal> {
  const { now, scope } = given;
  const wanted = given.role.toLowerCase();
  const roles = await allRoles(store);
  const role = roles.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted);
  if (role === undefined) throw armError('RoleDefinitionDoesNotExist', { id: given.role });
  const settings = await openSettings(store, {});
  const applications = new Applications(store, now);
  const application = await applications.create(given.name);
  const { secretText } = await applications.addPassword(application.appId, { displayName: 'command line' });
  await assignRole(store, { principalId: application.objectId, role: role.id, scope, now: now() });
  return { application, secretText, ...settings };
}

/** App registrations of a store. */
export function openApplications(store: Store, now: () => number): Applications {
  return new Applications(store, now);
}
