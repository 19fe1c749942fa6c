import {
  AmqpMap,
  type AmqpValue,
  encodeApplicationProperties,
  encodeProperties,
  encodeValueSection,
  readApplicationProperties,
  readBody,
  readProperties,
  scanSections,
  Typed,
} from '@lazuli/amqp';
import { codes, type RawClient } from './raw-client.ts';

export interface Reply {
  readonly status: number;
  readonly properties: AmqpMap;
  readonly body: AmqpValue;
}

/** Asks `$cbs` or the `$management` of an entity, over two links of its own. */
export class RequestClient {
  readonly #client: RawClient;
  readonly #handle: number;
  readonly #replyTo: string | undefined;
  #requests = 0;

  private constructor(client: RawClient, handle: number, replyTo: string | undefined) {
    this.#client = client;
    this.#handle = handle;
    this.#replyTo = replyTo;
  }

  /** On links `handle` and `handle + 1`. `replyTo: null`: requests do not say where their replies go. */
  static async open(
    client: RawClient,
    address: string,
    { handle = 100, replyTo = 'replies' }: { readonly handle?: number; readonly replyTo?: string | null } = {},
  ): Promise<RequestClient> {
    await client.attachSender(handle, address);
    client.attachReceiver(handle + 1, address, { isSettled: true, target: replyTo ?? address });
    await client.next(codes.attach, ({ fields }) => fields[0] === `receiver ${handle + 1}`);
    client.flow(handle + 1, 0, 1000);
    return new RequestClient(client, handle, replyTo ?? undefined);
  }

  async ask(
    properties: Readonly<Record<string, AmqpValue>>,
    body: AmqpValue,
    options: { readonly state?: AmqpValue } = {},
  ): Promise<Reply> {
    const messageId = `request ${this.#requests++}`;
    const head = encodeProperties({ messageId, ...(this.#replyTo === undefined ? {} : { replyTo: this.#replyTo }) });
    const request = [head, encodeApplicationProperties(mapOf(properties)), encodeValueSection(body)];
    this.#client.transfer(this.#handle, Buffer.concat(request), options);
    const { payload } = await this.#client.next(
      codes.transfer,
      (frame) => correlationIdOf(frame.payload) === messageId,
    );
    const sections = scanSections(payload);
    const reply = readApplicationProperties(payload, sections);
    const [status, same] = [reply.get('statusCode'), reply.get('status-code')];
    if (!(status instanceof Typed && same instanceof Typed && status.type === 'int' && same.value === status.value))
      throw new Error('A reply has its status twice, as an int.');
    return { status: Number(status.value), properties: reply, body: readBody(payload, sections)[0] ?? null };
  }

  /** An operation of `$management`. */
  manage(name: string, body: Readonly<Record<string, AmqpValue>>, options: { readonly state?: AmqpValue } = {}) {
    return this.ask({ operation: `com.microsoft:${name}` }, mapOf(body), options);
  }
}

function correlationIdOf(payload: Buffer): unknown {
  const sections = scanSections(payload);
  return sections.propertiesEnd > sections.propertiesStart
    ? readProperties(payload, sections).correlationId
    : undefined;
}

export function mapOf(members: Readonly<Record<string, AmqpValue>>): AmqpMap {
  return new AmqpMap(Object.entries(members));
}
