import { describe, expect, it } from 'vitest';
import { upgradeBody } from './older-versions.ts';

const upgraded = (path: string, properties: object) =>
  upgradeBody(path, { properties: properties as never }, 'x').properties;

describe('bodies of older versions of the API', () => {
  it.each([
    [
      'apis/policies',
      { policyContent: '<policies />', contentFormat: 'xml' },
      { value: '<policies />', format: 'xml' },
    ],
    ['policies', { value: 'new', policyContent: 'old' }, { value: 'new' }],
    ['apis', { contentFormat: 'SwaggerLinkJson', contentValue: 'u' }, { format: 'swagger-link-json', value: 'u' }],
    ['apis', { format: 'openapi+json-link' }, { format: 'openapi+json-link' }],
    ['apis', { apiVersionSetId: '/a/api-version-sets/v' }, { apiVersionSetId: '/a/apiVersionSets/v' }],
    ['products', { name: 'Starter' }, { displayName: 'Starter' }],
    ['subscriptions', { productId: 'p', userId: '/users/u' }, { scope: '/products/p', ownerId: '/users/u' }],
    ['subscriptions', { productId: '/products/p' }, { scope: '/products/p' }],
    ['subscriptions', { scope: '/apis' }, { scope: '/apis' }],
    ['contentTypes', { name: 'Page' }, { name: 'Page' }],
  ])('%s: %j is %j', (path, before, after) => {
    expect(upgraded(path, before)).toEqual(after);
  });

  it('before 2016-10-10 the properties stood beside the name, which was the one to be shown', () => {
    expect(upgradeBody('namedValues', { value: 'v', tags: ['a'], location: 'x' }, 'depth')).toEqual({
      properties: { displayName: 'depth', value: 'v', tags: ['a'] },
    });
  });

  it('a body that says nothing stays as it is', () => {
    for (const raw of [{}, { properties: null }, { properties: 'text' }, { id: 'x' }])
      expect(upgradeBody('products/apis', raw, 'x')).toBe(raw);
  });
});
