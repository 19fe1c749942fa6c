import type { PolicyCompiler, PreflightAnswer, Value } from '../compile/policy-compiler.ts';
import type { PolicyElement } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import { HeaderList } from '../http/header-list.ts';
import { isToken } from '../message/header-rules.ts';
import type { ChildSchema, PolicyDefinition } from '../schema/definition.ts';
import { reportRepetition } from '../schema/only-once.ts';

const list = (
  name: string,
  item: string,
  min: number,
  attributes: ChildSchema['element']['attributes'] = {},
): ChildSchema => ({
  name,
  min,
  max: 1,
  element: {
    attributes,
    children: {
      kind: 'sequence',
      items: [
        {
          name: item,
          min: 1,
          max: Number.POSITIVE_INFINITY,
          element: { attributes: {}, text: { required: true, expression: true } },
        },
      ],
    },
  },
});

/** Cross-origin resource sharing: answers preflights, and lets browsers of allowed origins read the responses. */
export const cors: PolicyDefinition = {
  name: 'cors',
  sections: ['inbound'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      'allow-credentials': { type: 'boolean', default: 'false', expression: true },
      'terminate-unmatched-request': { type: 'boolean', default: 'true', expression: true },
    },
    children: {
      kind: 'all',
      items: [
        list('allowed-origins', 'origin', 1),
        list('allowed-methods', 'method', 0, {
          'preflight-result-max-age': { type: 'int', default: '0', expression: true, min: 0 },
        }),
        list('allowed-headers', 'header', 0),
        list('expose-headers', 'header', 0),
      ],
    },
  },
  validate(element, compiler) {
    reportRepetition(element, compiler, 'section');
    for (const [parent, item] of [
      ['allowed-methods', 'method'],
      ['allowed-headers', 'header'],
      ['expose-headers', 'header'],
    ] as const) {
      const one = compiler.child(element, parent);
      for (const child of one ? compiler.children(one, item) : []) {
        const text = child.text?.kind === 'literal' ? child.text.text.trim() : '*';
        if (!isToken(text)) compiler.report(child, `'${text}' is not a valid ${item} name.`, child.text?.at);
      }
    }
    const origins = compiler.child(element, 'allowed-origins');
    for (const child of origins ? compiler.children(origins, 'origin') : []) {
      const text = child.text?.kind === 'literal' ? child.text.text.trim() : '*';
      // Only a warning: such an entry allows nobody, and it may be a placeholder that deployment fills in.
      if (text !== '*' && text !== 'null' && !child.text?.unresolved && normalOrigin(text) === undefined)
        compiler.warn(
          child,
          `'${text}' is not an origin; expected '*' or a scheme, host and port such as https://example.com.`,
          child.text?.at,
        );
    }
  },
  compile(element, compiler) {
    const settings = compileSettings(element, compiler);
    compiler.onPreflight((exchange) =>
      exchange.request.method === 'OPTIONS' ? answerPreflight(exchange, settings) : 'unmatched',
    );
    return (exchange) => {
      const origin = exchange.request.headers.get('Origin');
      if (origin === undefined) return undefined;
      const allowed = allowedOrigin(exchange, settings, origin);
      if (allowed === null) {
        const { method } = exchange.request;
        if ((method !== 'GET' && method !== 'HEAD') || !settings.terminate.get(exchange)) return undefined;
        exchange.response = emptyAnswer();
        return 'respond';
      }
      exchange.atEnd.push(() => {
        if (exchange.response) allowResponse(exchange, settings, allowed, exchange.response.headers);
      });
      return undefined;
    };
  },
  notes:
    "terminate-unmatched-request is true by default: Azure's page says both, and this is how its gateways have behaved: a preflight, GET or HEAD from an origin that is not allowed gets an empty 200. With allow-credentials and the origin '*' the caller's origin is named, because browsers refuse '*' then. `Vary: Origin` is added whenever the answer depends on the origin.",
};

interface Settings {
  readonly origins: readonly Value<string | null>[];
  /** Null: the element is absent. */
  readonly methods: readonly Value<string | null>[] | null;
  readonly headers: readonly Value<string | null>[] | null;
  readonly exposed: readonly Value<string | null>[];
  readonly maxAge: Value<number> | null;
  readonly credentials: Value<boolean>;
  readonly terminate: Value<boolean>;
}

function compileSettings(element: PolicyElement, compiler: PolicyCompiler): Settings {
  const texts = (parent: string, item: string) => {
    const one = compiler.child(element, parent);
    return one ? compiler.children(one, item).map((child) => compiler.text(child)) : null;
  };
  const methods = compiler.child(element, 'allowed-methods');
  return {
    origins: texts('allowed-origins', 'origin') ?? [],
    methods: texts('allowed-methods', 'method'),
    headers: texts('allowed-headers', 'header'),
    exposed: texts('expose-headers', 'header') ?? [],
    maxAge: methods ? compiler.int(methods, 'preflight-result-max-age') : null,
    credentials: compiler.boolean(element, 'allow-credentials'),
    terminate: compiler.boolean(element, 'terminate-unmatched-request'),
  };
}

/** What `Access-Control-Allow-Origin` says to this origin; null when it is not allowed. */
function allowedOrigin(exchange: Exchange, settings: Settings, origin: string): string | null {
  const wanted = normalOrigin(origin) ?? origin;
  let isAllowed = false;
  for (const value of settings.origins) {
    const text = value.get(exchange)?.trim() ?? '';
    if (text === '*') {
      if (!settings.credentials.get(exchange)) return '*';
      isAllowed = true;
    } else if ((normalOrigin(text) ?? text) === wanted) isAllowed = true;
  }
  return isAllowed ? origin : null;
}

function answerPreflight(exchange: Exchange, settings: Settings): PreflightAnswer {
  const request = exchange.request.headers;
  const allowed = allowedOrigin(exchange, settings, request.get('Origin') ?? '');
  if (allowed === null) {
    if (!settings.terminate.get(exchange)) return 'unmatched';
    exchange.response = emptyAnswer();
    return 'answered';
  }
  const answer = emptyAnswer();
  const { headers } = answer;
  allowOrigin(exchange, settings, allowed, headers);
  const methods = texts(exchange, settings.methods) ?? ['GET', 'POST'];
  const asked = request.get('Access-Control-Request-Method') ?? '';
  headers.set('Access-Control-Allow-Methods', methods.includes('*') && isToken(asked) ? asked : methods.join(','));
  const wanted = request.getAll('Access-Control-Request-Headers')?.join(',');
  const allowedHeaders = texts(exchange, settings.headers) ?? [];
  if (!allowedHeaders.includes('*')) {
    if (allowedHeaders.length > 0) headers.set('Access-Control-Allow-Headers', allowedHeaders.join(','));
  } else if (wanted) headers.set('Access-Control-Allow-Headers', wanted);
  headers.set('Access-Control-Max-Age', String(settings.maxAge?.get(exchange) ?? 0));
  exchange.response = answer;
  return 'answered';
}

function allowResponse(exchange: Exchange, settings: Settings, allowed: string, headers: HeaderList): void {
  allowOrigin(exchange, settings, allowed, headers);
  const exposed = texts(exchange, settings.exposed) ?? [];
  if (exposed.length > 0) headers.set('Access-Control-Expose-Headers', exposed.join(','));
}

function allowOrigin(exchange: Exchange, settings: Settings, allowed: string, headers: HeaderList): void {
  headers.set('Access-Control-Allow-Origin', allowed);
  if (settings.credentials.get(exchange)) headers.set('Access-Control-Allow-Credentials', 'true');
  if (allowed === '*') return;
  const vary = headers.getAll('Vary') ?? [];
  const isThere = vary.some((line) => line.split(',').some((name) => /^(\*|origin)$/i.test(name.trim())));
  if (!isThere) headers.set('Vary', [...vary, 'Origin'].join(', '));
}

const texts = (exchange: Exchange, values: readonly Value<string | null>[] | null): string[] | null =>
  values?.map((value) => value.get(exchange)?.trim() ?? '').filter(isToken) ?? null;

const emptyAnswer = () => ({ status: 200, reason: 'OK', headers: new HeaderList(), body: null });

/** Scheme, host and port in their normal form: default ports dropped, letters lower. Undefined when it is no origin. */
function normalOrigin(text: string): string | undefined {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#@\s]+)\/?$/i.exec(text);
  if (!match) return undefined;
  const scheme = (match[1] as string).toLowerCase();
  const host = (match[2] as string).toLowerCase();
  if (scheme === 'https') return `https://${host.replace(/:443$/, '')}`;
  return `${scheme}://${scheme === 'http' ? host.replace(/:80$/, '') : host}`;
}
