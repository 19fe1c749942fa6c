import { describe, expect, it } from 'vitest';
import type { ResourceProvider } from '../contract.ts';
import { Registry } from './registry.ts';

const widgets: ResourceProvider = {
  namespace: 'Contoso.Widgets',
  displayName: 'Widgets',
  apiVersions: ['2024-01-01'],
  types: [
    { type: 'Contoso.Widgets/factories', name: { says: '' } },
    {
      type: 'Contoso.Widgets/factories/widgets',
      formerTypes: ['Contoso.Widgets/factories/gadgets'],
      name: { says: '' },
    },
    { type: 'Contoso.Widgets/dreams', isRefused: true, name: { says: '' } },
  ],
};

describe('the registry', () => {
  it('finds a type by the name that it had once, and lists it once', () => {
    const registry = new Registry([widgets]);
    expect(registry.type('contoso.widgets/factories/GADGETS')?.type.type).toBe('Contoso.Widgets/factories/widgets');
    expect([...registry.types()]).toHaveLength(3);
  });

  it('knows only what is declared', () => {
    const registry = new Registry([widgets]);
    expect(registry.type('Microsoft.KeyVault/vaults')).toBeUndefined();
    expect(registry.provider('Microsoft.KeyVault')).toBeUndefined();
    expect(registry.type('Contoso.Widgets/dreams')?.type.isRefused).toBe(true);
  });

  it('records what is not, and what is refused, when it is told to', () => {
    const registry = new Registry([widgets], { recordUnknown: true });
    expect(registry.type('Microsoft.KeyVault/vaults/secrets')).toMatchObject({ apiVersions: ['*'] });
    expect(registry.provider('Microsoft.KeyVault')?.namespace).toBe('Microsoft.KeyVault');
    expect(registry.type('Contoso.Widgets/dreams')?.type.isRefused).toBeUndefined();
    expect(registry.type('Contoso.Widgets/factories')?.apiVersions).toEqual(['2024-01-01']);
    for (const name of [
      'Lazuli.Management/operations',
      'Microsoft.Resources/links',
      'nonsense',
      'A.b',
      'A.b//c',
      '../x.y/z',
    ])
      expect(registry.type(name), name).toBeUndefined();
  });
});
