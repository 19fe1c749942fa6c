import type { BodyView, HeadersView, RequestView, ResponseView, UrlView } from '@lazuli/expressions';
import type { Exchange, ExchangeResponse } from '../exchange.ts';
import type { MessageBody } from '../http/body.ts';
import type { HeaderList } from '../http/header-list.ts';

/** `context.Request`. */
export class RequestMessageView implements RequestView {
  readonly #exchange: Exchange;
  readonly headers: HeadersView;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
    this.headers = exchange.request.headers;
  }

  get method(): string {
    return this.#exchange.request.method;
  }

  get originalUrl(): UrlView {
    const { scheme, host, port, path, query } = this.#exchange.request.originalUrl;
    return { scheme, host, port, path, queryString: query === '' ? '' : `?${query}` };
  }

  /** Until there is a backend's base URL, scheme, host and port are the caller's. */
  get url(): UrlView {
    const { url, originalUrl } = this.#exchange.request;
    const { scheme, host, port } = url.base ?? originalUrl;
    const path = `${url.base?.path ?? ''}${url.path}` || '/';
    return { scheme, host, port, path, queryString: url.query === '' ? '' : `?${url.query}` };
  }

  get body(): BodyView | null {
    const { body, headers } = this.#exchange.request;
    return body && bodyView(body, headers);
  }

  get ipAddress(): string {
    return this.#exchange.request.ipAddress;
  }

  get certificate(): Uint8Array | null {
    return this.#exchange.request.certificate();
  }

  get matchedParameters(): ReadonlyMap<string, string> {
    return this.#exchange.match.matchedParameters;
  }
}

/** `context.Response`, of the response that is there when it is asked for. */
export class ResponseMessageView implements ResponseView {
  readonly #response: ExchangeResponse;

  constructor(response: ExchangeResponse) {
    this.#response = response;
  }

  get statusCode(): number {
    return this.#response.status;
  }

  get statusReason(): string {
    return this.#response.reason;
  }

  get headers(): HeadersView {
    return this.#response.headers;
  }

  get body(): BodyView | null {
    return this.#response.body && bodyView(this.#response.body, this.#response.headers);
  }
}

function bodyView(body: MessageBody, headers: HeaderList): BodyView {
  return {
    bytes() {
      const { buffered } = body;
      if (!buffered) throw new TypeError('The body was not buffered before an expression read it.');
      return buffered;
    },
    consume: () => body.consume(),
    get charset() {
      return charsetOf(headers.get('Content-Type'));
    },
  };
}

/** The `charset` parameter of a media type (RFC 9110, section 8.3.2). */
export function charsetOf(contentType: string | undefined): string | null {
  const match = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(contentType ?? '');
  return match?.[1] ?? match?.[2] ?? null;
}
