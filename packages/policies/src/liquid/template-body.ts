import { PlainDate } from '@lazuli/expressions';
import { type JsonNode, JsonSyntaxError, lineAndPosition, readJson } from '../json/json-tree.ts';
import { transformationFailure } from '../message/body-text.ts';
import { isJsonType, isXmlType } from '../message/media-type.ts';
import { readXml, textOf, type XmlElement, XmlSyntaxError } from '../xml/xml-tree.ts';
import { findByName, lookup } from './lookup.ts';

export interface BodyOptions {
  readonly xsiNil: 'blank' | 'null';
  readonly parseDate: boolean;
}

/**
 * What a template knows as `body`: the JSON or XML of a message, by its content type; undefined for any other.
 * @throws {PolicyError} TransformationFailure when the text is not what the content type says.
 */
export function templateBody(text: string, contentType: string | undefined, options: BodyOptions): unknown {
  try {
    if (isJsonType(contentType)) return jsonValue(readJson(text), options);
    if (!isXmlType(contentType)) return undefined;
    const { root } = readXml(text);
    return elementLookup([root], '', options, () => textOf(root));
  } catch (error) {
    if (error instanceof JsonSyntaxError) {
      const { line, position } = lineAndPosition(text, error.offset);
      throw transformationFailure(
        `The message body is not valid JSON. ${error.message}. Line ${line}, position ${position}.`,
        error,
      );
    }
    if (error instanceof XmlSyntaxError)
      throw transformationFailure(
        `The message body is not valid XML. ${error.message}. Line ${error.line}, position ${error.position}.`,
        error,
      );
    throw error;
  }
}

/** The name of the element that a value of a template stands for, or undefined. */
export const elementNameOf = (value: unknown): string | undefined =>
  typeof value === 'object' && value !== null ? elementNames.get(value) : undefined;

const elementNames = new WeakMap<object, string>();

function jsonValue(node: JsonNode, options: BodyOptions): unknown {
  switch (node.kind) {
    case 'object':
      return Object.fromEntries([...node.members].map(([name, value]) => [name, jsonValue(value, options)]));
    case 'array':
      return node.items.map((item) => jsonValue(item, options));
    case 'string':
      return (options.parseDate ? PlainDate.fromJsonText(node.value) : undefined) ?? node.value;
    case 'number': {
      const number = Number(node.text);
      // A long number keeps its digits as text.
      return /^-?\d+$/.test(node.text) && !Number.isSafeInteger(number) ? node.text : number;
    }
    case 'boolean':
      return node.value;
    case 'null':
      return null;
  }
}

const xsi = 'http://www.w3.org/2001/XMLSchema-instance';

function elementValue(element: XmlElement, options: BodyOptions): unknown {
  const isNil = element.attributes.some(
    ({ local, namespace, value }) => local === 'nil' && namespace === xsi && /^(true|1)$/.test(value),
  );
  if (isNil) return options.xsiNil === 'null' ? null : '';
  const elements = childrenOf(element);
  if (elements.length === 0 && ownAttributes(element).length === 0) return textOf(element);
  return elementLookup(elements, element.local, options, () => textOf(element), element);
}

/** Children by local name, several of one name as an array; then attributes, also as `@name`. */
function elementLookup(
  elements: readonly XmlElement[],
  name: string,
  options: BodyOptions,
  text: () => string,
  owner?: XmlElement,
): object {
  const groups = new Map<string, XmlElement[]>();
  for (const element of elements) {
    const group = groups.get(element.local);
    if (group) group.push(element);
    else groups.set(element.local, [element]);
  }
  const values = new Map<string, unknown>();
  const attributes = new Map(owner ? ownAttributes(owner).map((one) => [one.local, one.value]) : []);
  const read = (key: string): unknown => {
    const group = findByName(groups, key);
    if (!group) return findByName(attributes, key.replace(/^@/, ''));
    const [only] = group;
    return group.length === 1 && only
      ? elementValue(only, options)
      : group.map((element) => elementValue(element, options));
  };
  const made = lookup({
    find(key) {
      if (!values.has(key)) values.set(key, read(key));
      return values.get(key);
    },
    names: () => [...groups.keys()],
    text,
    // A leaf is a collection of itself, so that one item is treated as several are.
    items: () =>
      elements.length === 0 ? [made] : elements.map((element) => named(elementValue(element, options), element)),
  });
  if (name !== '') elementNames.set(made, name);
  return made;
}

/** A text of its own object when it goes through a loop, so that the loop can ask for the element's name. */
function named(value: unknown, element: XmlElement): unknown {
  if (typeof value !== 'string') return value;
  const made = lookup({ find: () => undefined, names: () => [], text: () => value, items: () => [made] });
  elementNames.set(made, element.local);
  return made;
}

const childrenOf = ({ nodes }: XmlElement): XmlElement[] => nodes.filter((node) => node.kind === 'element');

/** Namespace declarations and `xsi:type` say nothing that a template wants. */
const ownAttributes = ({ attributes }: XmlElement) =>
  attributes.filter(({ name, namespace }) => name !== 'xmlns' && !name.startsWith('xmlns:') && namespace !== xsi);
