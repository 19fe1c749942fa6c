import { holderElement, textElement } from '../schema/child-schemas.ts';
import type { AttributeSchema, ChildSchema } from '../schema/definition.ts';

const unbounded = Number.POSITIVE_INFINITY;
const text: AttributeSchema = { type: 'string', expression: true };

/** A list of texts, such as `audiences/audience`. */
export const textList = (name: string, item: string): ChildSchema =>
  holderElement(name, [textElement(item, { required: true })]);

export const openIdConfigElement: ChildSchema = {
  name: 'openid-config',
  min: 0,
  max: unbounded,
  element: {
    attributes: {
      url: { ...text, required: true, nonEmpty: true },
      host: { ...text, note: 'undocumented: Host header of the requests' },
      'validate-connectivity': { type: 'boolean', default: 'true', expression: false },
    },
  },
};

const key = (attributes: readonly string[]): ChildSchema => ({
  name: 'key',
  min: 0,
  max: unbounded,
  element: {
    attributes: Object.fromEntries(attributes.map((name) => [name, text])),
    text: { required: false, expression: true },
  },
});

export const signingKeysElements: readonly ChildSchema[] = [
  textList('issuer-signing-tokens', 'token'),
  {
    name: 'issuer-signing-keys',
    min: 0,
    max: 1,
    element: {
      attributes: {},
      children: {
        kind: 'all',
        items: [
          key(['id', 'certificate-id', 'n', 'e']),
          {
            name: 'zumo-master-key',
            min: 0,
            max: unbounded,
            element: { attributes: { id: text }, text: { required: true, expression: true } },
          },
        ],
      },
    },
  },
];

export const decryptionKeysElement: ChildSchema = holderElement('decryption-keys', [
  { ...key(['id', 'certificate-id']), min: 1 },
]);

export const requiredClaimsElement: ChildSchema = holderElement('required-claims', [
  {
    name: 'claim',
    min: 0,
    max: unbounded,
    element: {
      attributes: {
        name: { ...text, required: true, nonEmpty: true },
        match: { type: 'enum', values: ['all', 'any'], default: 'all', expression: true },
        separator: text,
      },
      children: { kind: 'sequence', items: [textElement('value', { required: false })] },
    },
  },
]);
