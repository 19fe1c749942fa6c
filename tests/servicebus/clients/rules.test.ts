import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { take } from './kit/receive.ts';
import { ClientsOfTests } from './kit/service-bus-clients.ts';

let clients: ClientsOfTests;
beforeAll(async () => {
  clients = await ClientsOfTests.open('plain');
});
afterEach(() => clients.closeClients());
afterAll(() => clients.close());

async function rulesOf(topic: string) {
  const rules = [];
  for await (const rule of clients.client().createRuleManager(topic, 's').listRules()) rules.push(rule);
  return rules;
}

it('lists, makes and removes rules of every kind', async () => {
  const topic = await clients.topic();
  const manager = clients.client().createRuleManager(topic, 's');
  expect(await rulesOf(topic)).toEqual([{ name: '$Default', filter: { sqlExpression: '1=1' }, action: {} }]);
  await manager.createRule('sql', { sqlExpression: "colour = 'red'" }, { sqlExpression: 'SET seen = true' });
  await manager.createRule('correlation', {
    correlationId: 'c',
    subject: 'greeting',
    contentType: 'text/plain',
    applicationProperties: { size: 3, sure: true, name: 'n' },
  });
  await manager.createRule('boolean', { sqlExpression: '1=0' });
  await manager.deleteRule('$Default');
  const rules = await rulesOf(topic);
  expect(rules.map(({ name }) => name).sort()).toEqual(['boolean', 'correlation', 'sql']);
  expect(rules.find(({ name }) => name === 'sql')).toEqual({
    name: 'sql',
    filter: { sqlExpression: "colour = 'red'" },
    action: { sqlExpression: 'SET seen = true' },
  });
  expect(rules.find(({ name }) => name === 'correlation')).toMatchObject({
    filter: {
      correlationId: 'c',
      subject: 'greeting',
      contentType: 'text/plain',
      applicationProperties: { size: 3, sure: true, name: 'n' },
    },
    action: {},
  });
});

it('filters by the rules that are there', async () => {
  const topic = await clients.topic();
  const client = clients.client();
  const manager = client.createRuleManager(topic, 's');
  await manager.deleteRule('$Default');
  await manager.createRule('sql', { sqlExpression: 'size > 2' }, { sqlExpression: "SET sys.Label = 'big'" });
  await manager.createRule('correlation', { applicationProperties: { colour: 'red' } });
  await client.createSender(topic).sendMessages([
    { body: 'big', applicationProperties: { size: 3 } },
    { body: 'none', applicationProperties: { size: 1 } },
    { body: 'red', applicationProperties: { colour: 'red' } },
  ]);
  const messages = await take(client.createReceiver(topic, 's'), 2);
  expect(messages.map(({ body, subject }) => [body, subject]).sort()).toEqual([
    ['big', 'big'],
    ['red', undefined],
  ]);
});

it('refuses a rule that is there already, one that cannot be read, one that is not there', async () => {
  const topic = await clients.topic();
  const manager = clients.client().createRuleManager(topic, 's');
  await expect(manager.createRule('$Default', { sqlExpression: '1=1' })).rejects.toMatchObject({
    code: 'MessagingEntityAlreadyExists',
  });
  await expect(manager.createRule('bad', { sqlExpression: 'size >' })).rejects.toThrow(/size >|expected/i);
  await expect(manager.deleteRule('nothing')).rejects.toMatchObject({ code: 'MessagingEntityNotFound' });
});
