import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lazuli } from '../kit/lazuli-process.ts';
import { rootKey, type ServiceBusProcess, startServiceBus } from './kit/service-bus-process.ts';

let bus: ServiceBusProcess;
let connectionString: string;
beforeAll(async () => {
  bus = await startServiceBus({ Queues: [{ Name: 'orders' }] });
  connectionString = `Endpoint=sb://localhost:${bus.port};SharedAccessKeyName=${rootKey.name};SharedAccessKey=${rootKey.key};UseDevelopmentEmulator=true;`;
});
afterAll(() => bus.stop());

const run = async (...args: string[]) => {
  const { status, output } = await lazuli(['servicebus', ...args, '--connection-string', connectionString]);
  return { status, output };
};

it('sends, looks, takes and purges', async () => {
  expect(await run('send', 'orders', 'a lamp', '--message-id', 'm1', '--property', 'total=12')).toMatchObject({
    status: 0,
    output: 'sent 6 bytes to orders\n',
  });
  await run('send', 'orders', 'a table');
  expect((await run('list')).output).toMatch(/^ *orders +Active +2 +0 /m);
  expect(JSON.parse((await run('peek', 'orders', '--count', '1', '--json')).output)).toMatchObject({
    messageId: 'm1',
    body: 'a lamp',
    applicationProperties: { total: 12 },
  });
  expect((await run('receive', 'orders')).output).toContain('a lamp');
  expect(await run('purge', 'orders')).toMatchObject({ status: 2, output: expect.stringContaining('--yes') });
  expect((await run('purge', 'orders', '--yes')).output).toBe('1 messages deleted from orders\n');
  expect((await run('receive', 'orders', '--wait', '0')).output).toBe('no messages\n');
  expect(await run('peek', 'nowhere')).toMatchObject({
    status: 1,
    output: expect.stringContaining('could not be found'),
  });
}, 60_000);

it('moves dead letters back, without why they were dead-lettered', async () => {
  const client = new ServiceBusClient(connectionString);
  await client
    .createSender('orders')
    .sendMessages(Array.from({ length: 60 }, (_, n) => ({ body: n, messageId: `d${n}` })));
  const receiver = client.createReceiver('orders');
  for (let left = 60; left > 0; ) {
    const messages = await receiver.receiveMessages(left);
    for (const message of messages)
      await receiver.deadLetterMessage(message, { deadLetterReason: 'no', deadLetterErrorDescription: 'not wanted' });
    left -= messages.length;
  }
  await client.close();
  expect((await run('resubmit', 'orders')).output).toBe('60 messages moved from the dead-letter queue of orders\n');
  expect((await run('list')).output).toMatch(/^ *orders +Active +60 +0 /m);
  const { output } = await run('peek', 'orders', '--count', '100', '--json');
  const moved = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(moved.map(({ messageId }) => messageId)).toEqual(Array.from({ length: 60 }, (_, n) => `d${n}`));
  expect(moved[0].applicationProperties).toEqual({});
}, 60_000);
