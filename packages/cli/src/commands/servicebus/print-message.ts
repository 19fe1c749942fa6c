import { paint, type Terminal } from '../../terminal.ts';

/** A message on a few lines, its body last. */
export function printMessage(terminal: Terminal, message: Readonly<Record<string, unknown>>): void {
  const { sequenceNumber, messageId, enqueuedTime, deliveryCount, state, applicationProperties, body, bodyBase64 } =
    message;
  const facts = ['sessionId', 'subject', 'contentType', 'correlationId', 'expiresAt', 'deadLetterSource']
    .filter((name) => message[name] !== undefined)
    .map((name) => `${name} ${String(message[name])}`);
  terminal.out(
    `${paint(terminal, 'bold', `#${String(sequenceNumber)}`)} ${String(messageId)}  ${String(enqueuedTime)}  ${String(state)}, delivered ${String(deliveryCount)} times before`,
  );
  if (facts.length > 0) terminal.out(`  ${facts.join(', ')}`);
  const properties =
    typeof applicationProperties === 'object' && applicationProperties !== null ? applicationProperties : {};
  for (const [name, value] of Object.entries(properties)) terminal.out(`  ${name}: ${JSON.stringify(value)}`);
  if (bodyBase64 !== undefined) terminal.out(`  ${String(bodyBase64)} (base64)`);
  else if (body !== undefined) terminal.out(`  ${typeof body === 'string' ? body : JSON.stringify(body)}`);
}

export function printMessages(terminal: Terminal, messages: unknown, asJson: boolean): void {
  if (!Array.isArray(messages) || messages.length === 0) {
    if (!asJson) terminal.out('no messages');
    return;
  }
  for (const message of messages) {
    if (asJson) terminal.out(JSON.stringify(message));
    else printMessage(terminal, message);
  }
}
