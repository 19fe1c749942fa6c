import { charge } from '../budget.ts';
import { JArray, JConstructor, JProperty, type JToken } from './token.ts';

/** `JToken.Path`, e.g. `orders[0].lines['a.b']`. */
export function writePath(token: JToken): string {
  const positions: (string | number)[] = [];
  for (let at: JToken | null = token; at; at = at.parent) {
    charge();
    if (at instanceof JProperty) positions.push(at.name);
    else if (at.parent instanceof JArray || at.parent instanceof JConstructor) positions.push(at.index);
  }
  return joinPath(positions.reverse());
}

export function joinPath(positions: readonly (string | number)[]): string {
  let path = '';
  for (const position of positions) {
    if (typeof position === 'number') path += `[${position}]`;
    else if (special.test(position)) path += `['${escapeName(position)}']`;
    else path += path === '' ? position : `.${position}`;
  }
  return path;
}

// JsonPosition.SpecialCharacters
const special = /[. '/"[\]()\t\n\r\f\b\\\u0085\u2028\u2029]/;

function escapeName(name: string): string {
  return name.replace(/[\\'\t\n\r\f\b\u0085\u2028\u2029]/g, (character) => nameEscapes[character] ?? character);
}

const nameEscapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\f': '\\f',
  '\b': '\\b',
  '\u0085': '\\u0085',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};
