import type { ResourceAction } from '../contract.ts';

/** `listSecrets`: the secret members of `properties`, in clear, to whoever has the permission for it. */
export function listSecrets(...members: readonly string[]): ResourceAction {
  return {
    name: 'listSecrets',
    async run({ resource, reader }) {
      if (!resource) return { body: {} };
      const secrets = await reader.readSecrets(resource.id);
      const known = members.flatMap((member) => {
        const value = secrets.get(`properties/${member}`);
        return value === undefined ? [] : [[member, value] as const];
      });
      return { body: Object.fromEntries(known) };
    },
  };
}
