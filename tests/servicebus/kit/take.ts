import type { ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';

/** So many messages, within the time. @throws where there are fewer */
export async function take(
  receiver: ServiceBusReceiver,
  count: number,
  withinMs = 10_000,
): Promise<ServiceBusReceivedMessage[]> {
  const taken: ServiceBusReceivedMessage[] = [];
  const end = Date.now() + withinMs;
  while (taken.length < count && Date.now() < end)
    taken.push(...(await receiver.receiveMessages(count - taken.length, { maxWaitTimeInMs: end - Date.now() })));
  if (taken.length < count) throw new Error(`${taken.length} of ${count} messages came in ${withinMs} ms.`);
  return taken;
}

export async function takeOne(receiver: ServiceBusReceiver, withinMs?: number): Promise<ServiceBusReceivedMessage> {
  const [message] = await take(receiver, 1, withinMs);
  if (message === undefined) throw new Error('No message came.');
  return message;
}
