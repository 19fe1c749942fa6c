import type { Exchange } from '../exchange.ts';
import { messageOf } from '../message/response-of.ts';
import { rewriteText } from '../message/rewrite-text.ts';
import type { PolicyDefinition } from '../schema/definition.ts';
import { reportRepetition } from '../schema/only-once.ts';

/** Makes links in the body go through the gateway (outbound), or from the gateway to the backend (inbound). */
export const redirectContentUrls: PolicyDefinition = {
  name: 'redirect-content-urls',
  sections: ['inbound', 'outbound'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: { attributes: {} },
  validate(element, compiler) {
    reportRepetition(element, compiler, 'section');
  },
  compile(_element, compiler) {
    const which = messageOf(compiler.section);
    compiler.reads(which);
    const step = rewriteText(which, (exchange, text) => {
      const change = redirection(exchange, which);
      const changed = change?.(text);
      return changed === undefined || changed === text ? null : { text: changed };
    });
    if (which === 'request') return step;
    return (exchange) => {
      const location = exchange.response?.headers.get('Location');
      const change = location === undefined ? null : redirection(exchange, which);
      if (location !== undefined && change) exchange.response?.headers.set('Location', change(location));
      return step(exchange);
    };
  },
  notes:
    "The backend's URL is where the request was sent (the API's service URL or set-backend-service); the gateway's is scheme and host as the caller wrote them, with the API's path. A URL counts where it ends at a path, a query or the end of a word, whatever the case of its host. Location is rewritten too (the page and the editor's schema disagree).",
};

/** Null when there is no backend URL to replace. */
function redirection(exchange: Exchange, which: 'request' | 'response'): ((text: string) => string) | null {
  const { base } = exchange.request.url;
  if (!base) return null;
  const { scheme, host, port } = exchange.request.originalUrl;
  const apiPath = pathOfApi(exchange);
  const backend = { ...base, scheme: base.scheme === 'wss' ? 'https' : base.scheme === 'ws' ? 'http' : base.scheme };
  const gateway = { scheme, host, port, path: apiPath };
  const [from, to] = which === 'response' ? [backend, gateway] : [gateway, backend];
  const target = urlText(to);
  const pattern = urlPattern(from);
  return (text) =>
    text.replace(pattern, (_match, scheme: string) => (scheme.includes('\\/') ? escaped(target) : target));
}

interface Place {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  /** Without a slash at the end. */
  readonly path: string;
}

/** The caller's path without the part that belongs to the operation. */
function pathOfApi(exchange: Exchange): string {
  const { path } = exchange.request.originalUrl;
  const { operationPath } = exchange.match;
  const own = path.endsWith(operationPath) ? path.slice(0, path.length - operationPath.length) : path;
  return own.replace(/\/+$/, '');
}

function urlText({ scheme, host, port, path }: Place): string {
  const standard = port === (scheme === 'https' ? 443 : 80);
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}${standard ? '' : `:${port}`}${path}`;
}

/** JSON may write a slash as `\/`. */
const escaped = (url: string): string => url.replaceAll('/', '\\/');

function urlPattern({ scheme, host, port, path }: Place): RegExp {
  const quote = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('/', '\\\\?/');
  const standard = port === (scheme === 'https' ? 443 : 80);
  const name = quote(host.includes(':') ? `[${host}]` : host);
  const portText = standard ? `(?::${port})?` : `:${port}`;
  return new RegExp(`((?i:${scheme}):\\\\?/\\\\?/)(?i:${name})${portText}${quote(path)}(?![\\w.:%~-])`, 'g');
}
