import { type BodySink, type BodySource, MessageBody } from './body.ts';

/** A body with the same content that counts what passes: the number of bytes that went to whoever reads or sends it. */
export function countBytes(body: MessageBody | null): { readonly body: MessageBody | null; bytes(): number } {
  if (!body) return { body, bytes: () => 0 };
  const here = body.buffered;
  if (here) return { body, bytes: () => here.length };
  const content = body.take();
  if (content instanceof Uint8Array) return { body, bytes: () => content.length };
  const counting = new CountingSource(content);
  return { body: MessageBody.fromSource(counting), bytes: () => counting.count };
}

class CountingSource implements BodySource {
  readonly #source: BodySource;
  count = 0;

  constructor(source: BodySource) {
    this.#source = source;
  }

  get length(): number | null {
    return this.#source.length;
  }

  start(sink: BodySink): void {
    this.#source.start({
      data: (chunk) => {
        this.count += chunk.length;
        sink.data(chunk);
      },
      end: (trailers) => sink.end(trailers),
      error: (error) => sink.error(error),
    });
  }

  pause(): void {
    this.#source.pause();
  }

  resume(): void {
    this.#source.resume();
  }

  abort(reason: Error): void {
    this.#source.abort(reason);
  }
}
