import { describe, expect, it } from 'vitest';
import { parseArmId } from '../ids/arm-id.ts';
import { Registry } from '../registry/registry.ts';
import { resolveAliases } from './aliases.ts';

const name = { says: 'anything' };
const seen: string[] = [];
const registry = new Registry([
  {
    namespace: 'Contoso.Web',
    displayName: 'Contoso',
    apiVersions: ['2024-01-01'],
    types: [
      { type: 'Contoso.Web/sites', name },
      {
        type: 'Contoso.Web/sites/apis',
        name,
        resolveName(one, parentId) {
          seen.push(parentId);
          return one.replace(/;rev=1$/, '');
        },
      },
      { type: 'Contoso.Web/sites/apis/operations', name },
    ],
  },
]);
const service = '/subscriptions/s/resourceGroups/g/providers/Contoso.Web/sites/x';
const resolve = async (id: string) => resolveAliases(registry, parseArmId(id)!, {} as never);

describe('aliases in ids', () => {
  it('become the names under which resources are stored, in whatever place of the path', async () => {
    expect(await resolve(`${service}/apis/a;rev=1`)).toMatchObject({
      text: `${service}/apis/a`,
      name: 'a',
      parentId: service,
    });
    expect(await resolve(`${service}/apis/a;rev=1/operations/o`)).toMatchObject({
      text: `${service}/apis/a/operations/o`,
      type: 'Contoso.Web/sites/apis/operations',
      parentId: `${service}/apis/a`,
      resourceGroup: 'g',
    });
    expect(seen).toEqual([service, service]);
  });

  it('leave ids alone that have none', async () => {
    const id = parseArmId(service)!;
    expect(await resolveAliases(registry, id, {} as never)).toBe(id);
  });
});
