import rhea, {
  type Connection,
  type EventContext,
  type Message,
  type Receiver,
  type ReceiverOptions,
  type Sender,
} from 'rhea';
import { rootKey, type ServiceBusProcess } from './service-bus-process.ts';

/** A plain AMQP 1.0 client, signed in with a key. */
export class RheaClient {
  readonly connection: Connection;
  #requests = 0;

  private constructor(connection: Connection) {
    this.connection = connection;
  }

  static async open({ port }: ServiceBusProcess): Promise<RheaClient> {
    const connection = rhea.create_container().connect({
      host: '127.0.0.1',
      port,
      hostname: 'localhost',
      username: rootKey.name,
      password: rootKey.key,
      reconnect: false,
    });
    await event(connection, 'connection_open', ['connection_error', 'disconnected']);
    return new RheaClient(connection);
  }

  async sender(options: Parameters<Connection['open_sender']>[0]): Promise<Sender> {
    const sender = this.connection.open_sender(options);
    await event(sender, 'sender_open', ['sender_close', 'sender_error']);
    return sender;
  }

  /** Without credit, and settling nothing, unless the options say otherwise. Rejects with the error of a refusal. */
  async receiver(options: ReceiverOptions): Promise<Receiver> {
    const receiver = this.connection.open_receiver({ credit_window: 0, autoaccept: false, ...options });
    // A refusal is an attach without a source, and behind it a detach with the reason.
    const refused = event(receiver, 'receiver_close', ['receiver_error']);
    refused.catch(() => undefined);
    await event(receiver, 'receiver_open');
    if (!receiver.source?.address) await refused;
    return receiver;
  }

  /** A request to a `$management` node; resolves with the answer. */
  async request(node: string, operation: string, body: unknown): Promise<Message> {
    const replyTo = `replies-${++this.#requests}`;
    const receiver = this.connection.open_receiver({ source: `${node}/$management`, target: replyTo });
    const sender = await this.sender({ target: `${node}/$management`, source: replyTo });
    const reply = event(receiver, 'message', ['receiver_close']);
    sender.send({
      message_id: replyTo,
      reply_to: replyTo,
      application_properties: { operation: `com.microsoft:${operation}` },
      body,
    });
    const { message } = await reply;
    receiver.close();
    sender.close();
    if (message === undefined) throw new Error('The answer is no message.');
    return message;
  }

  async close(): Promise<void> {
    if (!this.connection.is_open()) return;
    const closed = event(this.connection, 'connection_close', ['disconnected']).catch(() => undefined);
    this.connection.close();
    await closed;
  }
}

/** The next event of a name; rejects on one of the others, with the error that came with it. */
export function event(
  emitter: Connection | Receiver | Sender,
  name: string,
  failures: readonly string[] = [],
): Promise<EventContext> {
  return new Promise((resolve, reject) => {
    const off = () => {
      emitter.removeListener(name, done);
      for (const failure of failures) emitter.removeListener(failure, fail);
    };
    const done = (context: EventContext) => {
      off();
      resolve(context);
    };
    const fail = (context: EventContext) => {
      off();
      const error = context.receiver?.error ?? context.sender?.error ?? context.connection?.error;
      reject(error ?? new Error('It was closed.'));
    };
    emitter.on(name, done);
    for (const failure of failures) emitter.on(failure, fail);
  });
}

/** So many messages of a receiver that has credit for them. */
export function messages(receiver: Receiver, count: number): Promise<EventContext[]> {
  return new Promise((resolve, reject) => {
    const taken: EventContext[] = [];
    const take = (context: EventContext) => {
      taken.push(context);
      if (taken.length < count) return;
      receiver.removeListener('message', take);
      resolve(taken);
    };
    receiver.on('message', take);
    receiver.once('receiver_close', () => reject(receiver.error ?? new Error('The link was closed.')));
  });
}
