import { expect, it } from 'vitest';
import { placeOf } from './ids.ts';
import { authorizationRuleName, entityName, entityNameOf, namespaceName } from './names.ts';

const bus = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ServiceBus/namespaces/bus';

it.each([
  ['', '', undefined],
  ['/authorizationRules/root', '', undefined],
  ['/queues/sales~orders', 'sales/orders', undefined],
  ['/QUEUES/q/AuthorizationRules/r', 'q', undefined],
  ['/topics/t', 't', `${bus}/topics/t`],
  ['/topics/t/authorizationRules/r', 't', `${bus}/topics/t`],
  ['/topics/a~t/subscriptions/s', 'a/t/Subscriptions/s', `${bus}/topics/a~t`],
  ['/topics/t/subscriptions/s/rules/$Default', 't/Subscriptions/s', `${bus}/topics/t`],
])('what lies at %j is %j for the broker', (below, path, topicId) => {
  expect(placeOf(`${bus}${below}`)).toEqual({ namespaceId: bus, namespaceName: 'bus', path, topicId });
});

it.each([
  ['a-bus', false],
  ['a-busy', true],
  ['1-busy', false],
  ['a-busy-', false],
  ['contoso-sb', false],
  ['contoso-mgmt', false],
  [`a${'b'.repeat(49)}`, true],
  [`a${'b'.repeat(50)}`, false],
])('%s as the name of a namespace: %s', (name, isName) => {
  expect(namespaceName.pattern?.test(name)).toBe(isName);
});

it('slashes of names are tildes, in URLs too', () => {
  expect(entityNameOf('sb://bus.servicebus.windows.net/sales/orders')).toBe('sales~orders');
  expect(entityNameOf('orders')).toBe('orders');
  expect(entityName.isName?.('sales~orders')).toBe(true);
  expect(entityName.isName?.('sales~~orders')).toBe(false);
  expect(entityName.isName?.('t~Subscriptions~s')).toBe(false);
  expect(authorizationRuleName.isName?.('..')).toBe(false);
});
