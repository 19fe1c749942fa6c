// Sends an order, receives it, and hears of it as an event; the connection string is that of Azure's own emulator.
//   node examples/service-bus/orders.mjs
import { ServiceBusClient } from '@azure/service-bus';

const development =
  'Endpoint=sb://localhost;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;';
const client = new ServiceBusClient(process.env.SERVICEBUS_CONNECTION_STRING ?? development);

const order = { id: 'order-1', total: 194.7 };
const orders = client.createSender('orders');
await orders.sendMessages({ messageId: order.id, body: order, subject: 'order-placed' });

const receiver = client.createReceiver('orders');
const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 5000 });
console.log('received', message?.body, 'as message', String(message?.sequenceNumber));

const events = client.createSender('events');
await events.sendMessages({ body: 'order placed', applicationProperties: { total: order.total } });
if (message) await receiver.completeMessage(message);

const [event] = await client
  .createReceiver('events', 'large-orders', { receiveMode: 'receiveAndDelete' })
  .receiveMessages(1, { maxWaitTimeInMs: 5000 });
console.log('heard of an order of more than 100:', event?.applicationProperties?.total);
await client.close();
