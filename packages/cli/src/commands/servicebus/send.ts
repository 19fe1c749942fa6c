import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { Command, InvalidArgumentError } from 'commander';
import type { Terminal } from '../../terminal.ts';
import { type ConnectionOptions, openNamespace, withConnectionOption } from './connection-option.ts';

interface SendOptions extends Partial<ConnectionOptions> {
  readonly file?: string;
  readonly messageId?: string;
  readonly session?: string;
  readonly subject?: string;
  readonly contentType?: string;
  readonly correlationId?: string;
  readonly property: Readonly<Record<string, string | number | boolean>>;
  readonly at?: string;
}

export function sendCommand(terminal: Terminal): Command {
  return withConnectionOption(
    new Command('send')
      .summary('send a message')
      .description('Sends a message to a queue or a topic; without a body it is read from standard input.')
      .argument('<entity>', 'queue or topic')
      .argument('[body]', 'text of the message')
      .option('--file <file>', 'read the body from a file')
      .option('--message-id <id>', 'default: one is made')
      .option('--session <id>', 'session that it belongs to')
      .option('--subject <text>', 'its subject (label)')
      .option('--content-type <type>', 'such as application/json')
      .option('--correlation-id <id>', 'what it answers')
      .option(
        '--property <name=value>',
        'application property; a number or true and false is taken as such',
        property,
        {},
      )
      .option('--at <time>', 'when it is to be there: 2026-01-31T12:00:00Z'),
  ).action(async (entity: string, body: string | undefined, options: SendOptions) => {
    const namespace = await openNamespace(options);
    const {
      file,
      messageId,
      session: sessionId,
      subject,
      contentType,
      correlationId,
      at: scheduledEnqueueTime,
    } = options;
    const bytes = file === undefined ? Buffer.from(body ?? (await textOf(process.stdin))) : await readFile(file);
    const message = {
      messageId,
      sessionId,
      subject,
      contentType,
      correlationId,
      scheduledEnqueueTime,
      applicationProperties: options.property,
      bodyBase64: bytes.toString('base64'),
    };
    await namespace.ask('POST', 'send', { entity }, { messages: [message] });
    terminal.out(`sent ${bytes.length} bytes to ${entity}`);
  });
}

type Properties = Readonly<Record<string, string | number | boolean>>;

function property(given: string, before: Properties): Properties {
  const at = given.indexOf('=');
  if (at <= 0) throw new InvalidArgumentError('Expected name=value.');
  return { ...before, [given.slice(0, at)]: propertyValue(given.slice(at + 1)) };
}

function propertyValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(\.\d+)?$/.test(text) && Number.isFinite(Number(text)) ? Number(text) : text;
}
