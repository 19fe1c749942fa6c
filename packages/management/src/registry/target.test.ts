import { describe, expect, it } from 'vitest';
import type { ResourceProvider } from '../contract.ts';
import { ArmError } from '../errors.ts';
import { parsePath } from '../ids/arm-id.ts';
import { RegistrationError, Registry } from './registry.ts';
import { resolveTarget } from './target.ts';

const run = () => ({});
const name = { says: 'anything' };
const provider: ResourceProvider = {
  namespace: 'Contoso.Web',
  displayName: 'Contoso',
  apiVersions: ['2024-01-01'],
  types: [
    {
      type: 'Contoso.Web/sites',
      name,
      tracked: true,
      actions: [
        { name: 'restart', run },
        { name: 'slots/swap', run },
      ],
    },
    { type: 'Contoso.Web/sites/policies', name: { only: ['policy'], says: 'policy' } },
    { type: 'Contoso.Web/sites/reports', name, actions: [{ name: 'byDay', on: 'collection', method: 'GET', run }] },
    { type: 'Contoso.Web/locations/deletedSites', name, parent: 'none', scopes: ['subscription'] },
    { type: 'Contoso.Web/notes', name, scopes: ['extension', 'subscription'] },
  ],
  actions: [{ name: 'locations/{location}/checkName', scopes: ['subscription'], run }],
};
const registry = new Registry([provider]);
const subscription = '/subscriptions/11111111-1111-1111-1111-111111111111';
const group = `${subscription}/resourceGroups/g`;
const resolve = (path: string, method = 'GET') => {
  const parsed = parsePath(path.split('/').slice(1));
  if (parsed === undefined) throw new Error(path);
  const target = resolveTarget(registry, parsed, method, path);
  const what = 'type' in target ? target.type.type.type : target.provider.namespace;
  return [target.kind, what, 'action' in target ? target.action.name : target.id.text];
};

describe('what a path addresses', () => {
  it.each([
    [
      `${group}/providers/contoso.web/SITES/A`,
      'GET',
      ['resource', 'Contoso.Web/sites', `${group}/providers/Contoso.Web/sites/A`],
    ],
    [
      `${group}/providers/Contoso.Web/sites`,
      'GET',
      ['collection', 'Contoso.Web/sites', `${group}/providers/Contoso.Web/sites`],
    ],
    [
      `${subscription}/providers/Contoso.Web/sites`,
      'GET',
      ['collection', 'Contoso.Web/sites', `${subscription}/providers/Contoso.Web/sites`],
    ],
    [`${group}/providers/Contoso.Web/sites/a/RESTART`, 'POST', ['action', 'Contoso.Web/sites', 'restart']],
    [`${group}/providers/Contoso.Web/sites/a/slots/swap`, 'POST', ['action', 'Contoso.Web/sites', 'slots/swap']],
    [`${group}/providers/Contoso.Web/sites/a/reports/byDay`, 'GET', ['action', 'Contoso.Web/sites/reports', 'byDay']],
    [
      `${group}/providers/Contoso.Web/sites/a/policies/POLICY`,
      'GET',
      ['resource', 'Contoso.Web/sites/policies', `${group}/providers/Contoso.Web/sites/a/policies/policy`],
    ],
    [
      `${subscription}/providers/Contoso.Web/locations/x/deletedSites/s`,
      'GET',
      [
        'resource',
        'Contoso.Web/locations/deletedSites',
        `${subscription}/providers/Contoso.Web/locations/x/deletedSites/s`,
      ],
    ],
    [
      `${subscription}/providers/Contoso.Web/locations/x/checkname`,
      'POST',
      ['providerAction', 'Contoso.Web', 'locations/{location}/checkName'],
    ],
    [
      `${group}/providers/Contoso.Web/sites/a/providers/Contoso.Web/notes/n`,
      'GET',
      ['resource', 'Contoso.Web/notes', `${group}/providers/Contoso.Web/sites/a/providers/Contoso.Web/notes/n`],
    ],
  ])('%s (%s)', (path, method, expected) => {
    expect(resolve(path, method)).toEqual(expected);
  });

  it.each([
    [`${group}/providers/Contoso.Web/notes/n`, 'InvalidResourceType'],
    [`${subscription}/providers/Contoso.Web/sites/a`, 'InvalidResourceType'],
    [`${group}/providers/Contoso.Web/sites/a/unknown`, 'InvalidResourceType'],
    [`${group}/providers/Contoso.None/sites/a`, 'InvalidResourceNamespace'],
    [`${group}/providers/Contoso.Web`, 'HttpResourceNotFound'],
    [`${group}/providers/Contoso.Web/sites/providers/Contoso.Web/notes/n`, 'InvalidResourceType'],
  ])('%s is refused: %s', (path, code) => {
    expect(() => resolve(path)).toThrow(expect.objectContaining({ code }));
    expect(() => resolve(path)).toThrow(ArmError);
  });

  it('is registered once, in its own namespace', () => {
    expect(() => new Registry([provider, provider])).toThrow(RegistrationError);
    expect(() => new Registry([{ ...provider, namespace: 'Contoso.Other' }])).toThrow(/not in the namespace/);
  });
});
