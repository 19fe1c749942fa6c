import type { Query } from '../contract.ts';

/** Parses the part of a request target behind `?`. */
export function parseQuery(text: string): Query {
  const entries = [...new URLSearchParams(text)];
  return {
    entries,
    get(name) {
      const wanted = name.toLowerCase();
      return entries.find(([key]) => key.toLowerCase() === wanted)?.[1];
    },
  };
}

/** The same with one parameter set; spelling and order of the others stay. */
export function withParameter(query: Query, name: string, value: string): string {
  const others = query.entries.filter(([key]) => key.toLowerCase() !== name.toLowerCase());
  return [...others, [name, value] as const]
    .map(([key, one]) => `${encodeKey(key)}=${encodeURIComponent(one)}`)
    .join('&');
}

/** `$skipToken` stays readable. */
function encodeKey(key: string): string {
  return encodeURIComponent(key).replaceAll('%24', '$');
}
