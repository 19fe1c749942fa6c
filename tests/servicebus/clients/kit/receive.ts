import type { ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import type { ClientsOfTests } from './service-bus-clients.ts';

/** Receives so many messages, or fails. */
export async function take(receiver: ServiceBusReceiver, wanted: number): Promise<ServiceBusReceivedMessage[]> {
  const messages: ServiceBusReceivedMessage[] = [];
  while (messages.length < wanted) {
    const more = await receiver.receiveMessages(wanted - messages.length, { maxWaitTimeInMs: 5000 });
    if (more.length === 0) throw new Error(`${messages.length} of ${wanted} messages came.`);
    messages.push(...more);
  }
  return messages;
}

export async function takeOne(receiver: ServiceBusReceiver): Promise<ServiceBusReceivedMessage> {
  const [message] = await take(receiver, 1);
  return message ?? fail();
}

export function activeMessages({ namespace }: ClientsOfTests, path: string): number | undefined {
  return namespace.served.runtime(path)?.activeMessageCount;
}

export function fail(): never {
  throw new Error('It is not there.');
}
