import type { InboundRequest } from '@lazuli/http';
import { BodyTooLarge, MessageBody } from '@lazuli/policies';
import { ServiceBusError } from '../errors.ts';

/** @throws {ServiceBusError} `MessageSizeExceeded` (413), `BadRequest` where the content ends too early */
export async function readBody(request: InboundRequest, limit: number): Promise<Buffer> {
  if (request.body === null) return Buffer.alloc(0);
  const { length } = request.body;
  try {
    const bytes = await MessageBody.fromSource(request.body).buffer(limit);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (error) {
    if (error instanceof BodyTooLarge)
      throw new ServiceBusError(
        'MessageSizeExceeded',
        { size: length ?? `more than ${limit}`, limit },
        { cause: error },
      );
    const reason = 'The content ended before it was complete.';
    throw new ServiceBusError('BadRequest', { reason }, { cause: error });
  }
}
