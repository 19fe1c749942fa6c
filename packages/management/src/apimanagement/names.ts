import type { NameRule } from '../contract.ts';

/** Identifiers of most resources: "alphanumerics and hyphens, start with letter, end with alphanumeric" is what Azure's pages say; its service takes more. */
export const identifier: NameRule = {
  pattern: /^[^*#&+:<>?/\\%]{1,80}$/,
  says: '1 to 80 characters other than * # & + : < > ? / \\ %',
};

/** API and product identifiers are longer; an API's may end with its revision. */
export const longIdentifier: NameRule = {
  pattern: /^[^*#&+:<>?/\\%]{1,256}$/,
  says: '1 to 256 characters other than * # & + : < > ? / \\ %',
};

export const serviceName: NameRule = {
  pattern: /^[A-Za-z](?:[A-Za-z0-9-]{0,48}[A-Za-z0-9])?$/,
  says: '1 to 50 letters, digits and hyphens, beginning with a letter and ending with a letter or digit',
};

export const only = (...names: readonly [string, ...string[]]): NameRule => ({
  only: names,
  says: names.length === 1 ? `'${names[0]}'` : `one of ${names.map((name) => `'${name}'`).join(', ')}`,
});
