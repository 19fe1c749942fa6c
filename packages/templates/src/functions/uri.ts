import { isObject, type JsonValue, newObject, property } from '../json/values.ts';
import { objectArgument, scalarText, stringArgument } from './arguments.ts';
import { eager, type FunctionCall, type FunctionGroup } from './definition.ts';

/** The functions for URIs, "String functions for ARM templates". */
export const uriFunctions: FunctionGroup = {
  buildUri: eager(1, 1, buildUri),
  dataUri: eager(1, 1, (args, call) => {
    return `data:text/plain;charset=utf8;base64,${Buffer.from(stringArgument(args, 0, call), 'utf8').toString('base64')}`;
  }),
  dataUriToString: eager(1, 1, dataUriToString),
  parseUri: eager(1, 1, (args, call) => parseUri(stringArgument(args, 0, call), call)),
  uri: eager(2, 2, (args, call) => combine(stringArgument(args, 0, call), stringArgument(args, 1, call), call)),
  uriComponent: eager(1, 1, (args, call) => escapeData(stringArgument(args, 0, call))),
  uriComponentToString: eager(1, 1, (args, call) => unescapeData(stringArgument(args, 0, call))),
};

function combine(base: string, relative: string, call: FunctionCall): string {
  try {
    return new URL(relative, base).href;
  } catch {
    throw call.error(`'${base}' and '${relative}' make no valid URI`);
  }
}

/** .NET's `Uri.EscapeDataString`: all but the unreserved characters of RFC 3986. */
function escapeData(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Decodes what is validly escaped and leaves the rest. */
function unescapeData(text: string): string {
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });
}

function dataUriToString(args: JsonValue[], call: FunctionCall): string {
  const parts = /^data:([^,]*),([\s\S]*)$/i.exec(stringArgument(args, 0, call));
  if (!parts) throw call.error('the input is not a valid data URI');
  const [, head, data] = parts;
  return /;base64$/i.test(head!) ? Buffer.from(data!, 'base64').toString('utf8') : unescapeData(data!);
}

function parseUri(text: string, call: FunctionCall): JsonValue {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw call.error(`'${text}' is not a valid absolute URI`);
  }
  const scheme = url.protocol.slice(0, -1);
  const defaultPort = scheme === 'https' ? 443 : scheme === 'http' ? 80 : -1;
  return Object.assign(newObject(), {
    scheme,
    host: url.hostname,
    port: url.port === '' ? defaultPort : Number(url.port),
    path: url.pathname,
    query: url.search,
  });
}

function buildUri(args: JsonValue[], call: FunctionCall): string {
  const parts = objectArgument(args, 0, call);
  const part = (name: string): string | undefined => {
    const value = property(parts, name);
    if (value === undefined || value === null) return undefined;
    if (isObject(value) || Array.isArray(value))
      throw call.error(`the property '${name}' must be a string or a number`);
    return scalarText(value, 0, call);
  };
  const scheme = part('scheme');
  const host = part('host');
  if (!scheme || !host) throw call.error("the object must have the properties 'scheme' and 'host'");
  const port = part('port');
  const path = part('path') ?? '';
  const query = part('query') ?? '';
  const address = `${scheme}://${host}${port === undefined || port === '-1' ? '' : `:${port}`}`;
  const fullPath = path === '' || path.startsWith('/') ? path : `/${path}`;
  const fullQuery = query === '' || query.startsWith('?') ? query : `?${query}`;
  return combine(address, `${fullPath}${fullQuery}` || '/', call);
}
