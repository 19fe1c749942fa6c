import { type BodySink, type BodySource, MessageBody } from './body.ts';

export interface BodyWatcher {
  data(chunk: Uint8Array): void;
  /** Once: the body is over, broken off, or not wanted any more. */
  end(): void;
}

/** The same body, which tells the watcher what passes while it passes. Nothing is held back or collected. */
export function watchBody(body: MessageBody, watcher: BodyWatcher): MessageBody {
  const content = body.take();
  if (!(content instanceof Uint8Array)) return MessageBody.fromSource(new WatchedSource(content, watcher));
  watcher.data(content);
  watcher.end();
  return body;
}

class WatchedSource implements BodySource {
  readonly #source: BodySource;
  readonly #watcher: BodyWatcher;
  #isOver = false;

  constructor(source: BodySource, watcher: BodyWatcher) {
    this.#source = source;
    this.#watcher = watcher;
  }

  get length(): number | null {
    return this.#source.length;
  }

  start(sink: BodySink): void {
    this.#source.start({
      data: (chunk) => {
        if (!this.#isOver) this.#watcher.data(chunk);
        sink.data(chunk);
      },
      end: (trailers) => {
        this.#end();
        sink.end(trailers);
      },
      error: (error) => {
        this.#end();
        sink.error(error);
      },
    });
  }

  pause(): void {
    this.#source.pause();
  }

  resume(): void {
    this.#source.resume();
  }

  abort(reason: Error): void {
    this.#end();
    this.#source.abort(reason);
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#watcher.end();
  }
}
