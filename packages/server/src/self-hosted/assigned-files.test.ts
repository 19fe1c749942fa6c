import { expect, test } from 'vitest';
import { assignedFiles } from './assigned-files.ts';

const json = (properties: object) => JSON.stringify({ properties });
const policy = (inbound: string) => `<policies><inbound>${inbound}</inbound></policies>`;

const files = new Map(
  Object.entries({
    'policy.xml': policy('<include-fragment fragment-id="Outer" />'),
    'apis/orders/apiInformation.json': json({ path: 'orders' }),
    'apis/orders/policy.xml': policy('<set-header name="a"><value>{{ Tier }}</value></set-header>'),
    'apis/orders;rev=2/apiInformation.json': json({ path: 'orders' }),
    'apis/secret/apiInformation.json': json({ path: 'secret' }),
    'apis/secret/policy.xml': policy('{{hidden}}'),
    'products/starter/productInformation.json': json({}),
    'products/starter/apis/Orders/productApiInformation.json': json({}),
    'products/starter/apis/secret/productApiInformation.json': json({}),
    'products/other/productInformation.json': json({}),
    'products/other/apis/secret/productApiInformation.json': json({}),
    'subscriptions/a/subscriptionInformation.json': json({ scope: '/products/Starter', ownerId: '/users/Ada' }),
    'subscriptions/b/subscriptionInformation.json': json({ scope: '/products/other', ownerId: '/users/bob' }),
    'subscriptions/c/subscriptionInformation.json': json({ scope: '/apis/secret' }),
    'subscriptions/d/subscriptionInformation.json': json({ scope: '/subscriptions/s/service/x/apis' }),
    'users/ada/userInformation.json': json({ firstName: 'Ada' }),
    'users/bob/userInformation.json': json({ firstName: 'Bob' }),
    'policyFragments/outer/policyFragmentInformation.json': json({}),
    'policyFragments/outer/policy.xml': "<fragment><include-fragment fragment-id='inner'/></fragment>",
    'policyFragments/inner/policy.xml': '<fragment>{{deep}}</fragment>',
    'policyFragments/unused/policy.xml': '<fragment>{{hidden}}</fragment>',
    'namedValues/tier-1/namedValueInformation.json': json({ displayName: 'tier', value: 'gold' }),
    'namedValues/deep/namedValueInformation.json': json({ displayName: 'deep', value: '1' }),
    'namedValues/hidden/namedValueInformation.json': json({ displayName: 'hidden', value: 'secret' }),
    'backends/b/backendInformation.json': json({}),
  }).map(([path, text]) => [path, Buffer.from(text)] as const),
);

test('a gateway gets its APIs with what belongs to them and what they mention, and nothing of the others', () => {
  expect([...assignedFiles(files, new Set(['orders'])).keys()].sort()).toEqual([
    'apis/orders/apiInformation.json',
    'apis/orders/policy.xml',
    'apis/orders;rev=2/apiInformation.json',
    'backends/b/backendInformation.json',
    'namedValues/deep/namedValueInformation.json',
    'namedValues/tier-1/namedValueInformation.json',
    'policy.xml',
    'policyFragments/inner/policy.xml',
    'policyFragments/outer/policy.xml',
    'policyFragments/outer/policyFragmentInformation.json',
    'products/starter/apis/Orders/productApiInformation.json',
    'products/starter/productInformation.json',
    'subscriptions/a/subscriptionInformation.json',
    'subscriptions/d/subscriptionInformation.json',
    'users/ada/userInformation.json',
  ]);
});

test('a gateway without APIs gets what belongs to the whole service', () => {
  const paths = [...assignedFiles(files, new Set()).keys()];
  expect(paths).toContain('policy.xml');
  expect(paths.filter((path) => /^(apis|products)\//.test(path))).toEqual([]);
});
