import { HeaderList } from '@lazuli/policies';
import type { ServiceModel, User } from '@lazuli/resources';
import { describe, expect, it } from 'vitest';
import { api, product, subscription } from '../testing/model.ts';
import { Authorizer } from './authorizer.ts';
import { presentedKey } from './presented-key.ts';

const orders = api('orders', { subscriptionRequired: true });
const weather = api('weather', { subscriptionRequired: false });

function authorizer(parts: Partial<Pick<ServiceModel, 'products' | 'subscriptions' | 'users'>>): Authorizer {
  return new Authorizer({ products: [], subscriptions: [], users: [], ...parts });
}

describe('a request with a key', () => {
  const starter = product('starter', ['orders']);
  const subject = authorizer({
    products: [starter, product('other', ['weather'])],
    subscriptions: [
      subscription('master', { kind: 'service' }),
      subscription('all', { kind: 'allApis' }),
      subscription('one', { kind: 'api', api: 'orders' }),
      subscription('foreign', { kind: 'api', api: 'weather' }),
      subscription('in-product', { kind: 'product', product: 'starter' }),
      subscription('in-other', { kind: 'product', product: 'other' }),
      subscription('empty', { kind: 'service' }, { primaryKey: '', secondaryKey: '' }),
      ...(['suspended', 'expired', 'submitted', 'rejected', 'cancelled'] as const).map((state) =>
        subscription(state, { kind: 'service' }, { state }),
      ),
      subscription('ended', { kind: 'service' }, { startDate: 1, expirationDate: 2 }),
    ],
  });

  it.each(['master', 'all', 'one', 'ended'])('of scope %s runs outside of products', (name) => {
    for (const half of ['primary', 'secondary']) {
      expect(subject.authorize(orders, `${name}-${half}`)).toMatchObject({
        kind: 'granted',
        subscription: { name },
        product: null,
      });
    }
  });

  it('of a product runs in its context', () => {
    expect(subject.authorize(orders, 'in-product-primary')).toMatchObject({ product: starter });
  });

  it.each(['foreign-primary', 'in-other-primary', 'suspended-primary', 'expired-primary', 'submitted-primary'])(
    '%s is refused',
    (key) => {
      expect(subject.authorize(orders, key)).toEqual({ kind: 'key-invalid' });
    },
  );

  it.each(['rejected-primary', 'cancelled-secondary', 'unknown', 'one-primary', ' '])(
    '%s is refused although the API needs none',
    (key) => {
      expect(subject.authorize(weather, key)).toEqual({ kind: 'key-invalid' });
    },
  );

  it('has the user of the subscription, unless it is blocked', () => {
    const user = (name: string, state: User['state']): User => ({
      name,
      state,
      email: '',
      firstName: '',
      lastName: '',
      note: null,
      registrationDate: null,
      groups: [],
    });
    const owned = authorizer({
      users: [user('ann', 'active'), user('bob', 'blocked')],
      subscriptions: [
        subscription('a', { kind: 'service' }, { owner: 'ann' }),
        subscription('b', { kind: 'service' }, { owner: 'bob' }),
      ],
    });
    expect(owned.authorize(orders, 'a-primary')).toMatchObject({ kind: 'granted', user: { name: 'ann' } });
    expect(owned.authorize(orders, 'b-primary')).toEqual({ kind: 'key-invalid' });
  });
});

describe('a request without a key', () => {
  it('runs in the open product that contains the API', () => {
    const open = product('open', ['orders'], { subscriptionRequired: false });
    expect(authorizer({ products: [product('closed', ['orders']), open] }).authorize(orders, '')).toMatchObject({
      kind: 'granted',
      product: open,
    });
  });

  it('runs without a context when the API needs no subscription', () => {
    expect(authorizer({}).authorize(weather, '')).toMatchObject({ kind: 'granted', product: null, subscription: null });
  });

  it('is refused otherwise', () => {
    expect(authorizer({ products: [product('closed', ['orders'])] }).authorize(orders, '')).toEqual({
      kind: 'key-missing',
    });
  });
});

describe('the presented key', () => {
  const named = api('a', { subscriptionKeyParameterNames: { header: 'X-Key', query: 'k' } });
  const key = (headers: string[], query: string) => presentedKey(named, new HeaderList(headers), query);

  it('is the header, else the query parameter, under the names of the API', () => {
    expect(key(['x-key', 'h'], 'k=q')).toBe('h');
    expect(key([], 'a=1&k=q%2B')).toBe('q+');
    expect(key(['Ocp-Apim-Subscription-Key', 'h'], 'subscription-key=q')).toBe('');
  });

  it('is missing when the header is empty, whatever the query says', () => {
    expect(key(['X-Key', ''], 'k=q')).toBe('');
  });
});
