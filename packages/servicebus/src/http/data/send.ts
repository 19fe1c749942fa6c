import type { AmqpValue } from '@lazuli/amqp';
import type { NewMessage } from '../../contract.ts';
import { ServiceBusError } from '../../errors.ts';
import { buildMessage } from '../../message/build-message.ts';
import { authorize } from '../authorize.ts';
import type { HttpAnswer, HttpCall } from '../http-contract.ts';
import { readBody } from '../read-body.ts';
import { type BrokerProperties, parseBrokerProperties, readBrokerProperties } from './broker-properties.ts';
import { amqpNumber, propertiesOfHeaders, utf8 } from './property-headers.ts';

const batchType = 'application/vnd.microsoft.servicebus.json';

/** `POST /{entity}/messages` ("Send Message", "Send Message Batch"): 201 when they are on disk. @throws {ServiceBusError} */
export async function sendMessages(call: HttpCall, path: string): Promise<HttpAnswer> {
  await authorize(call, 'Send', path);
  const { request, namespace, limits } = call;
  const target = namespace.served.sender(path);
  const contentType = request.headers.get('Content-Type');
  const isBatch = contentType?.split(';')[0]?.trim().toLowerCase() === batchType;
  const body = await readBody(request, isBatch ? limits.batchBytes : target.maxMessageBytes);
  const messages = isBatch ? readBatch(body, limits.batchMessages) : [messageOf(call, contentType, body)];
  for (const { content } of messages) {
    const size = content.envelope.length + content.bare.length;
    if (size > target.maxMessageBytes)
      throw new ServiceBusError('MessageSizeExceeded', { size, limit: target.maxMessageBytes });
  }
  await new Promise<void>((resolve, reject) => {
    target.send(messages, (error) => (error === undefined ? resolve() : reject(error)));
  });
  return { status: 201 };
}

function messageOf({ request }: HttpCall, contentType: string | undefined, body: Buffer): NewMessage {
  const header = request.headers.get('BrokerProperties');
  const properties = header === undefined ? {} : parseBrokerProperties(utf8(header));
  return build(
    { ...(contentType === undefined ? {} : { contentType }), ...properties },
    propertiesOfHeaders(request.headers),
    body,
  );
}

/** `[{ "Body": "…", "BrokerProperties": { … }, "UserProperties": { … } }]` */
function readBatch(bytes: Buffer, most: number): NewMessage[] {
  let items: unknown;
  try {
    items = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new ServiceBusError('BadRequest', { reason: 'The batch is not JSON in UTF-8.' }, { cause: error });
  }
  if (!Array.isArray(items) || items.length === 0 || items.length > most)
    throw new ServiceBusError('BadRequest', { reason: `A batch must be an array of 1 to ${most} messages.` });
  return items.map((item, index) => readItem(item, index));
}

function readItem(item: unknown, index: number): NewMessage {
  const refuse = (what: string) =>
    new ServiceBusError('BadRequest', { reason: `Message ${index} of the batch ${what}.` });
  if (typeof item !== 'object' || item === null || Array.isArray(item)) throw refuse('must be an object');
  const body: unknown = Reflect.get(item, 'Body') ?? '';
  if (typeof body !== 'string') throw refuse("must have a string as 'Body'");
  const user: unknown = Reflect.get(item, 'UserProperties') ?? {};
  if (typeof user !== 'object' || user === null || Array.isArray(user))
    throw refuse("must have an object as 'UserProperties'");
  const application = new Map<string, AmqpValue>();
  for (const [name, value] of Object.entries(user)) {
    if (typeof value === 'number') application.set(name, amqpNumber(value));
    else if (typeof value === 'string' || typeof value === 'boolean' || value === null) application.set(name, value);
    else throw refuse(`must have a string, number or boolean as property '${name.slice(0, 100)}'`);
  }
  return build(readBrokerProperties(Reflect.get(item, 'BrokerProperties')), application, Buffer.from(body));
}

function build(
  broker: BrokerProperties,
  applicationProperties: ReadonlyMap<string, AmqpValue>,
  body: Buffer,
): NewMessage {
  const { contentType, label, sessionId, replyToSessionId, ...rest } = broker;
  if (contentType !== undefined && !/^[\x20-\x7e]*$/.test(contentType))
    throw new ServiceBusError('BadRequest', { reason: 'The content type must be ASCII.' });
  const named = { subject: label, groupId: sessionId, replyToGroupId: replyToSessionId };
  return buildMessage({ ...rest, ...named, ...(contentType ? { contentType } : {}), applicationProperties, body });
}
