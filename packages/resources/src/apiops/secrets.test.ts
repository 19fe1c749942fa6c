import { expect, test } from 'vitest';
import { FolderInMemory } from '../folder/folder-in-memory.ts';
import { readFiles } from '../testing/folders.ts';
import { readServiceFolder } from './folder-reader.ts';
import { SecretsUnavailableError } from './secrets-source.ts';

const secret = (more = {}) => ({ properties: { displayName: 'key', secret: true, ...more } });
const file = 'namedValues/orders-key/namedValueInformation.json';

test('a secret comes from the environment, else the secrets file, else the folder', async () => {
  const files = { [file]: secret({ value: 'folder' }), 'secrets.local.yaml': 'namedValues:\n  Orders-Key: file\n' };
  const value = async (given: object, environment = {}) => {
    const { model, problems } = await readFiles({ ...given } as typeof files, { environment });
    return [model.namedValues[0]?.value, problems];
  };
  expect(await value(files, { LAZULI_NAMED_VALUE_ORDERS_KEY: 'environment' })).toEqual(['environment', []]);
  expect(await value(files)).toEqual(['file', []]);
  expect(await value(files, { LAZULI_NAMED_VALUE_ORDERS_KEY: '' })).toEqual(['file', []]);
  expect(await value({ [file]: files[file] })).toEqual(['folder', [`SecretInFolder ${file}:5:14`]]);
});

test.each([
  secret(),
  { properties: { displayName: 'key', keyVault: { secretIdentifier: 'https://v.example/secrets/x' } } },
])('a secret without a value names the variable to set', async (content) => {
  const { messages, problems } = await readFiles({ [file]: content });
  expect(problems).toEqual([`MissingSecret ${file}:2:17`]);
  expect(messages[0]).toContain('LAZULI_NAMED_VALUE_ORDERS_KEY');
});

test('keys of a subscription come from outside, and none at all is a warning', async () => {
  const files = { 'subscriptions/s-1/subscriptionInformation.json': { scope: '/apis' } };
  const none = await readFiles(files);
  expect(none.problems).toEqual(['MissingSubscriptionKeys subscriptions/s-1/subscriptionInformation.json:1:1']);
  expect(none.model.subscriptions).toMatchObject([{ primaryKey: '', secondaryKey: '' }]);
  const some = await readFiles(
    { ...files, 'secrets.local.json': { subscriptions: { 's-1': { primaryKey: 'a', secondaryKey: 'b' } } } },
    { environment: { LAZULI_SUBSCRIPTION_S_1_SECONDARY_KEY: 'c' } },
  );
  expect(some.problems).toEqual([]);
  expect(some.model.subscriptions).toMatchObject([{ primaryKey: 'a', secondaryKey: 'c' }]);
});

test('one key of two subscriptions is an error that does not name the key', async () => {
  const { problems, messages } = await readFiles({
    'subscriptions/a/subscriptionInformation.json': { scope: '/apis' },
    'subscriptions/b/subscriptionInformation.json': { scope: '/apis' },
    'secrets.local.json': { subscriptions: { a: { primaryKey: 'same-key' }, b: { secondaryKey: 'same-key' } } },
  });
  expect(problems).toEqual(['DuplicateSubscriptionKey subscriptions/b/subscriptionInformation.json:1:1']);
  expect(messages.join()).not.toContain('same-key');
});

test('the secrets file is checked too', async () => {
  const { problems } = await readFiles({
    [file]: secret({ value: 'x' }),
    'secrets.local.json':
      '{\n"namedValue": {},\n"namedValues": {"orders-keys": "v", "orders-key": 5},\n"subscriptions": []}',
  });
  expect(problems).toEqual([
    `SecretInFolder ${file}:5:14`,
    'UnknownProperty secrets.local.json:2:1',
    'UnusedSecret secrets.local.json:3:17',
    'WrongType secrets.local.json:3:51',
    'WrongType secrets.local.json:4:18',
  ]);
});

test('a secret is never shown in a message', async () => {
  const { messages } = await readFiles({
    'subscriptions/s/subscriptionInformation.json': { scope: '/apis', primaryKey: 'hunter2'.repeat(100) },
    'namedValues/n/namedValueInformation.json': { displayName: 'n', secret: true, value: 'hunter2'.repeat(1000) },
    'backends/b/backendInformation.json': {
      url: 'https://b.example',
      credentials: { authorization: { scheme: 'x', parameter: 'hunter2'.repeat(2000) } },
    },
  });
  expect(messages.length).toBeGreaterThan(2);
  expect(messages.join('\n')).not.toContain('hunter2');
});

test('a secrets file outside the folder replaces the one inside', async () => {
  const secrets = { file: '../secrets.yaml', read: async () => Buffer.from('namedValues: {orders-key: outside}') };
  const { model, problems } = await readFiles(
    { [file]: secret(), 'secrets.local.json': { namedValues: { 'orders-key': 'inside' } } },
    { secrets },
  );
  expect(problems).toEqual([]);
  expect(model.namedValues[0]?.value).toBe('outside');
});

test('a secrets file that was asked for must be there', async () => {
  const secrets = { file: 'missing.json', read: () => Promise.reject(new Error('ENOENT')) };
  await expect(readServiceFolder(new FolderInMemory(), { secrets })).rejects.toThrow(SecretsUnavailableError);
});
